-- projects: every mention of a named undertaking.
-- key: article_id, span_start
-- article_id: the release
-- span_start: where it begins in articles.text, in code points
-- span_end: where it ends (not included)
-- surface: the words as they stand: articles.text[span_start:span_end]
-- name: the proper name, without trigger word and quotation marks
-- kind: project, policy, campaign, plan, agreement or system
-- programme_id: key into programmes: the reviewed list's where it knows the name, else made from the name
SELECT
    v.article_id,
    m.span_start,
    m.span_end,
    m.surface,
    m.name,
    m.kind,
    coalesce(m.programme_id, 'x-' || left(sha256(lower(regexp_replace(m.name, '\s', '', 'g'))), 12)) AS programme_id
FROM _versions AS v
JOIN extracted AS e ON e.capture_id = v.capture_id AND e.segment = v.segment,
    unnest(e.projects) AS t (m)
WHERE v.is_latest
ORDER BY v.article_id, m.span_start, m.span_end
