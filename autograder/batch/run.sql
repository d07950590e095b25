-- Tables of one run. current: each student's answer, with its verdict under the run's terms, if any; fault: the record
-- of the latest failed attempt. outcome: the resulting grades, without the answers that are still to be graded.
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
