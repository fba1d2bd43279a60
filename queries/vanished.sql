-- vanished: stored releases that their sites no longer have; what is stored stays, in all tables.
-- source: the source's name in sources.toml
-- url: the address that the source listed the release under
-- article_id: its row in articles; null where what is stored is no article
-- title: its title
-- since: the run that first found it gone (UTC)
-- detail: the answer of its page, or that a whole list has it no more
SELECT
    g.source,
    g.url,
    a.article_id,
    a.title,
    -- Records hold times with their zone, UTC.
    left(g.since, 19)::TIMESTAMP AS since,
    g.detail
FROM gone_records AS g
LEFT JOIN articles AS a ON a.source = g.source AND a.url = g.url
ORDER BY g.source, since, g.url
