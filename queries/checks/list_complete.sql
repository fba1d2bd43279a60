-- A list is marked complete only where its declared count was found, numbered 1, 2, 3 without a gap.
-- once: article
WITH lists AS (
    SELECT
        article_id,
        list_no,
        any_value(declared_count) AS declared_count,
        bool_or(list_complete) AS list_complete,
        -- What holds of the list stands alike with each of its items.
        count(DISTINCT (declared_count, list_complete, list_intro)) > 1 AS differ,
        list(item_no ORDER BY position) FILTER (level = 1) AS numbers
    FROM policy_items
    GROUP BY article_id, list_no
)
SELECT article_id, list_no, declared_count, list_complete, numbers
FROM lists
WHERE (
        list_complete
        AND (
            declared_count = len(numbers)
            AND numbers = list_transform(range(1, len(numbers) + 1), lambda n: n::VARCHAR)
        ) IS NOT TRUE
    )
    OR differ
    OR (list_complete IS NULL) <> (declared_count IS NULL)
