-- unique_projects: projects of each release once: without those of duplicate articles, for counting.
-- as: view
-- article_id: the release
-- span_start: where it begins in articles.text, in code points
-- span_end: where it ends (not included)
-- surface: the words as they stand: articles.text[span_start:span_end]
-- name: the proper name, without trigger word and quotation marks
-- kind: project, policy, campaign, plan, agreement or system
-- programme_id: key into programmes: the reviewed list's where it knows the name, else made from the name
SELECT *
FROM projects
ANTI JOIN duplicates USING (article_id)
ORDER BY article_id, span_start
