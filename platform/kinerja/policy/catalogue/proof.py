"""P1xx: what the proof found, with a counterexample in the terms of the vocabulary."""

from __future__ import annotations

from .kind import E, Kind, W

PROOF: dict[str, Kind] = {
    "P101": Kind(
        E,
        "{who_id}: tidak ada baris",
        "{who_en}: no row matches",
        "tambahkan baris, atau lebarkan sel baris tetangga",
        "add a row, or widen a neighbour's cell",
    ),
    "P102": Kind(
        E,
        "{who_id}: kena {rows}",
        "{who_en}: hits {rows}",
        "ubah salah satu baris supaya hanya satu yang kena",
        "change one of the rows so that only one is hit",
    ),
    "P103": Kind(
        E,
        "baris {row} tidak pernah kena",
        "row {row} is never hit",
        "hapus baris itu, atau perbaiki selnya",
        "delete the row, or mend its cells",
    ),
    "P104": Kind(
        E,
        "baris {rows} bertentangan untuk {who_id}",
        "rows {rows} contradict each other for {who_en}",
        "samakan keluarannya, atau pisahkan syaratnya",
        "give them the same outputs, or separate their conditions",
    ),
    "P105": Kind(
        W,
        "baris {row} berlebih: baris lain selalu memberi keluaran yang sama",
        "row {row} is redundant: others always give the same outputs",
        "hapus baris itu",
        "delete the row",
    ),
    "P106": Kind(
        E,
        "{who_id}: {output} = {value}, di luar {low}..{high}",
        "{who_en}: {output} = {value}, outside {low}..{high}",
        "batasi dengan min dan max, atau lebarkan rentang keluaran",
        "limit it with min and max, or widen the output's range",
    ),
    "P107": Kind(
        E,
        "tidak monoton: {who_id}",
        "not monotone: {who_en}",
        "perbaiki aturan, atau hapus “monotone:”",
        "mend the rule, or delete `monotone:`",
    ),
    "P108": Kind(
        E,
        "tidak terbukti: {what_id}",
        "not proved: {what_en}",
        "sederhanakan tabel atau rumus, atau sempitkan rentang masukan",
        "simplify the table or formula, or narrow the ranges of its inputs",
    ),
    "P109": Kind(
        E,
        "{who_id}: {count} standar berlaku",
        "{who_en}: {count} standards hold",
        "beri tepat satu standar tiap jabatan, kelas dan hari",
        "give exactly one standard for each position, class and day",
    ),
    "P110": Kind(
        E,
        "{who_id}: {output} mempunyai lebih dari {scale} desimal",
        "{who_en}: {output} has more than {scale} decimals",
        "bulatkan dalam rumus, misalnya round half up(…, {scale})",
        "round in the formula, for example round half up(…, {scale})",
    ),
    "P111": Kind(
        E,
        "{who_id}: kesalahan “{error}”",
        '{who_en}: error "{error}"',
        "tangani nilai itu dalam aturan, atau beri “requires:”",
        "handle that value in the rule, or give a `requires:`",
    ),
}
