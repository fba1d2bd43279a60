-- unique_quantities: quantities of each release once: without those of duplicate articles, for counting.
-- as: view
-- article_id: the release
-- span_start: where it begins in articles.text, in code points
-- span_end: where it ends (not included)
-- surface: the words as they stand: articles.text[span_start:span_end]
-- amount: the number, with ล้าน, พัน and their like multiplied out
-- unit: the unit as written: คน, บาท, ไร่ …
-- kind: money, people, organisations, area, percent or other
SELECT *
FROM quantities
ANTI JOIN duplicates USING (article_id)
ORDER BY article_id, span_start
