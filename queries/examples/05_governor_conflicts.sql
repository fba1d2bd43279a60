-- Which provinces had two governors at one time, and which releases say so?
SELECT c.province, c.full_name, c.other_full_name, c.conflict_from, c.conflict_to, a.title, list_contains(c.releases, a.article_id) AS says_the_first
FROM governor_conflicts AS c
JOIN articles AS a ON list_contains(list_concat(c.releases, c.other_releases), a.article_id)
ORDER BY c.province, c.conflict_from, a.title
