-- removed: every line of site furniture that was taken out of a text before it was read.
-- by: article_id
-- article_id: the release
-- line: the line of the original at which it stood, from 1
-- reason: why it is no part of the release
-- text: what was removed
SELECT
    v.article_id,
    m.line + 1 AS line,
    m.reason,
    m.text
FROM _versions AS v
JOIN extracted AS e ON e.capture_id = v.capture_id,
    unnest(e.removed) AS t (m)
WHERE v.is_latest
ORDER BY v.article_id, m.line, m.text
