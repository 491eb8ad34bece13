"""Lingsu: recorded hotline calls in, draft tickets and QA flags out."""

__version__ = "0.1.0"
