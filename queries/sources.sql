-- sources: every source with its freshness and health.
-- key: source
-- source: the source's name in sources.toml; files for what was named on the command line
-- kind: the kind of site
-- enabled: is it fetched when no source is named?
-- site_province: ISO 3166-2 code of the site's province
-- captures: how many captures are stored
-- articles: how many articles were read from them, older versions not counted
-- not_articles: captures that gave no article
-- last_capture: when the newest capture was fetched (UTC)
-- last_success: when the last run of the source ended well (UTC)
WITH stored AS (
    SELECT source, any_value(kind) AS kind, count(*) AS captures, max(fetched_at) AS last_capture
    FROM captures
    GROUP BY source
),
read AS (
    SELECT source, count(*) AS articles
    FROM articles
    GROUP BY source
),
unread AS (
    SELECT source, count(*) AS not_articles
    FROM failures
    GROUP BY source
),
ran AS (
    SELECT source, max(ended_at) AS last_success
    FROM runs
    WHERE outcome = 'done' AND failed = 0
    GROUP BY source
)
SELECT
    source,
    coalesce(s.kind, stored.kind) AS kind,
    coalesce(s.enabled, false) AS enabled,
    s.province AS site_province,
    coalesce(captures, 0) AS captures,
    coalesce(articles, 0) AS articles,
    coalesce(not_articles, 0) AS not_articles,
    last_capture,
    last_success
FROM settings AS s
FULL JOIN stored USING (source)
LEFT JOIN read USING (source)
LEFT JOIN unread USING (source)
LEFT JOIN ran USING (source)
ORDER BY source
