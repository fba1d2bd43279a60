-- persons: every person named with full name, once. Equal names (white space apart) are one person, so far.
-- person_id: stable hash of the name without spaces; key of this table
-- full_name: the spelling met most often
-- spellings: all spellings met
-- first_seen: first event or posting day of a release that names the person
-- last_seen: last such day
-- article_count: in how many articles
WITH seen AS (
    SELECT
        o.person_id,
        o.full_name,
        o.article_id,
        coalesce(a.event_from, a.published_at) AS day
    FROM officials AS o
    JOIN articles AS a USING (article_id)
    WHERE o.person_id IS NOT NULL
)
SELECT
    person_id,
    mode(full_name ORDER BY full_name) AS full_name,
    list(DISTINCT full_name ORDER BY full_name) AS spellings,
    min(day) AS first_seen,
    max(day) AS last_seen,
    count(DISTINCT article_id) AS article_count
FROM seen
GROUP BY person_id
ORDER BY person_id
