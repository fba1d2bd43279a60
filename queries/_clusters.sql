-- _clusters: the texts of one release, gathered over all pairs: each text with the least number that it is linked to.
-- key_number: the text, see _texts
-- cluster: the number of the cluster's first text
WITH RECURSIVE links AS (
    SELECT a AS here, b AS there FROM _same_release
    UNION ALL
    SELECT b, a FROM _same_release
),
-- Each round hands the least number one link further; only those that got a lesser one hand it on.
reached (key_number, cluster) USING KEY (key_number) AS (
    SELECT DISTINCT here, here FROM links
    UNION
    -- In two steps: one join of three may be done as all against all.
    SELECT handed.key_number, handed.cluster
    FROM (
        SELECT l.there AS key_number, min(r.cluster) AS cluster
        FROM reached AS r
        JOIN links AS l ON l.here = r.key_number
        GROUP BY l.there
    ) AS handed
    JOIN recurring.reached AS known ON known.key_number = handed.key_number
    WHERE handed.cluster < known.cluster
)
SELECT key_number, cluster FROM reached
