-- quantities: every counted amount with its unit.
-- key: article_id, span_start
-- by: article_id
-- article_id: the release
-- span_start: where it begins in articles.text, in code points
-- span_end: where it ends (not included)
-- surface: the words as they stand: articles.text[span_start:span_end]
-- amount: the number, with ล้าน, พัน and their like multiplied out
-- unit: the unit as written: คน, บาท, ไร่ …
-- kind: money, people, organisations, area, percent or other
SELECT
    v.article_id,
    m.*
FROM _versions AS v
JOIN extracted AS e ON e.capture_id = v.capture_id,
    unnest(e.quantities) AS t (m)
WHERE v.is_latest
ORDER BY v.article_id, m.span_start, m.span_end
