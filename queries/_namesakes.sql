-- _namesakes: names that two or more people bear: which posts of a name are another person's than its first post's.
-- by: name_key
-- name_key: the name, see _named
-- branch: the post's branch
-- province_code: the post's province
-- apart: what tells this person from the first of the name: the province, else the branch
-- apart_from: the first person's post that contradicts
WITH posts AS (
    SELECT
        name_key,
        branch,
        province_code,
        min(day) AS first_day,
        max(day) AS last_day,
        count(DISTINCT article_id) AS articles,
        min(arrived) AS arrived
    FROM _named
    WHERE branch IS NOT NULL OR province_code IS NOT NULL
    GROUP BY ALL
),
numbered AS (
    -- The post that arrived first keeps the plain name as its person's id, whatever comes later.
    SELECT
        *,
        row_number() OVER (PARTITION BY name_key ORDER BY arrived, first_day, province_code, branch) AS post_no
    FROM posts
)
SELECT
    p.name_key,
    p.branch,
    p.province_code,
    CASE WHEN p.province_code <> f.province_code THEN p.province_code ELSE p.branch END AS apart,
    concat_ws(' ', f.branch, f.province_code) AS apart_from
FROM numbered AS p
JOIN numbered AS f ON f.name_key = p.name_key AND f.post_no = 1
WHERE p.post_no > 1
    -- Two offices that one person can't hold at one time: in two provinces, or for two masters.
    AND (p.province_code <> f.province_code OR p.branch <> f.branch)
    AND (
        -- At one time: each seen while the other was still to be seen,
        (p.first_day <= f.last_day AND f.first_day <= p.last_day)
        OR (
            -- or, where one of them is seen but once, within a month; but officials move around 1 October.
            least(p.articles, f.articles) = 1
            AND greatest(p.first_day, f.first_day) - least(p.last_day, f.last_day) <= 30
            AND NOT (
                month(least(p.last_day, f.last_day)) IN (8, 9, 10)
                AND month(greatest(p.first_day, f.first_day)) IN (10, 11)
            )
        )
    )
