-- calendar: every day of the years that releases are about, in the Gregorian and the Thai way of counting.
-- day: the day; key of this table
-- year: Gregorian (CE) year
-- year_be: Buddhist Era year, 543 more
-- month: the month's first day, as in province_month
-- month_no: 1 to 12
-- month_thai: มกราคม to ธันวาคม
-- quarter: 1 to 4 of the calendar year
-- fiscal_year_be: Thai fiscal year in BE: from October on it is the next year's
-- fiscal_quarter: 1 to 4 of the fiscal year; October begins the first
-- weekday: 1 Monday to 7 Sunday
-- weekday_thai: จันทร์ to อาทิตย์
WITH bounds AS (
    -- A single wrong date must not make a calendar of centuries.
    SELECT
        greatest(date_trunc('year', min(day)), DATE '1990-01-01')::DATE AS first_day,
        least(last_day(date_trunc('year', max(day)) + INTERVAL 11 MONTH), DATE '2050-12-31')::DATE AS last_day
    FROM _releases
),
days AS (
    SELECT unnest(generate_series(first_day, last_day, INTERVAL 1 DAY))::DATE AS day
    FROM bounds
)
SELECT
    day,
    year(day) AS year,
    year(day) + 543 AS year_be,
    date_trunc('month', day)::DATE AS month,
    month(day) AS month_no,
    ['มกราคม', 'กุมภาพันธ์', 'มีนาคม', 'เมษายน', 'พฤษภาคม', 'มิถุนายน', 'กรกฎาคม', 'สิงหาคม', 'กันยายน', 'ตุลาคม', 'พฤศจิกายน',
        'ธันวาคม'][month(day)] AS month_thai,
    quarter(day) AS quarter,
    year(day + INTERVAL 3 MONTH) + 543 AS fiscal_year_be,
    quarter(day + INTERVAL 3 MONTH) AS fiscal_quarter,
    isodow(day) AS weekday,
    ['จันทร์', 'อังคาร', 'พุธ', 'พฤหัสบดี', 'ศุกร์', 'เสาร์', 'อาทิตย์'][isodow(day)] AS weekday_thai
FROM days
ORDER BY day
