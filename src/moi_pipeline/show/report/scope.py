"""What the report counts: temporary tables of the releases chosen, and of every number's releases.

An entry is one release behind one number: what the number is (``kind``, ``x``, ``y``), the release's place among all
from the newest on, and the span of the words that say so (null where the text says it nowhere in particular).
A number is the count of its entries, so that no number can differ from its list.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from moi_pipeline.show.report.sentence import WINDOW

if TYPE_CHECKING:
    import duckdb

#: How many programmes, people and lists have rows of their own.
PROGRAMMES, PEOPLE, LISTS = 20, 25, 40
#: How many governors of a province, the newest, and how many offices of one person have.
GOVERNORS, POSTS = 6, 4
#: Months of the programmes' table; what is older is summed up.
MONTHS = 24

#: The day that a release is counted under, as in the tables by month: see queries/_releases.sql.
DAY = (
    "CASE WHEN abs(abs(date_diff('day', event_from, published_at)) - 365) <= 20 THEN published_at "
    "ELSE coalesce(event_from, published_at) END"
)

_RELEASES = f"""
CREATE TEMP TABLE report_releases AS
SELECT
    row_number() OVER (ORDER BY day DESC NULLS LAST, article_id) AS place,
    *,
    strftime(day, '%Y-%m') AS month,
    NOT again AND ($since IS NULL OR coalesce(day >= $since, false)) AS chosen
FROM (
    SELECT article_id, source, province_code, length(title) AS title_end, {DAY} AS day,
        duplicate_of IS NOT NULL AS again
    FROM articles
)"""

# The mention of each thing in each release chosen that is shown: the first in the text itself, as the headline stands
# above it already; the headline's where the text has none.
_FIRST = """
    arg_min(m.span_start, (m.span_start < r.title_end, m.span_start)) AS span_start,
    arg_min(m.span_end, (m.span_start < r.title_end, m.span_start)) AS span_end"""
_MENTIONS = (
    f"""
CREATE TEMP TABLE report_dated AS
SELECT r.place, {_FIRST}
FROM report_releases AS r
JOIN dates AS m ON m.article_id = r.article_id
WHERE m.role IN ('event', 'published') AND m.precision = 'day' AND r.day BETWEEN m.date_from AND m.date_to
GROUP BY r.place""",
    f"""
CREATE TEMP TABLE report_placed AS
SELECT r.place, {_FIRST}
FROM report_releases AS r
JOIN (
    SELECT article_id, province_code, span_start, span_end FROM places
    UNION ALL SELECT article_id, province_code, span_start, span_end FROM officials
) AS m ON m.article_id = r.article_id AND m.province_code = r.province_code
WHERE r.chosen
GROUP BY r.place""",
    f"""
CREATE TEMP TABLE report_named AS
SELECT r.place, r.month, r.province_code, r.day, m.programme_id, {_FIRST}
FROM report_releases AS r
JOIN projects AS m ON m.article_id = r.article_id
WHERE r.chosen AND m.programme_id IS NOT NULL
GROUP BY ALL""",
    f"""
CREATE TEMP TABLE report_people AS
SELECT r.place, r.day, m.person_id, m.office, m.province_code, coalesce(m.acting, false) AS acting, {_FIRST}
FROM report_releases AS r
JOIN officials AS m ON m.article_id = r.article_id
WHERE r.chosen AND m.person_id IS NOT NULL
GROUP BY ALL""",
    f"""
CREATE TEMP TABLE report_lists AS
SELECT r.place, l.article_id, l.list_no,
    row_number() OVER (ORDER BY r.place, l.list_no) AS newest,
    CASE WHEN l.complete IS NULL THEN 'open' WHEN l.complete THEN 'whole' ELSE 'broken' END AS state,
    i.span_start, i.span_end
FROM report_releases AS r
JOIN policy_lists AS l ON l.article_id = r.article_id
JOIN (
    -- The words that announce the list, where they stand within reach of its first item; else that item.
    SELECT f.article_id, f.list_no,
        coalesce(greatest(f.span_start - {WINDOW}, 0) + nullif(strpos(f.ahead, f.list_intro), 0) - 1, f.span_start)
            AS span_start,
        CASE WHEN strpos(f.ahead, f.list_intro) > 0
            THEN greatest(f.span_start - {WINDOW}, 0) + strpos(f.ahead, f.list_intro) - 1 + length(f.list_intro)
            ELSE f.span_end END AS span_end
    FROM (
        SELECT p.article_id, p.list_no, p.list_intro, p.span_start, p.span_end,
            substr(a.text, greatest(p.span_start - {WINDOW}, 0) + 1, least(p.span_start, {WINDOW})) AS ahead
        FROM policy_items AS p
        JOIN articles AS a ON a.article_id = p.article_id
        WHERE p.position = 1
    ) AS f
) AS i ON i.article_id = l.article_id AND i.list_no = l.list_no
WHERE r.chosen""",
)

_CHOSEN_PROGRAMMES = f"""
CREATE TEMP TABLE report_programmes AS
SELECT n.programme_id, g.name, count(*) AS releases
FROM report_named AS n
JOIN programmes AS g ON g.programme_id = n.programme_id
GROUP BY n.programme_id, g.name
QUALIFY row_number() OVER (ORDER BY count(*) DESC, g.name, n.programme_id) <= {PROGRAMMES}
    OR n.programme_id = $programme"""

# Those who are named most; governors have their own table.
_CHOSEN_PEOPLE = f"""
CREATE TEMP TABLE report_busiest AS
SELECT person_id, count(DISTINCT place) AS releases
FROM report_people
GROUP BY person_id
QUALIFY row_number() OVER (ORDER BY count(DISTINCT place) DESC, person_id) <= {PEOPLE}"""

# A post is a person in an office: the newest governors of each province, and the posts of those who are named most.
_POSTS = f"""
CREATE TEMP TABLE report_posts AS
WITH held AS (
    SELECT person_id, office, province_code, acting, min(day) AS first_seen, max(day) AS last_seen,
        count(*) AS releases, office = 'governor' AND province_code IS NOT NULL AS governs
    FROM report_people
    WHERE office IS NOT NULL
    GROUP BY ALL
)
SELECT *,
    governs AND row_number() OVER (
        PARTITION BY governs, province_code ORDER BY last_seen DESC NULLS LAST, releases DESC, person_id, acting
    ) <= {GOVERNORS} AS as_governor,
    person_id IN (SELECT person_id FROM report_busiest) AND row_number() OVER (
        PARTITION BY person_id ORDER BY releases DESC, last_seen DESC NULLS LAST, office, province_code, acting
    ) <= {POSTS} AS as_busiest
FROM held"""

_NEWEST_MONTHS = f"""
CREATE TEMP TABLE report_months AS
SELECT strftime(month, '%Y-%m') AS month
FROM (
    SELECT unnest(range(
        greatest(date_trunc('month', max(day)) - INTERVAL {MONTHS - 1} MONTH, date_trunc('month', min(day))),
        date_trunc('month', max(day)) + INTERVAL 1 MONTH,
        INTERVAL 1 MONTH
    )) AS month
    FROM report_named
    WHERE programme_id IN (SELECT programme_id FROM report_programmes)
)
ORDER BY 1"""

_ENTRIES = f"""
CREATE TEMP TABLE report_entries AS
WITH told AS (
    SELECT r.*, d.span_start, d.span_end
    FROM report_releases AS r
    LEFT JOIN report_dated AS d ON d.place = r.place
),
placed AS (
    SELECT r.place, r.province_code, p.span_start, p.span_end
    FROM report_releases AS r
    LEFT JOIN report_placed AS p ON p.place = r.place
    WHERE r.chosen AND r.province_code IS NOT NULL
),
named AS (SELECT n.* FROM report_named AS n JOIN report_programmes AS g ON g.programme_id = n.programme_id)
SELECT 'a' AS kind, '' AS x, '' AS y, place, span_start, span_end FROM told WHERE chosen
UNION ALL SELECT 'm', coalesce(month, ''), '', place, span_start, span_end FROM told WHERE chosen
UNION ALL SELECT 'v', province_code, '', place, span_start, span_end FROM placed
UNION ALL SELECT 'v', '', '', place, NULL, NULL FROM told WHERE chosen AND province_code IS NULL
UNION ALL SELECT 'V', '', '', place, span_start, span_end FROM placed
UNION ALL SELECT 'P', '', '', place, min(span_start), min_by(span_end, span_start) FROM report_named GROUP BY place
UNION ALL SELECT 'O', '', '', place, min(span_start), min_by(span_end, span_start) FROM report_people GROUP BY place
UNION ALL SELECT 'L', '', '', place, min(span_start), min_by(span_end, span_start) FROM report_lists GROUP BY place
UNION ALL SELECT 'p', programme_id, '', place, span_start, span_end FROM named
UNION ALL SELECT 'pv', programme_id, coalesce(province_code, ''), place, span_start, span_end FROM named
UNION ALL SELECT 'pm', programme_id, coalesce(month, ''), place, span_start, span_end FROM named
    WHERE month IS NULL OR month IN (SELECT month FROM report_months)
UNION ALL SELECT 'pe', programme_id, (SELECT min(month) FROM report_months), place, span_start, span_end FROM named
    WHERE month NOT IN (SELECT month FROM report_months)
UNION ALL SELECT 'o', person_id, '', place, min(span_start), min_by(span_end, span_start) FROM report_people
    WHERE person_id IN (SELECT person_id FROM report_busiest) GROUP BY person_id, place
UNION ALL SELECT 't', n.person_id, concat_ws(':', n.office, coalesce(n.province_code, '-'), n.acting), place,
    span_start, span_end
    FROM report_people AS n
    JOIN report_posts AS p ON p.person_id = n.person_id AND p.office = n.office AND p.acting = n.acting
        AND p.province_code IS NOT DISTINCT FROM n.province_code
    WHERE p.as_governor OR p.as_busiest
UNION ALL SELECT 'l', article_id, list_no::VARCHAR, place, span_start, span_end FROM report_lists
    WHERE newest <= {LISTS}
UNION ALL SELECT 'lw', state, '', place, span_start, span_end FROM report_lists
UNION ALL SELECT 's', source, '', place, span_start, span_end FROM told
UNION ALL SELECT 'sd', source, '', place, span_start, span_end FROM told WHERE again"""


def prepare(con: duckdb.DuckDBPyConnection, programme_id: str | None, since: date | None) -> None:
    """Make the temporary tables that everything else of the report reads."""
    con.execute(_RELEASES, {"since": since})
    for statement in _MENTIONS:
        con.execute(statement)
    con.execute(_CHOSEN_PROGRAMMES, {"programme": programme_id})
    for statement in (_CHOSEN_PEOPLE, _POSTS, _NEWEST_MONTHS, _ENTRIES):
        con.execute(statement)
