"""The stages, one file each; pipeline/plan.py lists their order."""
