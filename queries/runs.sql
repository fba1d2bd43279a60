-- runs: every run of fetch, extract, refresh and compact; a run of fetch has one row a source.
-- run_id: when it began, and what it was; key with source
-- command: fetch, extract, refresh (which runs both) or compact
-- source: the source fetched; null for the others
-- outcome: done, stopped or running (a run that was killed stays running)
-- started_at: when it began (UTC)
-- ended_at: when it ended (UTC); null where it was killed
-- listed: addresses or files that the source listed
-- fetched: new captures stored
-- unchanged: captures that were stored already
-- refused: what was not taken, see refusals
-- failed: requests that failed
-- bytes: bytes stored
-- seconds: how long it took
SELECT
    run_id,
    command,
    source,
    outcome,
    started_at,
    ended_at,
    listed,
    fetched,
    unchanged,
    refused,
    failed,
    bytes,
    seconds
FROM run_records
ORDER BY run_id, source
