-- _items: every item of a list, ready to be compared.
-- by: article_id
-- words: the item's words without blanks and marks, digits as 0-9
SELECT
    i.article_id,
    i.list_no,
    i.position,
    i.text,
    regexp_replace(
        lower(translate(replace(i.text, 'ํา', 'ำ'), '๐๑๒๓๔๕๖๗๘๙', '0123456789')),
        '[^a-z0-9ก-ฮะาำเ-ไั-ู]',
        '',
        'g'
    ) AS words,
    a.province_code,
    a.day,
    i.gives_orders
FROM policy_items AS i
JOIN _releases AS a ON a.article_id = i.article_id
