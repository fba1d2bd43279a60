-- policy_item_parts: what stands inside each item of a list: undertakings, amounts, places, officials and dates.
-- by: article_id
-- article_id: the release
-- list_no: the list, see policy_lists
-- position: the item, see policy_items
-- item_no: the item's number as a text
-- kind: project, quantity, place, official or date
-- span_start: where the mention begins in articles.text: with article_id the key into the table of its kind
-- span_end: where it ends (not included)
-- surface: the words as they stand
-- programme_id: of a project: key into programmes
-- amount: of a quantity: the number
-- unit: of a quantity: the unit as written
-- province_code: of a place or an official: ISO 3166-2 code
-- person_id: of an official: key into persons
-- date_from: of a date: first day
WITH parts AS (
    SELECT article_id, 'project' AS kind, span_start, span_end, surface, programme_id, NULL::DOUBLE AS amount, NULL AS unit,
        NULL AS province_code, NULL AS person_id, NULL::DATE AS date_from
    FROM projects
    UNION ALL
    SELECT article_id, 'quantity', span_start, span_end, surface, NULL, amount, unit, NULL, NULL, NULL
    FROM quantities
    UNION ALL
    SELECT article_id, 'place', span_start, span_end, surface, NULL, NULL, NULL, province_code, NULL, NULL
    FROM places
    UNION ALL
    SELECT article_id, 'official', span_start, span_end, surface, NULL, NULL, NULL, province_code, person_id, NULL
    FROM officials
    UNION ALL
    SELECT article_id, 'date', span_start, span_end, surface, NULL, NULL, NULL, NULL, NULL, date_from
    FROM dates
)
SELECT
    i.article_id,
    i.list_no,
    i.position,
    i.item_no,
    p.kind,
    p.span_start,
    p.span_end,
    p.surface,
    p.programme_id,
    p.amount,
    p.unit,
    p.province_code,
    p.person_id,
    p.date_from
FROM parts AS p
-- The last item that begins before the mention is the only one that can hold it, or the innermost that does.
ASOF JOIN policy_items AS i ON i.article_id = p.article_id AND i.span_start <= p.span_start
WHERE p.span_end <= i.span_end
ORDER BY i.article_id, i.list_no, i.position, p.span_start, p.span_end, p.kind
