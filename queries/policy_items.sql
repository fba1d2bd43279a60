-- policy_items: the items of every enumerated list, in the order of the text.
-- key: article_id, list_no, position
-- by: article_id
-- article_id: the release
-- list_no: 1, 2, 3 in the order in which the release's lists begin
-- item_no: the item's number as a text in Arabic digits: 1, or 1.1 in a nested list
-- position: 1, 2, 3 in the order of the list's items, nested ones counted
-- marker: the marker as written: 1., ๒), ประการแรก …
-- level: 1, or 2 for an item of a nested list
-- span_start: where the item's text begins in articles.text, in code points
-- span_end: where it ends (not included)
-- text: the item's words: articles.text[span_start:span_end]
-- list_intro: the words that announce the list
-- declared_count: how many items the text announces; null where it announces none
-- list_complete: were as many found as declared? null where none is declared
-- speaker: full name of the official whom the list is attributed to, if the text tells
-- gives_orders: does the list give orders? its announcement says so, or one of its items does; prizes are listed too
SELECT
    v.article_id,
    m.list_no,
    m.item_no,
    m.position,
    m.marker,
    m.level,
    m.span_start,
    m.span_end,
    m.text,
    m.list_intro,
    m.declared_count,
    m.list_complete,
    m.speaker,
    m.gives_orders
FROM _versions AS v
JOIN extracted AS e ON e.capture_id = v.capture_id,
    unnest(e.policy_items) AS t (m)
WHERE v.is_latest
ORDER BY v.article_id, m.list_no, m.position
