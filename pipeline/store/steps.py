"""Steps of migrations.py: appeals; what search and figures need; what became of the drafts."""

APPEALS = """
CREATE TABLE appeals (               -- 申诉: an agent against a QA item; rows are only added
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    item TEXT NOT NULL,              -- of qa.toml
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('filed', 'upheld', 'rejected', 'withdrawn')),
    against TEXT NOT NULL,           -- the verdict that stood when it was filed
    reason TEXT
) STRICT;
CREATE INDEX appeals_recording ON appeals (sha256, item);
CREATE TRIGGER appeals_kept BEFORE DELETE ON appeals BEGIN
    SELECT raise(ABORT, 'appeals are append-only');
END;
CREATE TRIGGER appeals_fixed BEFORE UPDATE ON appeals
WHEN new.id IS NOT old.id OR new.sha256 IS NOT old.sha256 OR new.item IS NOT old.item
  OR new.at IS NOT old.at OR new.who IS NOT old.who OR new.state IS NOT old.state
  OR new.against IS NOT old.against OR new.reason IS NOT NULL
BEGIN                                -- words may be erased, nothing may be rewritten
    SELECT raise(ABORT, 'appeals are append-only');
END;
"""

# What is counted and chosen by, of each call's valid result, in columns of one narrow row:
# reading it out of the results' JSON takes a hundred times as long. Kept by triggers, so that
# whatever writes a recording or a result keeps it true.
_FOUND = """
    SELECT recordings.sha256, coalesce(recordings.started_at, '') AS started_at,
        recordings.agent_id, recordings.shift,
        json_extract(metadata, '$.region') AS region, recordings.seconds, results.status,
        CASE WHEN results.status <> 'failed' THEN results.outcome END AS outcome,
        json_extract(result, '$.call.scope.reason') AS reason, results.request_type,
        results.department, json_extract(result, '$.call.domain.value') AS domain,
        json_extract(result, '$.call.district.value') AS district, results.urgency,
        json_extract(result, '$.call.emotion_end.value') AS emotion, results.abuse,
        json_extract(result, '$.call.abuse.who') AS abusers,
        coalesce((SELECT json_group_array(json_array(json_extract(value, '$.item'),
            json_extract(value, '$.verdict'), json_extract(value, '$.severity')))
            FROM json_each(result, '$.call.flags')), '[]') AS flags,
        json_extract(result, '$.call.ticket.title') AS title,
        json_array_length(result, '$.call.ticket.missing') AS missing,
        json_extract(result, '$.call.ticket.missing') AS lacking,
        (SELECT json_group_array(DISTINCT CASE WHEN json_extract(value, '$.normal') <> ''
            AND (json_extract(value, '$.rule') LIKE '%.sound'
                OR json_extract(value, '$.rule') LIKE '%.near')
            THEN json_extract(value, '$.normal') ELSE json_extract(value, '$.quote') END)
            FROM json_each(result, '$.call.entities')
            WHERE json_extract(value, '$.value') = 'place') AS places,
        (SELECT json_group_array(coalesce(nullif(json_extract(value, '$.normal'), ''),
            json_extract(value, '$.quote'))) FROM json_each(result, '$.call.entities')
            WHERE json_extract(value, '$.value') = 'phone') AS phones
    FROM recordings LEFT JOIN results ON results.id = (SELECT id FROM results AS other
        WHERE other.sha256 = recordings.sha256 ORDER BY chosen DESC LIMIT 1)
"""
_COLUMNS = (
    "started_at, agent_id, shift, region, seconds, status, outcome, reason, request_type,"
    " department, domain, district, urgency, emotion, abuse, abusers, flags, title, missing,"
    " lacking, places, phones"
)
_RENEW = f"""
    UPDATE facets SET ({_COLUMNS}) =
        (SELECT {_COLUMNS} FROM facets_found WHERE sha256 = new.sha256)
        WHERE sha256 = new.sha256;
    UPDATE ticks SET n = n + 1;
    UPDATE facets SET stamp = (SELECT n FROM ticks) WHERE sha256 = new.sha256;
"""

BIGRAMS = f"""
CREATE TABLE ticks (                 -- one row: how often a row of facets changed, was erased
    n INTEGER NOT NULL,
    gone INTEGER NOT NULL
) STRICT;
INSERT INTO ticks VALUES (0, 0);
CREATE TABLE facets (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE REFERENCES recordings ON DELETE CASCADE,
    stamp INTEGER NOT NULL DEFAULT 0,  -- ticks.n when it changed last
    started_at TEXT NOT NULL DEFAULT '',
    agent_id TEXT,
    shift TEXT,
    region TEXT,
    seconds REAL,
    status TEXT,                     -- NULL: there is no result yet, nor what follows
    outcome TEXT,                    -- NULL of a failed call
    reason TEXT,
    request_type TEXT,
    department TEXT,
    domain TEXT,
    district TEXT,
    urgency TEXT,
    emotion TEXT,                    -- of the caller at the end
    abuse TEXT,
    abusers TEXT,                    -- JSON: the roles
    flags TEXT,                      -- JSON: item, verdict, severity of each
    title TEXT,                      -- of the draft ticket; NULL: there is none
    missing INTEGER,                 -- how many required fields nobody spoke of
    lacking TEXT,                    -- JSON: their labels
    places TEXT,                     -- JSON: their names
    phones TEXT                      -- JSON: numbers named in the call, to hide them
) STRICT;
CREATE INDEX facets_started ON facets (started_at, id);
CREATE INDEX facets_agent ON facets (agent_id, started_at, id);
CREATE INDEX facets_stamp ON facets (stamp);
CREATE VIEW facets_found AS {_FOUND};
INSERT INTO facets (sha256, {_COLUMNS}) SELECT sha256, {_COLUMNS} FROM facets_found;
CREATE TRIGGER facets_new AFTER INSERT ON recordings BEGIN
    INSERT INTO facets (sha256) VALUES (new.sha256);{_RENEW}END;
CREATE TRIGGER facets_told AFTER UPDATE ON recordings
WHEN new.metadata IS NOT old.metadata OR new.seconds IS NOT old.seconds
BEGIN{_RENEW}END;
CREATE TRIGGER facets_judged AFTER INSERT ON results BEGIN{_RENEW}END;
CREATE TRIGGER facets_chosen AFTER UPDATE ON results BEGIN{_RENEW}END;
-- the words of each call's newest transcript (grams.py), in place of every three characters
-- of each turn: those found no two
DROP TRIGGER turns_insert;
DROP TRIGGER turns_delete;
DROP TABLE turns_fts;
CREATE VIRTUAL TABLE spoken USING fts5(
    terms, detail='none', columnsize=0, tokenize="unicode61 remove_diacritics 0"
);
INSERT INTO spoken (rowid, terms) SELECT facets.id, terms_of(json_group_array(text))
    FROM turns JOIN facets USING (sha256) GROUP BY facets.id;
CREATE TRIGGER facets_gone AFTER DELETE ON facets BEGIN
    DELETE FROM spoken WHERE rowid = old.id;
    UPDATE ticks SET gone = gone + 1;
END;
CREATE TRIGGER turns_gone AFTER DELETE ON turns BEGIN
    DELETE FROM spoken WHERE rowid = (SELECT id FROM facets WHERE sha256 = old.sha256);
END;
"""

DISPATCH = """
CREATE TABLE dispatches (            -- what a dispatcher did with a draft; rows are only added
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    part INTEGER NOT NULL,           -- which work order of the call, from 1
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('draft', 'sent', 'returned', 'merged')),
    code TEXT,                       -- why it was returned (returns.toml)
    other TEXT,                      -- the recording whose order it was merged into
    reason TEXT
) STRICT;
CREATE INDEX dispatches_recording ON dispatches (sha256, part);
CREATE TRIGGER dispatches_kept BEFORE DELETE ON dispatches BEGIN
    SELECT raise(ABORT, 'dispatches are append-only');
END;
CREATE TRIGGER dispatches_fixed BEFORE UPDATE ON dispatches
WHEN new.id IS NOT old.id OR new.sha256 IS NOT old.sha256 OR new.part IS NOT old.part
  OR new.at IS NOT old.at OR new.who IS NOT old.who OR new.state IS NOT old.state
  OR new.code IS NOT old.code OR new.other IS NOT old.other OR new.reason IS NOT NULL
BEGIN                                -- words may be erased, nothing may be rewritten
    SELECT raise(ABORT, 'dispatches are append-only');
END;
-- the drafts, those that lack most first, read without a result's JSON
CREATE INDEX facets_drafts ON facets (missing DESC, started_at DESC, id DESC)
    WHERE title IS NOT NULL;
"""

RETENTION = """
CREATE TABLE retention (             -- days that the administrator chose
    class TEXT PRIMARY KEY CHECK (class IN ('audio', 'transcript', 'ticket', 'audit')),
    days INTEGER NOT NULL CHECK (days >= 0),
    who TEXT NOT NULL,
    at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

# `phones` holds whatever the words of the call must not show: names of people as well, but
# those that stand within a place's name (redact.py).
_QUOTE = "json_extract(one.value, '$.quote')"
_SAID = f"coalesce(nullif(json_extract(one.value, '$.normal'), ''), {_QUOTE})"
_HIDDEN = f"""
        (SELECT json_group_array({_SAID})
            FROM json_each(result, '$.call.entities') AS one
            WHERE json_extract(one.value, '$.value') = 'phone'
            OR json_extract(one.value, '$.value') = 'person' AND NOT EXISTS (
            SELECT 1 FROM json_each(result, '$.call.entities') AS site
            WHERE json_extract(site.value, '$.value') IN ('place', 'org') AND instr(
                json_extract(site.value, '$.quote') || json_extract(site.value, '$.normal'),
                {_SAID}))) AS phones
"""
NAMES = f"""
DROP VIEW facets_found;
CREATE VIEW facets_found AS {_FOUND[: _FOUND.rindex("(SELECT json_group_array(")]}{_HIDDEN}
    {_FOUND[_FOUND.rindex("FROM recordings LEFT JOIN") :]};
UPDATE facets SET phones =
    (SELECT phones FROM facets_found WHERE facets_found.sha256 = facets.sha256);
"""

PUSHES = """
CREATE TABLE pushes (                -- draft work orders that were sent to another system
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
    number INTEGER NOT NULL,         -- which of the call's orders, from 1
    target TEXT NOT NULL,            -- the address
    key TEXT NOT NULL,               -- Idempotency-Key: hash of what was sent
    state TEXT NOT NULL CHECK (state IN ('sending', 'accepted', 'refused', 'undelivered')),
    owner TEXT NOT NULL,             -- process that sends it, or did ...
    until REAL NOT NULL,             -- ... and the Unix time after which nobody waits for it
    attempts INTEGER NOT NULL DEFAULT 0,
    status INTEGER,                  -- HTTP
    reason TEXT NOT NULL DEFAULT '',
    said TEXT NOT NULL DEFAULT '',   -- by the other system about a refusal, masked
    receipt TEXT,                    -- number that the other system gave it
    at TEXT NOT NULL,
    UNIQUE (sha256, number, target, key)
) STRICT;
CREATE INDEX pushes_key ON pushes (key);
CREATE TABLE defects (               -- what is wrong with the exchange's tables: pbx.Defect
    kind TEXT NOT NULL,
    file TEXT NOT NULL,              -- numbers in it are masked
    detail TEXT NOT NULL,            -- masked, too
    tables TEXT NOT NULL,            -- that were read then: reading them again replaces it
    sha256 TEXT REFERENCES recordings ON DELETE CASCADE,
    since TEXT,                      -- calls that it concerns began from here ...
    until TEXT,                      -- ... to here
    PRIMARY KEY (kind, file, detail)
) STRICT, WITHOUT ROWID;
CREATE INDEX defects_recording ON defects (sha256);
CREATE INDEX defects_time ON defects (since, until);
"""

GONE_THROUGH = """
CREATE TABLE gone_through (          -- calls of which a push left nothing to be sent
    sha256 TEXT NOT NULL REFERENCES recordings ON DELETE CASCADE,
    target TEXT NOT NULL,            -- the address
    stamp TEXT NOT NULL,             -- as the call was then: pushes.py
    taken INTEGER NOT NULL,          -- orders that the other system has
    changed INTEGER NOT NULL,        -- and has in another version
    waiting INTEGER NOT NULL,        -- 1: the call waits for a person
    PRIMARY KEY (sha256, target)
) STRICT, WITHOUT ROWID;
"""
