-- source_health: how well each source does: how fresh it is, and how much of its releases could be read.
-- source: key into sources
-- articles: how many articles
-- duplicates: how many of them repeat another article
-- not_articles: captures that gave no article
-- failed: captures whose extraction raised
-- refused: what its newest run refused
-- first_published: first day of posting
-- last_published: last day of posting
-- days_behind: how many days its newest article lies behind the newest of all sources
-- with_day: share of the articles with a day of posting or event
-- with_event: share of them whose text dates the event
-- with_province: share of them whose text tells the province
-- with_officials: share of them that name an official
-- last_success: when the last run of the source ended well (UTC)
WITH read AS (
    SELECT
        a.source,
        count(*) AS articles,
        count(d.article_id) AS duplicates,
        min(a.published_at) AS first_published,
        max(a.published_at) AS last_published,
        max(a.day) AS last_day,
        round(count(a.day) / count(*), 3) AS with_day,
        round(count(a.event_from) / count(*), 3) AS with_event,
        round(count(a.province_code) / count(*), 3) AS with_province,
        round(count(*) FILTER (o.article_id IS NOT NULL) / count(*), 3) AS with_officials
    FROM _releases AS a
    LEFT JOIN duplicates AS d ON d.article_id = a.article_id
    LEFT JOIN (SELECT DISTINCT article_id FROM officials) AS o ON o.article_id = a.article_id
    GROUP BY a.source
),
failed AS (
    SELECT source, count(*) AS failed FROM failures WHERE outcome = 'failed' GROUP BY source
),
refused AS (
    SELECT source, count(*) AS refused FROM refusals GROUP BY source
)
SELECT
    s.source,
    s.articles,
    coalesce(r.duplicates, 0) AS duplicates,
    s.not_articles,
    coalesce(f.failed, 0) AS failed,
    coalesce(n.refused, 0) AS refused,
    r.first_published,
    r.last_published,
    max(r.last_published) OVER () - r.last_published AS days_behind,
    r.with_day,
    r.with_event,
    r.with_province,
    r.with_officials,
    s.last_success
FROM sources AS s
LEFT JOIN read AS r ON r.source = s.source
LEFT JOIN failed AS f ON f.source = s.source
LEFT JOIN refused AS n ON n.source = s.source
ORDER BY s.source
