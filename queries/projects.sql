-- projects: every mention of a named undertaking.
-- key: article_id, span_start
-- by: article_id
-- article_id: the release
-- span_start: where it begins in articles.text, in code points
-- span_end: where it ends (not included)
-- surface: the words as they stand: articles.text[span_start:span_end]
-- name: the proper name, without trigger word and quotation marks
-- kind: project, policy, campaign, plan, agreement or system
-- programme_id: key into programmes: the reviewed list's where it knows the name, else of all equal and near-equal names
SELECT
    p.article_id,
    p.span_start,
    p.span_end,
    p.surface,
    p.name,
    p.kind,
    coalesce(p.reviewed_id, i.programme_id) AS programme_id
FROM _projects AS p
LEFT JOIN _programme_ids AS i ON i.name = p.name
ORDER BY p.article_id, p.span_start, p.span_end
