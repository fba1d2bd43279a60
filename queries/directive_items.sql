-- directive_items: the items that repeat one order, each with the release that holds it.
-- directive_id: key into directives
-- article_id: the release
-- list_no: the list, see policy_lists
-- position: the item, see policy_items
-- province_code: ISO 3166-2 code of the province of the event
-- day: first day of the event, else the day of posting
-- same_words: true where the item says it in the directive's very words, blanks and marks aside
WITH repeated AS (
    SELECT order_words
    FROM _items
    JOIN _orders USING (words)
    ANTI JOIN duplicates USING (article_id)
    WHERE gives_orders
    GROUP BY order_words
    HAVING count(DISTINCT article_id) > 1
)
SELECT
    left(sha256(o.order_words), 12) AS directive_id,
    i.article_id,
    i.list_no,
    i.position,
    i.province_code,
    i.day,
    i.words = o.order_words AS same_words
FROM _items AS i
JOIN _orders AS o ON o.words = i.words
SEMI JOIN repeated AS r ON r.order_words = o.order_words
ANTI JOIN duplicates AS d ON d.article_id = i.article_id
WHERE i.gives_orders
ORDER BY directive_id, i.day, i.article_id, i.list_no, i.position
