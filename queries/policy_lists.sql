-- policy_lists: every enumerated list, once: who gave it where and when, and whether it is whole.
-- key: article_id, list_no
-- by: article_id
-- article_id: the release
-- list_no: 1, 2, 3 in the order in which the release's lists begin
-- intro: the words that announce the list
-- declared: how many items the text announces; null where it announces none
-- found: how many items of the first level were found
-- complete: were as many found as declared? null where none is declared
-- speaker: full name of the official whom the list is attributed to, if the text tells
-- person_id: that official, where the release names the same person in full; key into persons
-- province_code: ISO 3166-2 code of the province of the event
-- province: its Thai name
-- day: first day of the event, else the day of posting
-- items: the items' words in the order of the list
WITH lists AS (
    SELECT
        article_id,
        list_no,
        min(list_intro) AS intro,
        min(declared_count) AS declared,
        count(*) FILTER (level = 1) AS found,
        bool_and(list_complete) AS complete,
        min(speaker) AS speaker,
        list(text ORDER BY position) AS items
    FROM policy_items
    GROUP BY article_id, list_no
),
speakers AS (
    SELECT article_id, full_name, min(person_id) AS person_id
    FROM officials
    WHERE person_id IS NOT NULL
    GROUP BY article_id, full_name
)
SELECT
    l.article_id,
    l.list_no,
    l.intro,
    l.declared,
    l.found,
    l.complete,
    l.speaker,
    s.person_id,
    a.province_code,
    a.province,
    a.day,
    l.items
FROM lists AS l
JOIN _releases AS a ON a.article_id = l.article_id
LEFT JOIN speakers AS s ON s.article_id = l.article_id AND s.full_name = l.speaker
ORDER BY l.article_id, l.list_no
