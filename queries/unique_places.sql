-- unique_places: places of each release once: without those of duplicate articles, for counting.
-- as: view
-- article_id: the release
-- span_start: where it begins in articles.text, in code points
-- span_end: where it ends (not included)
-- surface: the words as they stand: articles.text[span_start:span_end]
-- venue: the building, room or site
-- subdistrict: ตำบล or แขวง, without that word
-- district: อำเภอ or เขต, without that word
-- province: Thai name without จังหวัด
-- province_code: ISO 3166-2 code
SELECT *
FROM places
ANTI JOIN duplicates USING (article_id)
ORDER BY article_id, span_start
