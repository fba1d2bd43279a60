-- programme_province_month: which provinces reported on which programme, month by month. Duplicates are not counted.
-- by: programme_id
-- programme_id: key into programmes
-- programme: the programme's name
-- province_code: ISO 3166-2 code of the province of the event; null where the releases do not tell
-- province: its Thai name
-- month: first day of the month of the event, else of the posting
-- releases: how many releases name the programme
-- mentions: how often they name it
SELECT
    p.programme_id,
    g.name AS programme,
    a.province_code,
    a.province,
    date_trunc('month', a.day)::DATE AS month,
    count(DISTINCT p.article_id) AS releases,
    count(*) AS mentions
FROM projects AS p
JOIN _releases AS a ON a.article_id = p.article_id
JOIN programmes AS g ON g.programme_id = p.programme_id
ANTI JOIN duplicates AS d ON d.article_id = p.article_id
GROUP BY ALL
ORDER BY p.programme_id, month, a.province_code
