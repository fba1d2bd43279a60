-- dropped: superseded captures that a run of moi compact dropped for good, by a rule that a person gave.
-- run_id: the run, see runs
-- source: the source's name in sources.toml
-- url: the address that the source lists the release under
-- capture_id: the capture that is no more (sha256 of source, url and body)
-- fetched_at: when it was fetched (UTC)
SELECT
    run_id,
    source,
    url,
    split_part(detail, ' ', 1) AS capture_id,
    split_part(detail, ' ', 2)::TIMESTAMP AS fetched_at
FROM refused_records
WHERE reason = 'superseded'
ORDER BY run_id, source, url, fetched_at, capture_id
