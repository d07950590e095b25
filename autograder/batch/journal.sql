CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    command TEXT NOT NULL,
    exercises TEXT NOT NULL,
    skip TEXT NOT NULL,
    tier TEXT NOT NULL,
    key TEXT NOT NULL,
    engine TEXT NOT NULL,
    assignment TEXT NOT NULL DEFAULT '',
    remarks TEXT NOT NULL DEFAULT '[]',
    mac TEXT NOT NULL DEFAULT ''
);
CREATE TABLE submission (
    student TEXT PRIMARY KEY,
    present INTEGER NOT NULL,
    notes TEXT NOT NULL DEFAULT '[]',
    submitted_at TEXT,
    clock TEXT NOT NULL DEFAULT '',
    late INTEGER NOT NULL DEFAULT 0,
    signature TEXT NOT NULL DEFAULT '',
    mac TEXT NOT NULL DEFAULT ''
);
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    identity TEXT NOT NULL,
    text TEXT NOT NULL,
    mac TEXT NOT NULL DEFAULT ''
);
CREATE INDEX source_by_identity ON source (identity);
CREATE TABLE entry (
    student TEXT NOT NULL REFERENCES submission,
    exercise TEXT NOT NULL,
    source INTEGER REFERENCES source,
    submitted TEXT,
    path TEXT,
    refused TEXT,
    signature TEXT NOT NULL DEFAULT '',
    mac TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (student, exercise)
) WITHOUT ROWID;
CREATE TABLE suite (
    id INTEGER PRIMARY KEY,
    exercise TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    environment TEXT NOT NULL,
    parts TEXT NOT NULL,
    mac TEXT NOT NULL DEFAULT '',
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
    report TEXT NOT NULL,
    mac TEXT NOT NULL DEFAULT ''
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
    run INTEGER NOT NULL REFERENCES run,
    mac TEXT NOT NULL DEFAULT ''
);
CREATE TABLE page (
    student TEXT PRIMARY KEY,
    made_of TEXT NOT NULL,
    content TEXT NOT NULL,
    files TEXT NOT NULL,
    status TEXT NOT NULL,
    row TEXT NOT NULL,
    line TEXT NOT NULL,
    summary TEXT NOT NULL,
    mac TEXT NOT NULL DEFAULT ''
);
CREATE TABLE seal (id INTEGER PRIMARY KEY, code TEXT NOT NULL);
INSERT INTO seal VALUES (1, '');
CREATE INDEX grade_by_student ON grade (student, exercise, id);
CREATE VIEW standing AS
    SELECT * FROM grade AS g
    WHERE id = (SELECT MAX(id) FROM grade WHERE student = g.student AND exercise = g.exercise);
