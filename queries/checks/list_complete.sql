-- A list is marked complete only where its declared count was found, numbered 1, 2, 3 without a gap.
WITH lists AS (
    SELECT
        article_id,
        list_no,
        any_value(declared_count) AS declared_count,
        bool_or(list_complete) AS list_complete,
        list(item_no ORDER BY position) FILTER (level = 1) AS numbers
    FROM policy_items
    GROUP BY article_id, list_no
)
SELECT article_id, list_no, declared_count, list_complete, numbers
FROM lists
WHERE (list_complete AND (
        declared_count IS NULL
        OR declared_count <> len(numbers)
        OR numbers <> list_transform(range(1, len(numbers) + 1), lambda n: n::VARCHAR)
    ))
    OR (list_complete IS NULL) <> (declared_count IS NULL)
