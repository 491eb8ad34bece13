"""Stub replaced by the ingest part."""
