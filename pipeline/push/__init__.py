"""Sending draft work orders to another system: which, how, and what became of them."""
