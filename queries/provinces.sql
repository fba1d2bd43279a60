-- provinces: the 77 provinces.
-- key: province_code
-- province_code: ISO 3166-2 code, such as TH-48; key of this table
-- province: Thai name without จังหวัด
-- english: English name
-- region: region
SELECT code AS province_code, name AS province, english, region
FROM province_list
ORDER BY code
