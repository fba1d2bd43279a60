-- _programme_names: every name of an undertaking and of the reviewed list, with what is left of it to compare.
-- by: name
-- name: the name as written
-- name_key: without blanks, quotation and other marks, ๆ, case, โครงการ before it and the year after it
-- reviewed_id: the reviewed list's key; null where it does not know the name
-- articles: in how many articles
-- arrived: when the first of them was fetched
WITH named AS (
    SELECT p.name, p.reviewed_id, p.article_id, a.first_fetched_at AS arrived
    FROM _projects AS p
    JOIN _releases AS a ON a.article_id = p.article_id
    UNION ALL
    SELECT spelling, programme_id, NULL, NULL
    FROM programme_list
)
SELECT
    name,
    coalesce(
        nullif(
            regexp_replace(
                regexp_replace(
                    lower(translate(replace(name, 'ํา', 'ำ'), '๐๑๒๓๔๕๖๗๘๙', '0123456789')),
                    '[^a-z0-9ก-ฮะาำเ-ไฤฦั-ู]',
                    '',
                    'g'
                ),
                '^(?:โครงการ)?(.*?)(?:(?:ประจำ)?(?:ปี)?(?:งบประมาณ)?(?:พศ)?25[0-9][0-9])?$',
                '\1'
            ),
            ''
        ),
        name
    ) AS name_key,
    min(reviewed_id) AS reviewed_id,
    count(DISTINCT article_id) AS articles,
    min(arrived) AS arrived
FROM named
GROUP BY name, name_key
