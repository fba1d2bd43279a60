-- programmes: every undertaking, its spellings gathered.
-- key: programme_id
-- programme_id: the reviewed list's key, else made from the name without spaces; key of this table
-- name: the spelling met most often
-- spellings: all spellings met
-- article_count: in how many articles
-- province_count: in how many provinces those articles' events took place
-- first_seen: first event or posting day of a release that names it
-- last_seen: last such day
SELECT
    p.programme_id,
    mode(p.name ORDER BY p.name) AS name,
    list(DISTINCT p.name ORDER BY p.name) AS spellings,
    count(DISTINCT p.article_id) AS article_count,
    count(DISTINCT a.province_code) AS province_count,
    min(coalesce(a.event_from, a.published_at)) AS first_seen,
    max(coalesce(a.event_from, a.published_at)) AS last_seen
FROM projects AS p
JOIN articles AS a USING (article_id)
GROUP BY p.programme_id
ORDER BY p.programme_id
