-- _tokens: what an article counts and whom it names, as lists: by these another article is seen to be of something else.
-- key: article_id
-- by: article_id
-- numbers: the amounts that the text counts, each once
-- names: the full names that the text names, each once, without spaces and marks
-- title_numbers: the numbers in the title
WITH counted AS (
    SELECT article_id, list_sort(list_distinct(list(amount))) AS numbers
    FROM quantities
    GROUP BY article_id
),
named AS (
    SELECT article_id, list_sort(list_distinct(list(name_key))) AS names
    FROM _named
    GROUP BY article_id
)
SELECT
    a.article_id,
    coalesce(c.numbers, []) AS numbers,
    coalesce(n.names, []) AS names,
    list_distinct(regexp_extract_all(translate(a.title, '๐๑๒๓๔๕๖๗๘๙,', '0123456789'), '[0-9]+(\.[0-9]+)?')) AS title_numbers
FROM _releases AS a
LEFT JOIN counted AS c ON c.article_id = a.article_id
LEFT JOIN named AS n ON n.article_id = a.article_id
