-- Who governed each province, and who stood in?
SELECT province, full_name, acting, first_seen, last_seen, article_count
FROM governors
ORDER BY province, first_seen
