-- _items: every item of a list, ready to be compared.
-- by: article
-- words: the item's words without blanks and marks, digits as 0-9
-- orders: does the list give orders? Its announcement says so, or one of its items does. Prizes and exhibits repeat too.
WITH announced AS (
    -- The announcement may be as short as ดังนี้: what is ordered, and that it is, stands right before it.
    SELECT
        i.article_id,
        i.list_no,
        substring(any_value(e.text), greatest(min(i.span_start) - 100, 0) + 1, least(min(i.span_start), 100)) AS before,
        list(i.text) AS items
    FROM policy_items AS i
    JOIN _articles AS a ON a.article_id = i.article_id
    JOIN extracted AS e ON e.capture_id = a.capture_id
    GROUP BY i.article_id, i.list_no
),
ordering AS (
    SELECT DISTINCT l.article_id, l.list_no
    FROM announced AS l
    JOIN order_words AS w
        ON CASE w.place
            WHEN 'intro' THEN contains(l.before, w.word)
            ELSE len(list_filter(l.items, lambda item: starts_with(item, w.word))) > 0
        END
)
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
    o.article_id IS NOT NULL AS orders
FROM policy_items AS i
JOIN _releases AS a ON a.article_id = i.article_id
LEFT JOIN ordering AS o ON o.article_id = i.article_id AND o.list_no = i.list_no
