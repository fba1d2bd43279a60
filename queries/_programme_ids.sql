-- _programme_ids: which programme each name is: the reviewed list's first, then equal and near-equal names together.
-- key: name
-- name: the name as written, see _programme_names
-- programme_id: the reviewed list's key, or x- and a hash of the name that arrived first
-- rule: reviewed list, same name, or one letter
WITH RECURSIVE names AS (
    SELECT name_key, min(reviewed_id) AS reviewed_id, sum(articles) AS articles, min(arrived) AS arrived
    FROM _programme_names
    GROUP BY name_key
),
spread AS (
    -- Names that differ by one letter become equal when a letter is taken out of one or both (place 0: none is).
    -- Short names differ by one letter and are others; a digit is no slip: phase 1 is not phase 2.
    SELECT
        name_key,
        place,
        substring(name_key, place, 1) AS letter,
        hash(substring(name_key, 1, place - 1) || substring(name_key, place + 1)) AS rest
    FROM names, unnest(range(0, length(name_key) + 1)) AS t (place)
    WHERE length(name_key) BETWEEN 10 AND 120 AND NOT regexp_matches(substring(name_key, place, 1), '[0-9]')
),
shared AS (
    -- So many names that are all but one letter the same are no slips of each other.
    SELECT rest
    FROM spread
    GROUP BY rest
    HAVING count(*) BETWEEN 2 AND 12
),
shortened AS MATERIALIZED (
    SELECT s.name_key, n.reviewed_id, n.articles, n.arrived, s.place, s.letter, s.rest
    FROM spread AS s
    SEMI JOIN shared USING (rest)
    JOIN names AS n ON n.name_key = s.name_key
),
slips AS MATERIALIZED (
    SELECT a.name_key, b.name_key AS right_key
    FROM shortened AS a
    JOIN shortened AS b ON b.rest = a.rest
    WHERE a.name_key <> b.name_key
        AND a.reviewed_id IS NULL
        AND (
            (a.place > 0 AND a.place = b.place)
            OR (a.place > 0 AND b.place > 0 AND abs(a.place - b.place) = 1 AND a.letter = b.letter)
            OR (a.place = 0 AND b.place > 0)
            OR (a.place > 0 AND b.place = 0)
        )
        -- A reviewed name is right; else the rarer is the slip; of two as rare, the later one.
        AND (
            b.reviewed_id IS NOT NULL
            OR a.articles < b.articles
            OR (a.articles = b.articles AND (a.arrived, a.name_key) > (b.arrived, b.name_key))
        )
    QUALIFY row_number() OVER (
        PARTITION BY a.name_key
        ORDER BY b.reviewed_id IS NULL, b.articles DESC, b.arrived, b.name_key
    ) = 1
),
steps AS (
    SELECT name_key, name_key AS right_key, 0 AS step
    FROM names
    UNION ALL
    SELECT f.name_key, s.right_key, f.step + 1
    FROM steps AS f
    JOIN slips AS s ON s.name_key = f.right_key AND f.step < 50
),
ends AS (
    SELECT name_key, arg_max(right_key, step) AS end_key, max(step) AS step
    FROM steps
    GROUP BY name_key
),
firsts AS (
    SELECT e.end_key, arg_min(n.name_key, (n.arrived, n.name_key)) AS first_key
    FROM ends AS e
    JOIN names AS n ON n.name_key = e.name_key
    GROUP BY e.end_key
)
SELECT
    w.name,
    coalesce(n.reviewed_id, 'x-' || left(sha256(f.first_key), 12)) AS programme_id,
    CASE WHEN n.reviewed_id IS NOT NULL AND e.step = 0 THEN 'reviewed list' WHEN e.step = 0 THEN 'same name' ELSE 'one letter' END AS rule
FROM _programme_names AS w
JOIN ends AS e ON e.name_key = w.name_key
JOIN names AS n ON n.name_key = e.end_key
JOIN firsts AS f ON f.end_key = e.end_key
