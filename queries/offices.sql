-- offices: the offices that positions are normalised to.
-- key: office
-- office: the key that officials.office and tenures.office hold, such as governor; key of this table
-- thai: Thai name, without the area
-- english: English name
-- level: nation, province, district, municipality, subdistrict, village or other
-- branch: whom its holder serves: civil, politics, local, clergy, police, military, school or society (honorary posts)
-- one_holder: true where one area has one holder at a time
SELECT office, thai, english, level, branch, one_holder
FROM office_list
ORDER BY office
