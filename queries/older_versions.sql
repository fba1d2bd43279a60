-- older_versions: every version of an article that a newer one has replaced; articles holds the newest of each.
-- by: article_id
-- article_id: the article, a stable hash of source and url
-- capture_id: the capture that this version was read from (sha256 of source, url and body)
-- source: the source's name in sources.toml
-- url: the address that the source lists it under
-- title: the headline, without the site's name
-- text: the whole text of this version, canonical; its first line is the title
-- published_at: the day of posting, as this version says
-- fetched_at: when the capture was fetched (UTC)
-- content_sha256: hash of the text, to find equal texts
-- is_latest: always false here
SELECT
    v.article_id,
    v.capture_id,
    v.source,
    v.url,
    e.title,
    e.text,
    e.published_at,
    v.fetched_at,
    e.content_sha256,
    v.is_latest
FROM _versions AS v
JOIN extracted AS e ON e.capture_id = v.capture_id
WHERE NOT v.is_latest
ORDER BY v.article_id, v.fetched_at, v.capture_id
