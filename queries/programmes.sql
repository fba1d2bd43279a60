-- programmes: every undertaking, its spellings gathered; programme_spellings says why.
-- key: programme_id
-- by: programme_id
-- programme_id: the reviewed list's key, else x- and a hash of the name met first; key of this table
-- name: the reviewed list's name, else the spelling met in most articles
-- kind: project, policy, campaign, plan, agreement or system, as most releases call it
-- reviewed: true where a person has put it on the reviewed list
-- spellings: all spellings met
-- article_count: in how many articles
-- unique_count: in how many of them that are no duplicates
-- province_count: in how many provinces those articles' events took place
-- first_seen: first event or posting day of a release that names it
-- last_seen: last such day
WITH spelled AS (
    SELECT programme_id, name, count(DISTINCT article_id) AS articles
    FROM projects
    GROUP BY programme_id, name
),
named AS (
    SELECT programme_id, arg_max(name, (articles, name)) AS name, list(name ORDER BY name) AS spellings
    FROM spelled
    GROUP BY programme_id
),
reviewed AS (
    SELECT DISTINCT programme_id, name FROM programme_list
),
seen AS (
    SELECT
        p.programme_id,
        mode(p.kind ORDER BY p.kind) AS kind,
        count(DISTINCT p.article_id) AS article_count,
        count(DISTINCT p.article_id) FILTER (d.article_id IS NULL) AS unique_count,
        count(DISTINCT a.province_code) AS province_count,
        min(a.day) AS first_seen,
        max(a.day) AS last_seen
    FROM projects AS p
    JOIN _releases AS a ON a.article_id = p.article_id
    LEFT JOIN duplicates AS d ON d.article_id = p.article_id
    GROUP BY p.programme_id
)
SELECT
    programme_id,
    coalesce(r.name, n.name) AS name,
    s.kind,
    r.name IS NOT NULL AS reviewed,
    n.spellings,
    s.article_count,
    s.unique_count,
    s.province_count,
    s.first_seen,
    s.last_seen
FROM named AS n
JOIN seen AS s USING (programme_id)
LEFT JOIN reviewed AS r USING (programme_id)
ORDER BY programme_id
