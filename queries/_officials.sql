-- _officials: every mention of a person as extraction found it, before persons are told apart.
-- key: article_id, span_start
-- by: article_id
SELECT
    v.article_id,
    m.span_start,
    m.span_end,
    m.surface,
    m.title,
    m.given_name,
    m.family_name,
    m.full_name,
    m.position,
    m.office,
    m.organisation,
    m.province_code,
    m.acting,
    m.role
FROM _versions AS v
JOIN extracted AS e ON e.capture_id = v.capture_id,
    unnest(e.officials) AS t (m)
WHERE v.is_latest
