-- Where does a text announce more items than were found?
SELECT a.url, l.list_no, l.intro, l.declared, l.found
FROM policy_lists AS l
JOIN articles AS a USING (article_id)
WHERE NOT l.complete
ORDER BY a.url, l.list_no
