-- _texts: one article for each different text: the earliest posted, with what duplicates are recognised by.
-- key_day: the event's first day; null where the text dates none
-- key_number: a number for the article, as long lists of pairs go faster with numbers
-- numbers, names, title_numbers: see _tokens
WITH firsts AS (
    SELECT *
    FROM _releases
    QUALIFY row_number() OVER (
        PARTITION BY content_sha256
        ORDER BY published_at NULLS LAST, first_fetched_at, article_id
    ) = 1
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
    t.numbers,
    t.names,
    t.title_numbers
FROM firsts AS f
JOIN _tokens AS t ON t.article_id = f.article_id
