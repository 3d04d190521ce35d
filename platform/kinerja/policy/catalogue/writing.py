"""R00x file and YAML, R01x values, R02x names and the requirements graph."""

from __future__ import annotations

from .kind import E, Kind, W

WRITING: dict[str, Kind] = {
    "R001": Kind(
        E, "{what_id}", "{what_en}", "periksa nama, letak dan izin berkas", "check the file's name, folder and permissions"
    ),
    "R002": Kind(
        E,
        "YAML tidak sah: {what_id}",
        "malformed YAML: {what_en}",
        "perbaiki tanda baca atau inden di baris itu; sel tabel ditulis dalam blok “table: |”",
        "mend the punctuation or indentation on that line; table cells belong in a `table: |` block",
    ),
    "R003": Kind(
        E,
        "kunci “{key}” ditulis dua kali (pertama di baris {line})",
        'key "{key}" is written twice (first on line {line})',
        "hapus salah satu",
        "delete one of them",
    ),
    "R004": Kind(
        E,
        "kunci “{key}” tidak dikenal{hint_id}",
        'unknown key "{key}"{hint_en}',
        "pakai salah satu dari: {known}",
        "use one of: {known}",
    ),
    "R005": Kind(E, "kunci “{key}” belum ada", 'key "{key}" is missing', "tambahkan “{key}:” ({doc})", "add `{key}:` ({doc})"),
    "R006": Kind(
        E, "di sini diharapkan {expected_id}", "expected {expected_en} here", "tulis {expected_id}", "write {expected_en}"
    ),
    "R007": Kind(
        E,
        "{what_id} tidak dipakai dalam berkas aturan",
        "{what_en} is not used in rule files",
        "tulis isinya langsung; teks yang mulai dengan & * ! diberi tanda kutip",
        "write its content out; put text that begins with & * ! in quotes",
    ),
    "R008": Kind(
        E, "berkas ditolak: {what_id}", "file refused: {what_en}", "pecah menjadi beberapa berkas", "split it into several files"
    ),
    "R009": Kind(
        W,
        "berkas “{name}” tidak dibaca: {why_id}",
        'file "{name}" is not read: {why_en}',
        "pindahkan atau ganti akhirannya menjadi .yaml",
        "move it, or make it end in .yaml",
    ),
    "R010": Kind(
        E,
        "“{text}” bukan angka",
        '"{text}" is not a number',
        "tulis angka dengan titik desimal, misalnya 76.61",
        "write digits with a decimal point, for example 76.61",
    ),
    "R011": Kind(
        E,
        "{first} atau {second}? Koma memisahkan dua nilai; desimal ditulis dengan titik",
        "{first} or {second}? A comma separates two values; decimals take a point",
        "tulis {point}; bila memang dua nilai, beri spasi: {first}, {second}",
        "write {point}; if you mean two values, put a blank: {first}, {second}",
    ),
    "R012": Kind(
        E,
        "“{text}” bukan tanggal",
        '"{text}" is not a date',
        "tulis TTTT-BB-HH, misalnya 2026-06-30",
        "write YYYY-MM-DD, for example 2026-06-30",
    ),
    "R013": Kind(
        E,
        "“{text}” bukan pilihan yang ada{hint_id}",
        '"{text}" is not one of the choices{hint_en}',
        "pakai salah satu dari: {known}",
        "use one of: {known}",
    ),
    "R014": Kind(
        E,
        "“{text}” bukan rentang",
        '"{text}" is not a range',
        "tulis bawah..atas, misalnya 0..100",
        "write low..high, for example 0..100",
    ),
    "R015": Kind(
        E,
        "“{text}” memakai titik sebagai pemisah ribuan",
        '"{text}" uses points to group thousands',
        "tulis {plain}",
        "write {plain}",
    ),
    "R016": Kind(
        E,
        "“{key}” tidak cocok dengan {what_id}",
        '"{key}" does not go with {what_en}',
        "hapus “{key}”, atau ubah {what_id}",
        'delete "{key}", or change {what_en}',
    ),
    "R017": Kind(
        E,
        "koma memotong teks: “{text}” terbaca sebagai kunci",
        'a comma cuts the text: "{text}" is read as a key',
        "beri tanda kutip pada seluruh teks yang memuat koma",
        "put the whole text that holds the comma in quotes",
    ),
    "R018": Kind(
        E,
        "teks ini tidak dapat dipakai: {why_id}",
        "this text cannot be used: {why_en}",
        "tulis {expected_id}",
        "write {expected_en}",
    ),
    "R019": Kind(
        E,
        "sel “{cell}” bukan penulisan yang dikenal di sini",
        'the cell "{cell}" is not written as cells are here',
        "tulis  {better}",
        "write  {better}",
    ),
    "R020": Kind(E, "nama “{name}” tidak dikenal{hint_id}", 'unknown name "{name}"{hint_en}', "{remedy_id}", "{remedy_en}"),
    "R021": Kind(
        E,
        "“{name}” ada di {places}",
        '"{name}" exists in {places}',
        "pilih satu dengan “from:”, misalnya {name}: {{from: {first}.{name}}}",
        "choose one with `from:`, for example {name}: {{from: {first}.{name}}}",
    ),
    "R022": Kind(
        E,
        "nama “{name}” dipakai untuk dua hal: {first_id} dan {second_id}",
        'the name "{name}" stands for two things: {first_en} and {second_en}',
        "ganti salah satu nama",
        "rename one of them",
    ),
    "R023": Kind(
        E,
        "“{name}” tidak dapat menjadi nama",
        '"{name}" cannot be a name',
        "pakai huruf kecil, angka dan garis bawah, mulai dengan huruf; bukan kata FEEL",
        "use lower-case letters, digits and underscores, beginning with a letter; not a FEEL word",
    ),
    "R024": Kind(
        E,
        "“{name}” tidak terjangkau dari sini: {why_id}",
        '"{name}" cannot be reached from here: {why_en}',
        "{remedy_id}",
        "{remedy_en}",
    ),
    "R025": Kind(
        E,
        "lingkaran: {cycle}",
        "a cycle: {cycle}",
        "putuskan salah satu hubungan; keputusan tidak boleh menunggu dirinya sendiri",
        "cut one of the links; a decision cannot wait for itself",
    ),
    "R026": Kind(
        E,
        "“{name}” menerima {expected} masukan, di sini ada {given}",
        '"{name}" takes {expected} arguments, here are {given}',
        "panggil {signature}",
        "call {signature}",
    ),
    "R027": Kind(
        E,
        "“{name}” sudah ada di {other}",
        '"{name}" exists already in {other}',
        "ganti nama, atau jadikan versi lain dengan “effective” yang tidak bertumpuk",
        "rename it, or make it another version with an `effective` that does not overlap",
    ),
    "R028": Kind(
        E,
        "versi {name} tidak sepadan: {why_id}",
        "the versions of {name} do not match: {why_en}",
        "samakan keluaran dan “for_each” semua versi",
        "give all versions the same outputs and `for_each`",
    ),
    "R029": Kind(
        E,
        "pengecualian {name} tidak dapat dipakai: {why_id}",
        "exception {name} cannot be used: {why_en}",
        "samakan keluarannya dengan aturan umum, atau bedakan urutannya (dasar hukum, ruang lingkup, tanggal)",
        "give it the general rule's outputs, or another rank (instrument, scope, date)",
    ),
}
