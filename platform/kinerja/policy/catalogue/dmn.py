"""D10x: what a DMN model from elsewhere holds that rule files cannot."""

from __future__ import annotations

from .kind import E, Kind, W

DMN: dict[str, Kind] = {
    "D101": Kind(
        E,
        "{element}: tipe tidak dapat dipegang berkas aturan ({what_id})",
        "{element}: a type that rule files cannot hold ({what_en})",
        "beri typeRef number, string, boolean atau date, atau daftar dari itu; pecah struktur menjadi beberapa masukan",
        "give it the typeRef number, string, boolean or date, or a list of these; split a structure into several inputs",
    ),
    "D102": Kind(
        E,
        "{element}: ekspresi tidak dapat dipegang berkas aturan ({what_id})",
        "{element}: an expression that rule files cannot hold ({what_en})",
        "tulis ulang dalam FEEL tanpa fungsi luar dan tanpa fungsi sebagai nilai",
        "write it in FEEL without external functions and without functions as values",
    ),
    "D103": Kind(
        E,
        "{element}: tabel tidak dapat dipegang berkas aturan ({what_id})",
        "{element}: a table that rule files cannot hold ({what_en})",
        "ubah tabelnya di penyunting DMN, lalu impor lagi",
        "change the table in a DMN editor, then import again",
    ),
    "D104": Kind(
        E,
        "{element}: belum mempunyai logika",
        "{element}: has no logic",
        "isi tabel atau ekspresinya, atau hapus keputusan itu",
        "give it a table or an expression, or delete the decision",
    ),
    "D105": Kind(
        E,
        "{element}: memerlukan {needed}, yang ditolak",
        "{element}: requires {needed}, which is refused",
        "perbaiki {needed} lebih dahulu",
        "mend {needed} first",
    ),
    "D106": Kind(
        W,
        "{element}: {what_id} tidak ikut diimpor",
        "{element}: {what_en} is not imported",
        "panggil keputusannya langsung",
        "ask for its decisions directly",
    ),
    "D107": Kind(
        W,
        "{element}: batasan nilai “{text}” tidak ikut diimpor",
        '{element}: the constraint "{text}" is not imported',
        "tulis rentang atau daftar kata, atau “constraints:” di kosakata",
        "write a range or a list of words, or `constraints:` in the vocabulary",
    ),
    "D108": Kind(
        E,
        "{element}: ditolak sebagai aturan: {what_id}",
        "{element}: refused as a rule: {what_en}",
        "perbaiki di penyunting DMN, lalu impor lagi",
        "mend it in a DMN editor, then import again",
    ),
}
