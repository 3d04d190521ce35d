"""P1xx: what the proof found, with a counterexample in the terms of the vocabulary."""

from __future__ import annotations

from .kind import E, Kind, W

PROOF: dict[str, Kind] = {
    "P101": Kind(
        E,
        "{who}: tidak ada baris",
        "{who}: no row matches",
        "tambahkan baris, atau lebarkan sel baris tetangga",
        "add a row, or widen a neighbour's cell",
    ),
    "P102": Kind(
        E,
        "{who}: kena {rows}",
        "{who}: hits {rows}",
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
        "baris {rows} bertentangan untuk {who}",
        "rows {rows} contradict each other for {who}",
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
        "{who}: {output} = {value}, di luar {low}..{high}",
        "{who}: {output} = {value}, outside {low}..{high}",
        "batasi dengan min dan max, atau lebarkan rentang keluaran",
        "limit it with min and max, or widen the output's range",
    ),
    "P107": Kind(
        E,
        "tidak monoton: {who}",
        "not monotone: {who}",
        "perbaiki aturan, atau hapus “monotone:”",
        "mend the rule, or delete `monotone:`",
    ),
    "P108": Kind(
        E,
        "tidak terbukti: {what}",
        "not proved: {what}",
        "sederhanakan tabel atau rumus, atau sempitkan rentang masukan",
        "simplify the table or formula, or narrow the ranges of its inputs",
    ),
    "P109": Kind(
        E,
        "{who}: {count} standar berlaku",
        "{who}: {count} standards hold",
        "beri tepat satu standar tiap jabatan, kelas dan hari",
        "give exactly one standard for each position, class and day",
    ),
    "P110": Kind(
        E,
        "{who}: {output} mempunyai lebih dari {scale} desimal",
        "{who}: {output} has more than {scale} decimals",
        "bulatkan dalam rumus, misalnya round half up(…, {scale})",
        "round in the formula, for example round half up(…, {scale})",
    ),
    "P111": Kind(
        E,
        "{who}: kesalahan “{error}”",
        '{who}: error "{error}"',
        "tangani nilai itu dalam aturan, atau beri “requires:”",
        "handle that value in the rule, or give a `requires:`",
    ),
}
