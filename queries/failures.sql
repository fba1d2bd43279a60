-- failures: captures that gave no article: what raised, and what was no release.
-- by: article_id
-- capture_id: the capture
-- article_id: the article that it would have been
-- source: the source's name in sources.toml
-- url: the address that the source lists it under
-- fetched_at: when the capture was fetched (UTC)
-- outcome: failed (it raised) or not_article (it is no release)
-- reason: the exception's class, or why it is no release
-- detail: the traceback, or a sentence
SELECT DISTINCT
    c.capture_id,
    c.article_id,
    c.source,
    c.url,
    c.fetched_at,
    c.outcome,
    e.reason,
    e.detail
FROM readings AS c
JOIN extracted AS e ON e.capture_id = c.capture_id
WHERE c.outcome <> 'article'
ORDER BY c.source, c.url, c.fetched_at, c.capture_id
