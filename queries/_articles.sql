-- _articles: the newest version of each article without its text.
-- key: article_id
-- by: article_id
-- article_id: stable hash of source and url
-- capture_id: the capture that it was read from
-- source: the source's name in sources.toml
-- title: the headline
-- published_at: the day of posting
-- event_from: first day of the event
-- event_to: last day of the event
-- province: province of the event
-- province_code: ISO 3166-2 code of that province
-- site_province: ISO 3166-2 code of the site's province
-- fetched_at: when the newest version was fetched (UTC)
-- first_fetched_at: when its first version was fetched (UTC): ids are made by it, so that newer releases change none
-- content_sha256: hash of the text
-- characters: length of the text
-- sketch: 64 numbers; the share of equal ones of two articles estimates their likeness; null for short texts
WITH first_fetched AS (
    SELECT article_id, min(fetched_at) AS first_fetched_at
    FROM _versions
    GROUP BY article_id
)
SELECT
    v.article_id,
    v.capture_id,
    v.source,
    e.title,
    e.published_at,
    e.event_from,
    e.event_to,
    e.province,
    e.province_code,
    s.province AS site_province,
    v.fetched_at,
    f.first_fetched_at,
    e.content_sha256,
    e.characters,
    e.sketch
FROM _versions AS v
JOIN extracted AS e ON e.capture_id = v.capture_id
JOIN first_fetched AS f ON f.article_id = v.article_id
LEFT JOIN settings AS s ON s.source = v.source
WHERE v.is_latest
