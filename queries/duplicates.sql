-- duplicates: articles that are another article's release once more: posted twice, or by several sites with small edits.
-- key: article_id
-- article_id: the article that is counted no more; key of this table
-- duplicate_of: the article that stands for the release: the earliest posted, and of those the fullest
-- likeness: about how much of the two texts is the same, from 0 to 1; 1 for the very same text
-- why: same text, or nearly the same text
WITH gathered AS (
    SELECT
        a.article_id,
        a.published_at,
        a.characters,
        a.first_fetched_at,
        a.content_sha256,
        a.sketch,
        coalesce(c.cluster, t.key_number) AS cluster
    FROM _releases AS a
    JOIN _texts AS t ON t.content_sha256 = a.content_sha256
    LEFT JOIN _clusters AS c ON c.key_number = t.key_number
),
ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY cluster
            ORDER BY published_at NULLS LAST, characters DESC, first_fetched_at, article_id
        ) AS place
    FROM gathered
)
SELECT
    d.article_id,
    f.article_id AS duplicate_of,
    CASE
        WHEN d.content_sha256 = f.content_sha256 THEN 1
        ELSE list_sum(list_transform(list_zip(d.sketch, f.sketch), lambda n: (n[1] = n[2])::INTEGER)) / len(d.sketch)
    END::DOUBLE AS likeness,
    CASE WHEN d.content_sha256 = f.content_sha256 THEN 'same text' ELSE 'nearly the same text' END AS why
FROM ranked AS d
JOIN ranked AS f ON f.cluster = d.cluster AND f.place = 1
WHERE d.place > 1
ORDER BY d.article_id
