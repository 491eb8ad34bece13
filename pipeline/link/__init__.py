"""Which calls belong together: one caller, one matter, one place, an apology.

facts.py takes from a judged call what is compared, score.py compares two, run.py finds whom to
compare and keeps what came of it; relations.py, dossiers.py and sheet.py tell it. The knowledge
is the profile's links.toml. Nothing here decides about a person.
"""
