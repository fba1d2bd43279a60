-- places: every place that a release names; parts that stand together are one row.
-- key: article_id, span_start
-- by: article_id
-- article_id: the release
-- span_start: where it begins in articles.text, in code points
-- span_end: where it ends (not included)
-- surface: the words as they stand: articles.text[span_start:span_end]
-- venue: the building, room or site
-- subdistrict: ตำบล or แขวง, without that word
-- district: อำเภอ or เขต, without that word
-- province: Thai name without จังหวัด
-- province_code: ISO 3166-2 code
SELECT
    v.article_id,
    m.*
FROM _versions AS v
JOIN extracted AS e ON e.capture_id = v.capture_id,
    unnest(e.places) AS t (m)
WHERE v.is_latest
ORDER BY v.article_id, m.span_start, m.span_end
