"""Adapters around sound and text models; nothing here knows of calls or tickets."""
