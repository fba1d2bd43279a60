-- Which provinces reported on ธนาคารขยะ, month by month?
SELECT province, month, releases
FROM programme_province_month
WHERE programme_id = 'waste-bank'
ORDER BY month, province
