-- _alike: pairs of texts that may be one release, with what speaks for it. Found without comparing all with all.
-- a: key_number of the earlier text
-- b: key_number of the later text
-- likeness: the share of equal numbers of their sketches: about how much of their texts is the same
-- open_day: true where one of them dates no event
-- open_province: true where one of them tells no province
-- shared_numbers: how much of the amounts of the text that has fewer of them stands in the other; null where it has none
WITH bands AS (
    -- Texts that are alike agree in some run of three numbers of their sketches (21 runs: at a likeness of 0.5
    -- in 94 of 100 pairs, at 0.6 in 99), and they are about an event of one day. So each bucket is one run and one day.
    -- A text that dates no event is sought under its day of posting and the two days before.
    SELECT
        key_number,
        hash(band, list_slice(sketch, 3 * band + 1, 3 * band + 3), d.bucket_day) AS bucket
    FROM _texts,
        unnest(range(21)) AS b (band),
        unnest(
            CASE
                WHEN key_day IS NULL AND published_at IS NOT NULL THEN [published_at, published_at - 1, published_at - 2]
                ELSE [key_day]
            END
        ) AS d (bucket_day)
    WHERE sketch IS NOT NULL
),
crowded AS MATERIALIZED (
    -- Most buckets hold one text: those go before anything else is looked up.
    SELECT b.key_number, t.province_code, b.bucket, b.texts
    FROM (SELECT *, count(*) OVER (PARTITION BY bucket) AS texts FROM bands QUALIFY texts > 1) AS b
    JOIN _texts AS t ON t.key_number = b.key_number
),
neighbours AS (
    -- In a bucket of n texts there are n pairs a rule, not n times n: with the first of the province, and with the next.
    SELECT
        key_number,
        first_value(key_number) OVER by_province AS first_number,
        lag(key_number) OVER (PARTITION BY bucket ORDER BY province_code NULLS LAST, key_number) AS next_number
    FROM crowded
    WINDOW by_province AS (PARTITION BY bucket, province_code ORDER BY key_number)
),
open_pairs AS (
    -- A text that tells no province may go with any of the bucket; in large buckets that would be too many.
    SELECT o.key_number, c.key_number AS other_number
    FROM crowded AS o
    JOIN crowded AS c ON c.bucket = o.bucket
    WHERE o.province_code IS NULL AND c.province_code IS NOT NULL AND o.texts <= 100
),
pairs AS MATERIALIZED (
    SELECT DISTINCT least(x, y) AS a, greatest(x, y) AS b
    FROM (
        SELECT key_number AS x, first_number AS y FROM neighbours
        UNION ALL
        SELECT key_number, next_number FROM neighbours
        UNION ALL
        SELECT key_number, other_number FROM open_pairs
    )
    WHERE x <> y
)
SELECT
    p.a,
    p.b,
    list_sum(list_transform(list_zip(a.sketch, b.sketch), lambda n: (n[1] = n[2])::INTEGER)) / len(a.sketch) AS likeness,
    a.key_day IS NULL OR b.key_day IS NULL AS open_day,
    a.province_code IS NULL OR b.province_code IS NULL AS open_province,
    len(list_intersect(a.numbers, b.numbers)) / nullif(least(len(a.numbers), len(b.numbers)), 0) AS shared_numbers,
    least(len(a.numbers), len(b.numbers)) AS numbers,
    len(list_intersect(a.names, b.names)) / nullif(least(len(a.names), len(b.names)), 0) AS shared_names,
    least(len(a.names), len(b.names)) AS names,
    len(list_intersect(a.title_numbers, b.title_numbers)) AS shared_title_numbers,
    least(len(a.title_numbers), len(b.title_numbers)) AS title_numbers
FROM pairs AS p
JOIN _texts AS a ON a.key_number = p.a
JOIN _texts AS b ON b.key_number = p.b
WHERE (a.key_day = b.key_day OR a.key_day IS NULL OR b.key_day IS NULL)
    AND (a.province_code = b.province_code OR a.province_code IS NULL OR b.province_code IS NULL)
