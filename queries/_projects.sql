-- _projects: every mention of a named undertaking as extraction found it, before names are gathered.
-- key: article_id, span_start
-- by: article_id
-- reviewed_id: the reviewed list's programme; null where it does not know the name
SELECT
    v.article_id,
    m.span_start,
    m.span_end,
    m.surface,
    m.name,
    m.kind,
    m.programme_id AS reviewed_id
FROM _versions AS v
JOIN extracted AS e ON e.capture_id = v.capture_id,
    unnest(e.projects) AS t (m)
WHERE v.is_latest
