-- directives: orders that several releases list in nearly the same words: passed down from the ministry. Duplicates aside.
-- key: directive_id
-- directive_id: hash of the wording met in most releases; key of this table
-- text: the order in the words of its first release with that wording
-- article_count: in how many releases
-- province_count: in how many provinces
-- provinces: their ISO 3166-2 codes
-- first_seen: first day of a release that lists it
-- last_seen: last such day
SELECT
    d.directive_id,
    arg_min(p.text, (NOT d.same_words, d.day, d.article_id, d.list_no, d.position)) AS text,
    count(DISTINCT d.article_id) AS article_count,
    count(DISTINCT d.province_code) AS province_count,
    coalesce(list(DISTINCT d.province_code ORDER BY d.province_code) FILTER (d.province_code IS NOT NULL), []) AS provinces,
    min(d.day) AS first_seen,
    max(d.day) AS last_seen
FROM directive_items AS d
JOIN policy_items AS p ON p.article_id = d.article_id AND p.list_no = d.list_no AND p.position = d.position
GROUP BY d.directive_id
ORDER BY d.directive_id
