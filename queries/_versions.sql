-- _versions: every capture that was read as an article, newest first told apart from older ones.
-- article_id: the article, a stable hash of source and url
-- capture_id: the capture that this version was read from
-- segment: the file of extracted records that holds it
-- source: the source's name in sources.toml
-- url: the address that the source lists it under
-- final_url: the address that answered, after redirects
-- fetched_at: when the capture was fetched (UTC)
-- is_latest: true for the newest version of its article
WITH records AS (
    -- A capture extracted twice (a killed run's worker that lived on) counts once.
    SELECT capture_id, any_value(article_id) AS article_id, min(segment) AS segment
    FROM extracted
    WHERE outcome = 'article'
    GROUP BY capture_id
)
SELECT
    r.article_id,
    r.capture_id,
    r.segment,
    c.source,
    c.url,
    c.final_url,
    c.fetched_at,
    row_number() OVER (PARTITION BY r.article_id ORDER BY c.fetched_at DESC, c.capture_id) = 1 AS is_latest
FROM records AS r
JOIN captures AS c USING (capture_id)
