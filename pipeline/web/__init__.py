"""The review workbench: pages for people and /api/v1 for programs, over an open store.

command.py is the way in (`lingsu web`), app.py puts the rest together. A request passes
headers.py (size, host, log), guard.py (who, may they, was it they), then an endpoint of
pages/ or api/, which has a Desk (desk.py) and nothing else. The batch is not imported here,
nor does it know of this: both meet in the store.
"""
