-- officials: every mention of a person, with the position stated next to the name.
-- article_id: the release
-- span_start: where it begins in articles.text, in code points
-- span_end: where it ends (not included)
-- surface: the words as they stand: articles.text[span_start:span_end]
-- person_id: key into persons; null where no full name is known
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
    v.article_id,
    m.span_start,
    m.span_end,
    m.surface,
    CASE WHEN m.full_name IS NOT NULL THEN left(sha256(replace(m.full_name, ' ', '')), 12) END AS person_id,
    m.title,
    m.given_name,
    m.family_name,
    m.full_name,
    m.position,
    m.office,
    m.organisation,
    m.province_code,
    m.acting,
    m.role
FROM _versions AS v
JOIN extracted AS e ON e.capture_id = v.capture_id AND e.segment = v.segment,
    unnest(e.officials) AS t (m)
WHERE v.is_latest
ORDER BY v.article_id, m.span_start, m.span_end
