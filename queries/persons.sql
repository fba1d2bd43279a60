-- persons: every person named with full name, once, whatever the spelling; person_evidence says why.
-- key: person_id
-- by: person_id
-- person_id: stable hash of the name that was met first, without spaces and marks; key of this table
-- full_name: the spelling met in most articles
-- spellings: all spellings met
-- first_seen: first event or posting day of a release that names the person
-- last_seen: last such day
-- article_count: in how many articles
WITH spelled AS (
    SELECT person_id, full_name, count(DISTINCT article_id) AS articles
    FROM officials
    WHERE person_id IS NOT NULL
    GROUP BY person_id, full_name
),
named AS (
    SELECT
        person_id,
        arg_max(full_name, (articles, full_name)) AS full_name,
        list(full_name ORDER BY full_name) AS spellings
    FROM spelled
    GROUP BY person_id
),
seen AS (
    SELECT
        o.person_id,
        min(a.day) AS first_seen,
        max(a.day) AS last_seen,
        count(DISTINCT o.article_id) AS article_count
    FROM officials AS o
    JOIN _releases AS a ON a.article_id = o.article_id
    WHERE o.person_id IS NOT NULL
    GROUP BY o.person_id
)
SELECT person_id, n.full_name, n.spellings, s.first_seen, s.last_seen, s.article_count
FROM named AS n
JOIN seen AS s USING (person_id)
ORDER BY person_id
