-- Which orders do the lists of several provinces repeat?
SELECT text, article_count, province_count, provinces, first_seen, last_seen
FROM directives
ORDER BY article_count DESC, first_seen, text
LIMIT 20
