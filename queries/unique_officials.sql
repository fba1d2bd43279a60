-- unique_officials: officials of each release once: without those of duplicate articles, for counting.
-- as: view
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
SELECT *
FROM officials
ANTI JOIN duplicates USING (article_id)
ORDER BY article_id, span_start
