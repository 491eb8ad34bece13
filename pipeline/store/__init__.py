"""What is known of every recording, in one SQLite file.

migrations.py holds the tables, connection.py opens the file, codec.py turns records into rows,
store.py writes what a run finds, queries.py reads; reviews.py, audit.py and erase.py keep what
people do. Only the driver of a run writes; workers never open it.
"""
