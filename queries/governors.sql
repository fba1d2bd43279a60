-- governors: the governors of the provinces as releases name them, those who stood in apart.
-- as: view
-- province_code: ISO 3166-2 code of the province
-- province: Thai name
-- person_id: key into persons
-- full_name: the governor's usual name
-- acting: true for who stood in for the governor
-- first_seen: first event or posting day of a release that says so
-- last_seen: last such day
-- article_count: in how many articles
SELECT
    t.province_code,
    v.province,
    t.person_id,
    t.full_name,
    t.acting,
    t.first_seen,
    t.last_seen,
    t.article_count
FROM tenures AS t
JOIN provinces AS v ON v.province_code = t.province_code
WHERE t.office = 'governor'
ORDER BY t.province_code, t.first_seen, t.person_id, t.acting
