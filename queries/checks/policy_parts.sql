-- What stands in an item lies within the item's span.
-- once: article
SELECT p.article_id, p.list_no, p.position, p.kind, p.span_start
FROM policy_item_parts AS p
JOIN policy_items AS i USING (article_id, list_no, position)
WHERE p.span_start < i.span_start OR p.span_end > i.span_end
