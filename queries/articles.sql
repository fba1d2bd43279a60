-- articles: one row an article (an address of a source), in its newest version. Duplicates are marked, not dropped.
-- key: article_id
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
-- duplicate_of: article_id of the first article with the very same text; null for that one and for unique texts
-- is_latest: always true here; older ones stand in older_versions
SELECT
    v.article_id,
    v.source,
    v.url,
    e.title,
    e.text,
    e.published_at,
    e.event_from,
    e.event_to,
    e.province,
    e.province_code,
    s.province AS site_province,
    v.fetched_at,
    v.capture_id,
    e.content_sha256,
    nullif(
        first_value(v.article_id) OVER (
            PARTITION BY e.content_sha256
            ORDER BY e.published_at NULLS LAST, v.fetched_at, v.article_id
        ),
        v.article_id
    ) AS duplicate_of,
    v.is_latest
FROM _versions AS v
JOIN extracted AS e ON e.capture_id = v.capture_id AND e.segment = v.segment
LEFT JOIN settings AS s ON s.source = v.source
WHERE v.is_latest
ORDER BY v.article_id
