"""What the YAML parser objects to, in Indonesian: libyaml and PyYAML speak English only, the officer who mistyped may not."""

from __future__ import annotations

# (a piece of the parser's sentence, ours); the first that occurs is told.
_FAULTS = (
    ("tab character", "ada karakter tab di tempat inden; pakai spasi"),
    ("mapping values are not allowed", "titik dua di tempat yang tidak diharapkan; beri tanda kutip pada teks yang memuat “: ”"),
    ("block sequence entries are not allowed", "tanda “- ” di tempat yang tidak diharapkan; daftar mulai pada baris baru"),
    ("cannot start any token", "tab, @, % atau ` di awal: inden ditulis dengan spasi, teks seperti itu dengan tanda kutip"),
    ("could not find expected ':'", "titik dua sesudah kunci belum ada, atau inden baris ini keliru"),
    ("did not find expected ',' or '}'", "“}” atau koma belum ada"),
    ("expected ',' or '}'", "“}” atau koma belum ada"),
    ("did not find expected ',' or ']'", "“]” atau koma belum ada"),
    ("expected ',' or ']'", "“]” atau koma belum ada"),
    ("did not find expected key", "inden baris ini tidak sama dengan baris-baris setingkatnya"),
    ("'-' indicator", "inden butir daftar ini tidak sama dengan butir lainnya"),
    ("<block end>", "inden baris ini tidak sama dengan baris-baris setingkatnya"),
    ("unexpected end of stream", "tanda kutip atau kurung belum ditutup sampai akhir berkas"),
    ("unexpected document indicator", "tanda kutip belum ditutup"),
    ("unknown escape character", "garis miring terbalik yang tidak dikenal di dalam tanda kutip ganda; pakai tanda kutip tunggal"),
    ("control characters are not allowed", "ada karakter kendali yang tidak tampak; ketik ulang baris itu"),
    ("special characters are not allowed", "ada karakter kendali yang tidak tampak; ketik ulang baris itu"),
    ("<document start>", "ada isi sesudah akhir dokumen, atau kurung yang lebih"),
    ("expected node content", "ada tanda baca tetapi tidak ada nilai"),
    ("chomping or indentation indicator", "sesudah “|” atau “>” baris harus berakhir"),
    ("expected comment or line break", "sesudah “|” atau “>” baris harus berakhir"),
)


def in_indonesian(fault: str) -> str:
    """The parser's sentence in Indonesian; one that is not known stands in brackets, since searching for it helps."""
    return next((ours for piece, ours in _FAULTS if piece in fault), f"penulisannya tidak dapat dibaca ({fault})")
