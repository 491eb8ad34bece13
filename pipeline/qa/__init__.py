"""How the items of qa.toml are seen in a call: conditions over words, sound and findings."""
