-- officials: every mention of a person, with the position stated next to the name.
-- key: article_id, span_start
-- by: article_id
-- article_id: the release
-- span_start: where it begins in articles.text, in code points
-- span_end: where it ends (not included)
-- surface: the words as they stand: articles.text[span_start:span_end]
-- person_id: key into persons, the same whatever the spelling (see person_evidence); null where no full name is known
-- title: what stands before the name: นาย, ดร., พล.ต.อ. …
-- given_name: given name, or a monk's name
-- family_name: family name, with its ณ where it has one
-- full_name: given and family name, one space between
-- position: the position as written, whole; null where none is stated
-- office: the position's normalised key, such as governor; null where the list of offices does not know it
-- organisation: the organisation or area of the office, as written
-- province_code: ISO 3166-2 code of the office's area
-- acting: true for รักษาราชการแทน and its like
-- role: chair, speaker, host, attendee or null
SELECT
    o.article_id,
    o.span_start,
    o.span_end,
    o.surface,
    p.person_id,
    o.title,
    o.given_name,
    o.family_name,
    o.full_name,
    o.position,
    o.office,
    o.organisation,
    o.province_code,
    o.acting,
    o.role
FROM _officials AS o
LEFT JOIN _entities AS e ON e.article_id = o.article_id AND e.span_start = o.span_start
LEFT JOIN _person_ids AS p ON p.name_key = e.name_key AND p.apart = e.apart
ORDER BY o.article_id, o.span_start, o.span_end
