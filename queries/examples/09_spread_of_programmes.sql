-- Which programmes spread over most provinces?
SELECT name, kind, province_count, unique_count AS releases, first_seen, last_seen
FROM programmes
ORDER BY province_count DESC, releases DESC, name
LIMIT 10
