-- articles: one row an article (an address of a source), in its newest version. Duplicates are marked, not dropped.
-- key: article_id
-- by: article_id
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
-- duplicate_of: article_id of the article that stands for the same release (see duplicates); null where it is this one
-- is_latest: always true here; older ones stand in older_versions
SELECT
    a.article_id,
    a.source,
    v.url,
    a.title,
    e.text,
    a.published_at,
    a.event_from,
    a.event_to,
    a.province,
    a.province_code,
    a.site_province,
    a.fetched_at,
    a.capture_id,
    a.content_sha256,
    d.duplicate_of,
    v.is_latest
FROM _releases AS a
JOIN _versions AS v ON v.capture_id = a.capture_id AND v.is_latest -- a capture may have come back
JOIN extracted AS e ON e.capture_id = a.capture_id
LEFT JOIN duplicates AS d ON d.article_id = a.article_id
ORDER BY a.article_id
