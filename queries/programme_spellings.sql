-- programme_spellings: why each spelling belongs to its programme.
-- by: programme_id
-- programme_id: key into programmes
-- spelling: the name as written
-- article_count: in how many articles
-- rule: reviewed list, same name (but for blanks, marks, ๆ and year), one letter, or set by correction
SELECT
    p.programme_id,
    p.name AS spelling,
    count(DISTINCT p.article_id) AS article_count,
    CASE
        WHEN p.programme_id = o.reviewed_id THEN 'reviewed list'
        WHEN p.programme_id = i.programme_id THEN i.rule
        ELSE 'set by correction'
    END AS rule
FROM projects AS p
JOIN _projects AS o ON o.article_id = p.article_id AND o.span_start = p.span_start
LEFT JOIN _programme_ids AS i ON i.name = p.name
GROUP BY ALL
ORDER BY p.programme_id, spelling, rule
