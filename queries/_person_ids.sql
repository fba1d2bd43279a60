-- _person_ids: which person each name is, and by which slip it got there.
-- key: name_key, apart
-- name_key: the name, see _named
-- apart: which namesake; empty for the first of the name
-- person_id: hash of the name that arrived first, and of what tells namesakes apart
-- slip_of: the better known name, where this one is a typing error
WITH RECURSIVE names AS (
    SELECT name_key, apart, min(arrived) AS arrived
    FROM _entities
    GROUP BY name_key, apart
),
steps AS (
    SELECT name_key, apart, name_key AS right_key, apart AS right_apart, 0 AS step
    FROM names
    UNION ALL
    SELECT f.name_key, f.apart, s.right_key, s.right_apart, f.step + 1
    FROM steps AS f
    -- Every slip leads to a better known or older name, so there is no circle; the bound is for the reader's peace.
    JOIN _slips AS s ON s.name_key = f.right_key AND s.apart = f.right_apart AND f.step < 50
),
ends AS (
    SELECT name_key, apart, max_by(right_key, step) AS end_key, max_by(right_apart, step) AS end_apart
    FROM steps
    GROUP BY name_key, apart
),
firsts AS (
    -- The id is made from the name that arrived first, so that more releases don't change it.
    SELECT
        e.end_key,
        e.end_apart,
        arg_min({'name_key': n.name_key, 'apart': n.apart}, (n.arrived, n.name_key, n.apart)) AS first_name
    FROM ends AS e
    JOIN names AS n ON n.name_key = e.name_key AND n.apart = e.apart
    GROUP BY e.end_key, e.end_apart
)
SELECT
    e.name_key,
    e.apart,
    left(sha256(concat_ws('|', f.first_name.name_key, nullif(f.first_name.apart, ''))), 12) AS person_id,
    s.right_key AS slip_of
FROM ends AS e
JOIN firsts AS f ON f.end_key = e.end_key AND f.end_apart = e.end_apart
LEFT JOIN _slips AS s ON s.name_key = e.name_key AND s.apart = e.apart
