-- _orders: which wordings of items are one order: equal but for a few words. Shorter items are too common to tell.
-- words: the wording, see _items
-- order_words: the wording that stands for all: the longest of them, that in most releases first
WITH RECURSIVE wordings AS (
    SELECT words, count(DISTINCT article_id) AS articles, min(day) AS first_day
    FROM _items
    ANTI JOIN duplicates USING (article_id)
    WHERE gives_orders AND length(words) >= 30
    GROUP BY words
),
numbered AS MATERIALIZED (
    SELECT *, row_number() OVER (ORDER BY articles DESC, first_day, words) AS number
    FROM wordings
),
blocks AS MATERIALIZED (
    -- Wordings of one order share their beginning, their end, or the stretch after the beginning.
    SELECT number, block
    FROM numbered,
        unnest([hash('a', substring(words, 1, 20)), hash('b', right(words, 20)), hash('c', substring(words, 25, 20))]) AS t (block)
    WHERE length(words) >= 45 OR block <> hash('c', substring(words, 25, 20))
),
pairs AS MATERIALIZED (
    -- With the first and the one before, as in _alike: a block of n has 2 n pairs.
    SELECT DISTINCT least(x, y) AS a, greatest(x, y) AS b
    FROM (
        SELECT number AS x, unnest([min(number) OVER (PARTITION BY block), lag(number) OVER (PARTITION BY block ORDER BY number)]) AS y
        FROM blocks
    )
    WHERE x <> y
),
needed AS (
    SELECT a AS number FROM pairs
    UNION
    SELECT b FROM pairs
),
shingles AS MATERIALIZED (
    -- Runs of six letters, as numbers; what two wordings share of them is how much they are alike.
    SELECT number, list_distinct(list_transform(range(1, length(words) - 4), lambda n: hash(substring(words, n, 6)))) AS runs
    FROM numbered
    SEMI JOIN needed USING (number)
),
links AS (
    SELECT a, b
    FROM pairs
    JOIN shingles AS s ON s.number = a
    JOIN shingles AS t ON t.number = b
    WHERE len(list_intersect(s.runs, t.runs)) >= 0.7 * (len(s.runs) + len(t.runs) - len(list_intersect(s.runs, t.runs)))
),
both_ways AS (
    SELECT a AS here, b AS there FROM links
    UNION ALL
    SELECT b, a FROM links
),
reached (number, least_number) USING KEY (number) AS (
    SELECT number, number FROM numbered
    UNION
    SELECT l.there, min(r.least_number)
    FROM reached AS r
    JOIN both_ways AS l ON l.here = r.number
    JOIN recurring.reached AS known ON known.number = l.there
    WHERE r.least_number < known.least_number
    GROUP BY l.there
)
SELECT n.words, f.words AS order_words
FROM reached AS r
JOIN numbered AS n ON n.number = r.number
JOIN numbered AS f ON f.number = r.least_number
