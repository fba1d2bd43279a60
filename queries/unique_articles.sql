-- unique_articles: one row a release: articles without duplicates, for counting.
-- as: view
-- article_id: stable hash of source and url; key of this table
-- source: the source's name in sources.toml
-- url: the address that the source lists it under
-- title: the headline, without the site's name
-- text: the whole text, canonical; its first line is the title; every span is an offset into it (code points)
-- published_at: the day of posting, from the site's list or the posting line; null where unknown
-- event_from: first day of the event that the release reports; null where the text dates none
-- event_to: last day of that event
-- province: province of the event, Thai name without จังหวัด; null where the text does not tell
-- province_code: ISO 3166-2 code of that province, such as TH-48
-- site_province: ISO 3166-2 code of the province whose site published it, as sources.toml says
-- fetched_at: when the newest version was fetched (UTC)
-- capture_id: the capture that it was read from (sha256 of source, url and body)
-- content_sha256: hash of the text
SELECT * EXCLUDE (duplicate_of, is_latest)
FROM articles
WHERE duplicate_of IS NULL
ORDER BY article_id
