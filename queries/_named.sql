-- _named: every mention with a full name, ready to be compared: the name without what slips, the office and its area.
-- by: article_id
-- name_key: the name without spaces, tone marks and other marks above a letter: slips of these are forgiven
-- area: where the office is held: its province, else its organisation, else the nation; null where not told
-- branch: whom the office serves; honorary posts (society) go with any other, so they have none here
-- day: the day of the release
-- arrived: when the article was first fetched
SELECT
    o.article_id,
    o.span_start,
    o.full_name,
    -- ํา is ำ typed as two, เเ is แ; titles are not part of full_name.
    lower(regexp_replace(replace(replace(o.full_name, 'ํา', 'ำ'), 'เเ', 'แ'), '[\s\x{200B}.่้๊๋็์ฺ-]', '', 'g')) AS name_key,
    o.office,
    o.province_code,
    coalesce(
        o.province_code,
        nullif(regexp_replace(o.organisation, '[\s.ฯ่้๊๋็์-]', '', 'g'), ''),
        CASE WHEN f.level = 'nation' THEN 'TH' END
    ) AS area,
    nullif(f.branch, 'society') AS branch,
    f.one_holder,
    a.day,
    a.province_code AS event_province_code,
    a.first_fetched_at AS arrived
FROM _officials AS o
JOIN _releases AS a ON a.article_id = o.article_id
LEFT JOIN offices AS f ON f.office = o.office
WHERE o.full_name IS NOT NULL
