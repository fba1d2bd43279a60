-- province_month: what was reported from each province, month by month. Duplicates are not counted, but where told so.
-- province_code: ISO 3166-2 code of the province of the event; null where the releases do not tell
-- province: its Thai name
-- region: its region
-- month: first day of the month of the event, else of the posting
-- releases: how many releases
-- duplicates: how many articles more repeat one of them
-- programmes: how many different undertakings they name
-- persons: how many different people they name
-- policy_lists: how many enumerated lists they hold
-- policy_items: how many items these have
WITH told AS (
    SELECT a.article_id, a.province_code, date_trunc('month', a.day)::DATE AS month, d.article_id IS NOT NULL AS again
    FROM _releases AS a
    LEFT JOIN duplicates AS d ON d.article_id = a.article_id
),
months AS (
    SELECT province_code, month, count(*) FILTER (NOT again) AS releases, count(*) FILTER (again) AS duplicates
    FROM told
    GROUP BY province_code, month
),
programmes_named AS (
    SELECT t.province_code, t.month, count(DISTINCT p.programme_id) AS programmes
    FROM told AS t
    JOIN projects AS p ON p.article_id = t.article_id
    WHERE NOT t.again
    GROUP BY t.province_code, t.month
),
persons_named AS (
    SELECT t.province_code, t.month, count(DISTINCT o.person_id) AS persons
    FROM told AS t
    JOIN officials AS o ON o.article_id = t.article_id
    WHERE NOT t.again
    GROUP BY t.province_code, t.month
),
items_listed AS (
    SELECT t.province_code, t.month, count(DISTINCT (i.article_id, i.list_no)) AS policy_lists, count(*) AS policy_items
    FROM told AS t
    JOIN policy_items AS i ON i.article_id = t.article_id
    WHERE NOT t.again
    GROUP BY t.province_code, t.month
)
SELECT
    m.province_code,
    v.province,
    v.region,
    m.month,
    m.releases,
    m.duplicates,
    coalesce(g.programmes, 0) AS programmes,
    coalesce(n.persons, 0) AS persons,
    coalesce(i.policy_lists, 0) AS policy_lists,
    coalesce(i.policy_items, 0) AS policy_items
FROM months AS m
LEFT JOIN provinces AS v ON v.province_code = m.province_code
LEFT JOIN programmes_named AS g ON g.province_code IS NOT DISTINCT FROM m.province_code AND g.month IS NOT DISTINCT FROM m.month
LEFT JOIN persons_named AS n ON n.province_code IS NOT DISTINCT FROM m.province_code AND n.month IS NOT DISTINCT FROM m.month
LEFT JOIN items_listed AS i ON i.province_code IS NOT DISTINCT FROM m.province_code AND i.month IS NOT DISTINCT FROM m.month
ORDER BY m.month, m.province_code
