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
cut AS (
    -- Runs of six letters: cut six times, each time one letter later.
    SELECT number, unnest(regexp_extract_all(substring(words, first), '.{6}')) AS run
    FROM numbered
    SEMI JOIN needed USING (number),
        range(1, 7) AS f (first)
),
shingles AS MATERIALIZED (
    -- As numbers; what two wordings share of them is how much they are alike.
    SELECT number, list(DISTINCT hash(run)) AS runs
    FROM cut
    GROUP BY number
),
halves AS MATERIALIZED (
    -- In two steps: one join of three may be done as all wordings against all.
    SELECT p.a, p.b, s.runs
    FROM pairs AS p
    JOIN shingles AS s ON s.number = p.a
),
links AS (
    SELECT s.a, s.b
    FROM halves AS s
    JOIN shingles AS t ON t.number = s.b
    -- They share 0.7 of all their runs: a run that both have is one of all, and counted twice in the two numbers.
    WHERE 10 * (len(s.runs) + len(t.runs)) >= 17 * len(list_distinct(s.runs || t.runs))
),
both_ways AS (
    SELECT a AS here, b AS there FROM links
    UNION ALL
    SELECT b, a FROM links
),
reached (number, least_number) USING KEY (number) AS (
    SELECT number, number FROM numbered
    UNION
    -- In two steps: one join of three may be done as all against all.
    SELECT handed.number, handed.least_number
    FROM (
        SELECT l.there AS number, min(r.least_number) AS least_number
        FROM reached AS r
        JOIN both_ways AS l ON l.here = r.number
        GROUP BY l.there
    ) AS handed
    JOIN recurring.reached AS known ON known.number = handed.number
    WHERE handed.least_number < known.least_number
)
SELECT n.words, f.words AS order_words
FROM reached AS r
JOIN numbered AS n ON n.number = r.number
JOIN numbered AS f ON f.number = r.least_number
