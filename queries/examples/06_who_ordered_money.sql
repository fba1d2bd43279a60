-- Which items of lists name a sum of money, and who gave the list?
SELECT l.speaker, l.province, l.day, p.item_no, p.surface, p.amount
FROM policy_item_parts AS p
JOIN policy_lists AS l USING (article_id, list_no)
JOIN unique_articles AS a USING (article_id)
WHERE p.kind = 'quantity' AND p.unit = 'บาท'
ORDER BY p.amount DESC, l.day, p.item_no
