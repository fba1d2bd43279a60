-- _releases: the articles as corrected, with the day that each is counted under; what other steps compare and count by.
-- as: view
-- day: the event's first day, else the day of posting
SELECT
    *,
    CASE
        -- The right day and month of a wrong year, as happens every January: the posting knows better.
        WHEN abs(abs(date_diff('day', event_from, published_at)) - 365) <= 20 THEN published_at
        ELSE coalesce(event_from, published_at)
    END AS day
FROM _articles
