"""Tables and views of the journal (docs/journal.md). A change needs a new VERSION."""

from __future__ import annotations

VERSION = 2

# Statements end with a semicolon at the end of a line.
SCHEMA = """
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    command TEXT NOT NULL,
    exercises TEXT NOT NULL,
    skip TEXT NOT NULL,
    tier TEXT NOT NULL,
    key TEXT NOT NULL,
    engine TEXT NOT NULL
);
CREATE TABLE submission (
    student TEXT PRIMARY KEY,
    present INTEGER NOT NULL,
    notes TEXT NOT NULL DEFAULT '[]',
    submitted_at TEXT,
    clock TEXT NOT NULL DEFAULT '',
    late INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    identity TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE INDEX source_by_identity ON source (identity);
CREATE TABLE entry (
    student TEXT NOT NULL REFERENCES submission,
    exercise TEXT NOT NULL,
    source INTEGER REFERENCES source,
    submitted TEXT,
    path TEXT,
    refused TEXT,
    PRIMARY KEY (student, exercise)
) WITHOUT ROWID;
CREATE TABLE suite (
    id INTEGER PRIMARY KEY,
    exercise TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    environment TEXT NOT NULL,
    parts TEXT NOT NULL,
    UNIQUE (exercise, sha256, environment)
);
CREATE TABLE record (
    id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES source,
    suite INTEGER NOT NULL REFERENCES suite,
    status TEXT NOT NULL,
    score REAL NOT NULL,
    max_score REAL NOT NULL,
    lines INTEGER NOT NULL,
    seconds REAL NOT NULL,
    at TEXT NOT NULL,
    report TEXT NOT NULL
);
CREATE UNIQUE INDEX verdict ON record (source, suite) WHERE status <> 'broken';
CREATE INDEX record_by_source ON record (source, suite);
CREATE TABLE grade (
    id INTEGER PRIMARY KEY,
    student TEXT NOT NULL REFERENCES submission,
    exercise TEXT NOT NULL,
    record INTEGER REFERENCES record,
    status TEXT NOT NULL,
    score REAL NOT NULL,
    max_score REAL NOT NULL,
    submitted TEXT,
    path TEXT,
    refused TEXT,
    run INTEGER NOT NULL REFERENCES run
);
CREATE INDEX grade_by_student ON grade (student, exercise, id);
CREATE VIEW standing AS
    SELECT * FROM grade AS g
    WHERE id = (SELECT MAX(id) FROM grade WHERE student = g.student AND exercise = g.exercise);
"""

# Tables of one run. current: each student's answer, with its verdict under the run's terms, if any; fault: the record
# of the latest failed attempt. outcome: the resulting grades, without the answers that are still to be graded.
WORKING = """
CREATE TEMP TABLE asked (
    position INTEGER PRIMARY KEY,
    exercise TEXT NOT NULL,
    max_score REAL NOT NULL,
    suite INTEGER NOT NULL
);
CREATE TEMP TABLE chosen (student TEXT PRIMARY KEY);
CREATE TEMP TABLE given_up (identity TEXT, suite INTEGER, PRIMARY KEY (identity, suite));
CREATE TEMP TABLE todo (id INTEGER PRIMARY KEY, exercise TEXT, source INTEGER, suite INTEGER);
CREATE TEMP VIEW current AS
    SELECT c.student, a.position, a.exercise, a.suite, a.max_score, e.student IS NOT NULL AS known,
        e.source, e.submitted, e.path, e.refused, t.identity, t.sha256, COALESCE(
            (SELECT id FROM record WHERE source = e.source AND suite = a.suite AND status <> 'broken'),
            (SELECT MIN(r.id) FROM source AS u JOIN record AS r ON r.source = u.id
                WHERE u.identity = t.identity AND r.suite = a.suite AND r.status <> 'broken' AND NOT r.lines)
        ) AS verdict,
        (SELECT MAX(r.id) FROM source AS u JOIN record AS r ON r.source = u.id
            WHERE u.identity = t.identity AND r.suite = a.suite AND r.status = 'broken') AS fault
    FROM chosen AS c CROSS JOIN asked AS a
        LEFT JOIN entry AS e ON e.student = c.student AND e.exercise = a.exercise
        LEFT JOIN source AS t ON t.id = e.source;
CREATE TEMP VIEW outcome AS
    SELECT c.student, c.position, c.exercise, c.submitted, c.path, c.refused, r.id AS record,
        COALESCE(r.score, 0.0) AS score, COALESCE(r.max_score, c.max_score) AS max_score, CASE
            WHEN r.id IS NOT NULL THEN r.status
            WHEN c.refused IS NOT NULL THEN 'error'
            ELSE 'skipped'
        END AS status
    FROM current AS c LEFT JOIN record AS r ON r.id = COALESCE(c.verdict, c.fault)
    WHERE r.id IS NOT NULL OR c.refused IS NOT NULL OR c.known AND c.source IS NULL;
"""
