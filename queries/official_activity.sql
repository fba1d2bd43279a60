-- official_activity: what each person was named for, month by month. Duplicates are not counted.
-- by: person_id
-- person_id: key into persons
-- full_name: the person's usual name
-- month: first day of the month of the event, else of the posting
-- releases: how many releases name the person
-- chaired: in how many of them the person presides
-- spoke: in how many the person speaks
-- provinces: in how many provinces their events were
-- programmes: how many different undertakings these releases name
-- policy_lists: how many enumerated lists are the person's
WITH named AS (
    SELECT DISTINCT o.person_id, o.article_id, o.role
    FROM officials AS o
    ANTI JOIN duplicates AS d ON d.article_id = o.article_id
    WHERE o.person_id IS NOT NULL
),
named_programmes AS (
    SELECT n.person_id, date_trunc('month', a.day)::DATE AS month, count(DISTINCT p.programme_id) AS programmes
    FROM (SELECT DISTINCT person_id, article_id FROM named) AS n
    JOIN _releases AS a ON a.article_id = n.article_id
    JOIN (SELECT DISTINCT article_id, programme_id FROM projects) AS p ON p.article_id = n.article_id
    GROUP BY n.person_id, month
),
lists AS (
    SELECT l.person_id, date_trunc('month', l.day)::DATE AS month, count(*) AS policy_lists
    FROM policy_lists AS l
    ANTI JOIN duplicates AS d ON d.article_id = l.article_id
    WHERE l.person_id IS NOT NULL
    GROUP BY l.person_id, month
),
months AS (
    SELECT
        n.person_id,
        date_trunc('month', a.day)::DATE AS month,
        count(DISTINCT n.article_id) AS releases,
        count(DISTINCT n.article_id) FILTER (n.role = 'chair') AS chaired,
        count(DISTINCT n.article_id) FILTER (n.role = 'speaker') AS spoke,
        count(DISTINCT a.province_code) AS provinces
    FROM named AS n
    JOIN _releases AS a ON a.article_id = n.article_id
    GROUP BY n.person_id, month
)
SELECT
    m.person_id,
    p.full_name,
    m.month,
    m.releases,
    m.chaired,
    m.spoke,
    m.provinces,
    coalesce(g.programmes, 0) AS programmes,
    coalesce(l.policy_lists, 0) AS policy_lists
FROM months AS m
JOIN persons AS p ON p.person_id = m.person_id
LEFT JOIN named_programmes AS g ON g.person_id = m.person_id AND g.month IS NOT DISTINCT FROM m.month
LEFT JOIN lists AS l ON l.person_id = m.person_id AND l.month IS NOT DISTINCT FROM m.month
ORDER BY m.person_id, m.month
