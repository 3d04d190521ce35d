-- The allowance as one would write it in DuckDB, with decimals, `/` and `round`.
WITH items AS (
    SELECT kasus, bobot, round(least(greatest(CASE
        WHEN polaritas = 'lebih_tinggi' OR (polaritas = 'rentang' AND realisasi < target) THEN realisasi / target * 100
        WHEN polaritas = 'lebih_rendah' OR realisasi < target THEN (2 * target - realisasi) / target * 100
        WHEN realisasi <= target_atas THEN 100
        WHEN polaritas = 'rentang' THEN realisasi / target_atas * 100
        ELSE (2 * target_atas - realisasi) / target_atas * 100 END, 0), 120), 2) AS capaian
    FROM '$folder/indikator.parquet' WHERE realisasi IS NOT NULL
), scores AS (
    SELECT kasus, CASE WHEN sum(bobot) = 100 THEN sum(capaian * bobot) / 100 ELSE round(sum(capaian * bobot) / sum(bobot), 4) END AS score
    FROM items GROUP BY kasus
), moved AS (
    SELECT kasus, sum(CASE nilai WHEN 'naik' THEN -1 WHEN 'turun' THEN 1 ELSE 0 END) AS step
    FROM '$folder/penilaian.parquet' WHERE peran = 'tim_evaluasi' AND aspek = 'hasil_kerja' GROUP BY kasus
), cases AS (
    SELECT k.kasus, greatest(0, least(2, CASE WHEN score >= 110 THEN 0 WHEN score >= 90 THEN 1 ELSE 2 END + coalesce(step, 0))) AS band,
        perilaku_kerja, [1540000, 1947000, 2354000, 2849000, 4807000, 5764000, 6633000, 7523000, 9360000, 10760000, 12370000,
            16000000, 20010000, 22295000, 29286000][kelas_jabatan] AS rate,
        greatest(0, 100 - 3 * hari_absen - coalesce(list_sum(list_transform(menit_terlambat, lambda m: CASE WHEN m IS NULL OR m >= 91 THEN 1.5
            WHEN m >= 61 THEN 1.25 WHEN m >= 31 THEN 1.0 WHEN m >= 1 THEN 0.5 ELSE 0.0 END)), 0)) AS discipline
    FROM '$folder/kasus.parquet' AS k JOIN scores USING (kasus) LEFT JOIN moved USING (kasus)
), shares AS (
    SELECT kasus, discipline, round(rate * 0.59112978, 0) AS base,
        CASE WHEN band = 2 THEN CASE perilaku_kerja WHEN 'di_bawah' THEN 40 ELSE 80 END
            WHEN perilaku_kerja = 'di_bawah' THEN 60 ELSE 100 END AS share
    FROM cases
)
SELECT kasus, round(base * 60 / 100 * share / 100) + round(base * 40 / 100 * discipline / 100) AS paid FROM shares
