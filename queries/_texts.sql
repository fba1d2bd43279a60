-- _texts: one article for each different text: the earliest posted, with what duplicates are recognised by.
-- key_day: the event's first day; null where the text dates none
-- key_number: a number for the article, as long lists of pairs go faster with numbers
-- numbers: the amounts that the text counts, each once
-- names: the full names that the text names, each once, without spaces and marks
-- title_numbers: the numbers in the title
WITH firsts AS (
    SELECT *
    FROM _releases
    QUALIFY row_number() OVER (
        PARTITION BY content_sha256
        ORDER BY published_at NULLS LAST, first_fetched_at, article_id
    ) = 1
),
counted AS (
    SELECT article_id, list_sort(list_distinct(list(amount))) AS numbers
    FROM quantities
    GROUP BY article_id
),
named AS (
    SELECT article_id, list_sort(list_distinct(list(name_key))) AS names
    FROM _named
    GROUP BY article_id
)
SELECT
    row_number() OVER (ORDER BY f.published_at NULLS LAST, f.characters DESC, f.first_fetched_at, f.article_id) AS key_number,
    f.article_id,
    f.content_sha256,
    f.published_at,
    f.event_from AS key_day,
    f.province_code,
    f.characters,
    f.sketch,
    coalesce(c.numbers, []) AS numbers,
    coalesce(n.names, []) AS names,
    list_distinct(regexp_extract_all(translate(f.title, '๐๑๒๓๔๕๖๗๘๙,', '0123456789'), '[0-9]+(\.[0-9]+)?')) AS title_numbers
FROM firsts AS f
LEFT JOIN counted AS c ON c.article_id = f.article_id
LEFT JOIN named AS n ON n.article_id = f.article_id
