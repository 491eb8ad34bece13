"""A city's knowledge as data: the profile's TOML files, their schema and their matching."""
