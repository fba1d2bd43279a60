-- refusals: what the newest run of each source refused to take, one by one.
-- source: the source's name in sources.toml
-- url: the address or file
-- reason: empty, binary, too large, unreadable …
-- detail: a sentence
-- run_id: the run that refused it
WITH newest AS (
    SELECT source, max(run_id) AS run_id
    FROM runs
    WHERE command = 'fetch' AND source IS NOT NULL
    GROUP BY source
)
SELECT
    r.source,
    r.url,
    r.reason,
    r.detail,
    r.run_id
FROM refused_records AS r
JOIN newest USING (source, run_id)
ORDER BY r.source, r.url
