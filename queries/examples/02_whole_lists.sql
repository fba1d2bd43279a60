-- What exactly was ordered in the lists whose text says how many items they have?
SELECT l.day, l.province, l.speaker, l.intro, l.declared, i.item_no, i.text
FROM policy_lists AS l
JOIN policy_items AS i USING (article_id, list_no)
WHERE l.complete
ORDER BY l.day, l.article_id, l.list_no, i.position
