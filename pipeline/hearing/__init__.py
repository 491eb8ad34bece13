"""The inner work of the HEAR stages: windows, who spoke when, turns and roles."""
