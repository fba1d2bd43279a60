-- corrections_report: every line of corrections.csv and what came of it in this build.
-- line: the line of corrections.csv
-- table_name: the table that it corrects
-- row_key: the row: the values of the table's key columns with : between them
-- column_name: the column
-- value: the right value; null where the cell should be empty
-- was: the value that extraction found
-- outcome: applied, already so (extraction finds it by itself now), or why it no longer applies: no such row …
-- why: the analyst's reason
-- who: the analyst
SELECT line, table_name, key AS row_key, column_name, value, was, outcome, why, who
FROM correction_outcomes
ORDER BY line
