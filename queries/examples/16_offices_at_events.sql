-- Which offices preside over events, and how often?
SELECT f.level, f.english, count(*) AS presides
FROM unique_officials AS o
JOIN offices AS f USING (office)
WHERE o.role = 'chair'
GROUP BY ALL
ORDER BY presides DESC, f.english
