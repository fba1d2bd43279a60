-- _same_release: pairs of texts that are one release. bench/duplicates.py measured the bounds on edited real releases.
-- a: key_number of the earlier text
-- b: key_number of the later text
WITH alike AS (
    SELECT *
    FROM _alike
    -- The less names and amounts speak for it, the more alike must the texts be.
    WHERE likeness >= CASE WHEN names + numbers >= 3 THEN 0.4 WHEN names + numbers = 0 OR open_day THEN 0.6 ELSE 0.45 END
        -- The next report of a template counts other things; the same programme elsewhere names other people.
        AND coalesce(shared_numbers, 1) >= 0.6
        AND coalesce(shared_names, 1) >= 0.65
        AND 2 * shared_title_numbers >= title_numbers
),
-- A text that dates no event, or tells no province, joins the text that it is most like: it must not join two events.
open_ends AS (
    SELECT a, b, likeness, unnest(
        list_filter(
            [CASE WHEN t.key_day IS NULL OR t.province_code IS NULL THEN a END, CASE WHEN u.key_day IS NULL OR u.province_code IS NULL THEN b END],
            lambda n: n IS NOT NULL
        )
    ) AS open_end
    FROM alike
    JOIN _texts AS t ON t.key_number = a
    JOIN _texts AS u ON u.key_number = b
    WHERE open_day OR open_province
),
best AS (
    SELECT a, b
    FROM open_ends
    QUALIFY row_number() OVER (PARTITION BY open_end ORDER BY likeness DESC, a, b) = 1
)
SELECT a, b FROM alike WHERE NOT (open_day OR open_province)
UNION
SELECT a, b FROM best
