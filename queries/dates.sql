-- dates: every calendar day, month or year that a release names, and every range of them.
-- key: article_id, span_start
-- by: article_id
-- article_id: the release
-- span_start: where it begins in articles.text, in code points
-- span_end: where it ends (not included)
-- surface: the words as they stand: articles.text[span_start:span_end]
-- date_from: first day, Gregorian
-- date_to: last day, Gregorian; the same as date_from for a single day
-- precision: day, month, year, fiscal_year (October to September) or academic_year
-- time_from: the clock time stated with it
-- time_to: the end of that time
-- year_given: false where the year was inferred from the release's other dates
-- weekday_agrees: does the stated weekday fit the date? null where none is stated; false means an author's slip
-- role: event, published, site_clock or reference
SELECT
    v.article_id,
    m.*
FROM _versions AS v
JOIN extracted AS e ON e.capture_id = v.capture_id,
    unnest(e.dates) AS t (m)
WHERE v.is_latest
ORDER BY v.article_id, m.span_start, m.span_end
