-- _versions: every capture that was read as an article, newest first told apart from older ones.
-- by: article_id
-- article_id: the article, a stable hash of source and url
-- capture_id: the capture that this version was read from
-- source: the source's name in sources.toml
-- url: the address that the source lists it under
-- final_url: the address that answered, after redirects
-- fetched_at: when the capture was fetched (UTC)
-- is_latest: true for the newest version of its article
SELECT
    article_id,
    capture_id,
    source,
    url,
    final_url,
    fetched_at,
    row_number() OVER (PARTITION BY article_id ORDER BY fetched_at DESC, capture_id) = 1 AS is_latest
FROM readings
WHERE outcome = 'article'
