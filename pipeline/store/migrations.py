"""The tables, as numbered steps: append one, never change one that was released.

`PRAGMA user_version` counts the steps a file has gone through; tests start from each of them.
"""

import json
import sqlite3

from pipeline.store import grams, steps

APPLICATION = 0x4C535531  # "LSU1" in the file's header: tells our files from others

_RECORDINGS = """
CREATE TABLE recordings (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    path TEXT NOT NULL,              -- where its bytes were last seen
    seconds REAL NOT NULL,
    channels INTEGER NOT NULL,
    sample_rate INTEGER NOT NULL,
    codec TEXT NOT NULL,
    metadata TEXT NOT NULL,          -- records.Metadata as JSON
    digest TEXT NOT NULL,            -- of the metadata: other metadata, another judgement
    started_at TEXT,
    agent_id TEXT,
    shift TEXT,
    caller_number TEXT,
    first_seen TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX recordings_started ON recordings (started_at);
CREATE INDEX recordings_agent ON recordings (agent_id, started_at);
CREATE INDEX recordings_caller ON recordings (caller_number, started_at);
CREATE TABLE names (                 -- the same bytes may come under several names
    sha256 TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
    name TEXT NOT NULL,
    PRIMARY KEY (sha256, name)
) STRICT, WITHOUT ROWID;
CREATE TABLE transcripts (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
    hear_key TEXT NOT NULL,
    call BLOB NOT NULL,              -- HEAR's half of records.Call: JSON, deflated
    seconds TEXT NOT NULL,           -- stage times as JSON
    at TEXT NOT NULL,
    UNIQUE (sha256, hear_key)
) STRICT;
CREATE TABLE results (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
    hear_key TEXT NOT NULL,
    judge_key TEXT NOT NULL,
    chosen INTEGER NOT NULL,         -- of a recording's results the highest is the valid one
    digest TEXT NOT NULL,            -- recordings.digest when it was judged
    status TEXT NOT NULL CHECK (status IN ('ok', 'no_speech', 'failed')),
    code TEXT,                       -- of the failure
    retryable INTEGER NOT NULL DEFAULT 0,
    outcome TEXT NOT NULL,
    request_type TEXT,
    department TEXT,                 -- the lead unit
    urgency TEXT,
    abuse TEXT NOT NULL,             -- level
    review INTEGER NOT NULL,         -- flags that ask a person to look
    result TEXT NOT NULL,            -- records.CallResult as JSON without HEAR's half
    at TEXT NOT NULL,
    UNIQUE (sha256, hear_key, judge_key)
) STRICT;
CREATE INDEX results_chosen ON results (sha256, chosen);
CREATE INDEX results_keys ON results (hear_key, judge_key);
CREATE VIEW latest AS SELECT * FROM results WHERE chosen =
    (SELECT max(chosen) FROM results AS other WHERE other.sha256 = results.sha256);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started TEXT NOT NULL,
    finished TEXT,
    owner TEXT NOT NULL,             -- host, process and its start: is it still alive?
    hear_key TEXT NOT NULL,
    judge_key TEXT NOT NULL,
    asked INTEGER NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    exit TEXT                        -- done, interrupted or an error's code; NULL: cut short
) STRICT;
CREATE TABLE claims (                -- what a live run is working on: another leaves it alone
    sha256 TEXT PRIMARY KEY,
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    until REAL NOT NULL              -- Unix time after which nobody waits for it
) STRICT, WITHOUT ROWID;
"""

_SEARCH = """
CREATE TABLE turns (                 -- of a recording's newest transcript
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
    turn INTEGER NOT NULL,
    start REAL NOT NULL,
    speaker TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (sha256, turn)
) STRICT;
-- Chinese has no spaces: every three characters in a row are a term
CREATE VIRTUAL TABLE turns_fts USING fts5(
    text, content='turns', content_rowid='id', tokenize='trigram'
);
CREATE TRIGGER turns_insert AFTER INSERT ON turns BEGIN
    INSERT INTO turns_fts (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER turns_delete AFTER DELETE ON turns BEGIN
    INSERT INTO turns_fts (turns_fts, rowid, text) VALUES ('delete', old.id, old.text);
END;
"""

_PEOPLE = """
CREATE TABLE links (
    sha256 TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
    other TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
    kind TEXT NOT NULL,
    score REAL NOT NULL,
    evidence TEXT NOT NULL,
    PRIMARY KEY (sha256, other, kind)
) STRICT, WITHOUT ROWID;
CREATE TABLE users (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    password TEXT NOT NULL,          -- its hash
    created TEXT NOT NULL,
    disabled TEXT
) STRICT, WITHOUT ROWID;
CREATE TABLE reviews (               -- what people decided; no machine result touches it
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,              -- accept, change, reject
    item TEXT NOT NULL,
    old TEXT,
    new TEXT,
    reason TEXT
) STRICT;
CREATE INDEX reviews_recording ON reviews (sha256);
CREATE TRIGGER reviews_kept BEFORE DELETE ON reviews BEGIN
    SELECT raise(ABORT, 'reviews are append-only');
END;
CREATE TRIGGER reviews_fixed BEFORE UPDATE ON reviews
WHEN new.id IS NOT old.id OR new.sha256 IS NOT old.sha256 OR new.at IS NOT old.at
  OR new.who IS NOT old.who OR new.what IS NOT old.what OR new.item IS NOT old.item
  OR new.old IS NOT NULL OR new.new IS NOT NULL OR new.reason IS NOT NULL
BEGIN                                -- words may be erased, nothing may be rewritten
    SELECT raise(ABORT, 'reviews are append-only');
END;
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL,            -- JSON without personal data
    previous TEXT NOT NULL,          -- hash of the row before
    hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN
    SELECT raise(ABORT, 'the audit is append-only');
END;
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN
    SELECT raise(ABORT, 'the audit is append-only');
END;
CREATE TABLE forgotten (             -- erased on request: the next run must not bring it back
    sha256 TEXT PRIMARY KEY,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

_LINKS = """
CREATE INDEX links_other ON links (other);  -- for erasing, and to read a link from either end
CREATE TABLE link_facts (            -- of each linked call: linkrecords.Facts
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE REFERENCES recordings ON DELETE CASCADE,
    key TEXT NOT NULL,               -- of links.toml and the words; facts of one key compare
    stamp TEXT NOT NULL,             -- the key, result and metadata it was linked with
    at INTEGER,
    number TEXT NOT NULL,
    abuse TEXT NOT NULL,
    facts TEXT NOT NULL,             -- the rest, as JSON
    terms BLOB NOT NULL              -- indices of n-grams, four bytes each
) STRICT;
CREATE INDEX link_facts_number ON link_facts (number, at) WHERE number <> '';
CREATE TABLE link_blocks (           -- calls of one place and department, by time
    block TEXT NOT NULL,
    at INTEGER NOT NULL,
    fact INTEGER NOT NULL REFERENCES link_facts ON DELETE CASCADE,
    PRIMARY KEY (block, at, fact)
) STRICT, WITHOUT ROWID;
CREATE INDEX link_blocks_fact ON link_blocks (fact);
"""

_WEB = """
ALTER TABLE users ADD COLUMN agent_id TEXT;   -- whose calls an agent sees
ALTER TABLE users ADD COLUMN must_change INTEGER NOT NULL DEFAULT 0;  -- somebody else chose it
CREATE TABLE sessions (
    key TEXT PRIMARY KEY,            -- hash of the cookie
    user TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    created REAL NOT NULL,           -- Unix times
    seen REAL NOT NULL,
    address TEXT NOT NULL,
    flash TEXT                       -- what the next page says
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user);
CREATE TABLE reveals (               -- calls whose numbers a session sees in full
    session TEXT NOT NULL REFERENCES sessions ON DELETE CASCADE,
    sha256 TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
    until REAL NOT NULL,
    PRIMARY KEY (session, sha256)
) STRICT, WITHOUT ROWID;
CREATE INDEX reveals_recording ON reveals (sha256);
CREATE TABLE tokens (                -- of programs that use /api/v1
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,        -- hash of the token
    user TEXT NOT NULL REFERENCES users ON DELETE CASCADE,
    label TEXT NOT NULL,
    created TEXT NOT NULL,
    expires REAL NOT NULL,           -- Unix time
    used TEXT                        -- day of the last use
) STRICT;
CREATE INDEX tokens_user ON tokens (user);
CREATE TABLE attempts (              -- sign-ins that failed
    key TEXT NOT NULL,               -- hash of the name or of the address
    at REAL NOT NULL
) STRICT;
CREATE INDEX attempts_key ON attempts (key, at);
CREATE TABLE reports (               -- folders that `lingsu report` wrote
    folder TEXT PRIMARY KEY,
    names TEXT NOT NULL,             -- what it put into the folder, as JSON
    made TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE report_calls (
    sha256 TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
    folder TEXT NOT NULL REFERENCES reports ON DELETE CASCADE,
    PRIMARY KEY (sha256, folder)
) STRICT, WITHOUT ROWID;
CREATE INDEX report_calls_folder ON report_calls (folder);
-- the queue of calls that ask for a person, read without a result's JSON
CREATE INDEX results_asking ON results (abuse, urgency, review, sha256, chosen)
    WHERE review > 0;
CREATE INDEX results_ailing ON results (status) WHERE status <> 'ok';
CREATE INDEX audit_what ON audit (what, id);
"""


STEPS = (
    _RECORDINGS,
    _SEARCH,
    _PEOPLE,
    _LINKS,
    _WEB,
    steps.APPEALS,
    steps.BIGRAMS,
    steps.DISPATCH,
    steps.PUSHES,
    steps.NAMES,
    steps.RETENTION,
    steps.GONE_THROUGH,
)


def version(db: sqlite3.Connection) -> int:
    """How many steps the file has gone through."""
    return db.execute("PRAGMA user_version").fetchone()[0]


def migrate(db: sqlite3.Connection, *, steps: tuple[str, ...] = STEPS) -> None:
    """Bring the file up to the last step, each step whole or not at all.

    db: in autocommit mode. Two processes may open a new file at once: the count is read
    again under the lock.
    """
    db.create_function(
        "terms_of", 1, lambda texts: grams.document(json.loads(texts)), deterministic=True
    )
    while version(db) < len(steps):
        db.execute("BEGIN IMMEDIATE")
        try:
            current = version(db)
            if current < len(steps):
                for statement in statements(steps[current]):
                    db.execute(statement)
                db.execute(f"PRAGMA application_id = {APPLICATION}")
                db.execute(f"PRAGMA user_version = {current + 1}")
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")


def statements(script: str) -> list[str]:
    """The statements of a step; executescript would commit between them."""
    found, begun = [], ""
    for line in script.splitlines(keepends=True):
        begun += line
        if sqlite3.complete_statement(begun):
            found.append(begun)
            begun = ""
    return found
