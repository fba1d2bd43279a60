-- _slips: pairs of names that differ by one letter and share office and area: the rarer is a typing error of the other.
-- name_key: the name that is a slip
-- apart: which namesake
-- right_key: the better known name
-- right_apart: which namesake
-- office: the office that they share
-- area: its area
WITH posts AS (
    SELECT
        name_key,
        apart,
        office,
        area,
        bool_or(one_holder) AS one_holder,
        count(DISTINCT article_id) AS articles,
        min(arrived) AS arrived
    FROM _entities
    WHERE office IS NOT NULL AND area IS NOT NULL AND length(name_key) BETWEEN 8 AND 60
    GROUP BY name_key, apart, office, area
),
crowded AS MATERIALIZED (
    SELECT *, row_number() OVER (ORDER BY office, area, name_key, apart) AS post
    FROM posts
    QUALIFY count(*) OVER (PARTITION BY office, area) > 1
),
spread AS (
    -- Names that differ by one letter become equal when a letter is taken out of one or both (place 0: none is).
    SELECT
        post,
        place,
        substring(name_key, place, 1) AS letter,
        hash(office, area, substring(name_key, 1, place - 1) || substring(name_key, place + 1)) AS rest
    FROM crowded, unnest(range(0, length(name_key) + 1)) AS t (place)
),
shared AS (
    -- So many names that are all but one letter the same are no slips of each other.
    SELECT rest
    FROM spread
    GROUP BY rest
    HAVING count(*) BETWEEN 2 AND 12
),
shortened AS MATERIALIZED (
    SELECT *
    FROM spread
    SEMI JOIN shared USING (rest)
),
near AS MATERIALIZED (
    SELECT DISTINCT a.post AS wrong, b.post AS right_post
    FROM shortened AS a
    JOIN shortened AS b ON b.rest = a.rest AND b.post <> a.post
    WHERE (a.place > 0 AND a.place = b.place) -- another letter
        OR (a.place > 0 AND b.place > 0 AND abs(a.place - b.place) = 1 AND a.letter = b.letter) -- two exchanged
        OR (a.place = 0 AND b.place > 0) -- one left out
        OR (a.place > 0 AND b.place = 0) -- one too many
),
named AS MATERIALIZED (
    -- In two steps: one join of three may be done as all names against all.
    SELECT near.right_post, c.*
    FROM near
    JOIN crowded AS c ON c.post = near.wrong
),
pairs AS MATERIALIZED (
    SELECT
        n.name_key,
        n.apart,
        r.name_key AS right_key,
        r.apart AS right_apart,
        n.office,
        n.area,
        n.one_holder,
        r.articles,
        r.arrived
    FROM named AS n
    JOIN crowded AS r ON r.post = n.right_post
    WHERE n.name_key <> r.name_key
        -- The rarer is the slip; of two as rare, the later one.
        AND (
            n.articles < r.articles
            OR (n.articles = r.articles AND (n.arrived, n.name_key, n.apart) > (r.arrived, r.name_key, r.apart))
        )
),
side_by_side AS (
    -- Of an office that several hold, two whom one release names are two: brothers, not a slip.
    SELECT DISTINCT p.name_key, p.apart, p.right_key, p.right_apart
    FROM pairs AS p
    JOIN _entities AS a ON a.name_key = p.name_key AND a.apart = p.apart AND a.office = p.office AND a.area = p.area
    JOIN _entities AS b
        ON b.article_id = a.article_id
        AND b.name_key = p.right_key
        AND b.apart = p.right_apart
        AND b.office = p.office
        AND b.area = p.area
    WHERE NOT p.one_holder
)
SELECT name_key, apart, right_key, right_apart, office, area
FROM pairs
ANTI JOIN side_by_side USING (name_key, apart, right_key, right_apart)
-- One better known name for each slip: chains are followed in _person_ids.
QUALIFY row_number() OVER (
    PARTITION BY name_key, apart
    ORDER BY articles DESC, arrived, right_key, right_apart, office, area
) = 1
