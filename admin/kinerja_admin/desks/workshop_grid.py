"""What buttons do to the rows of a grid that is being typed, and decimal commas made into points."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kinerja.services.rulebook.reviewing import Review

from .workshop_words import COMMA

_PIECE = re.compile(r"[+-]?\d+,\d+", re.ASCII)
_ACT = re.compile(r"(tambah|hapus|naik|turun)-(\d{1,4})\Z", re.ASCII)


def moved(cells: Sequence[Sequence[str]], act: str) -> list[list[str]]:
    """The rows after “tambah-3” (a blank one below row 3), “hapus-3”, “naik-3” or “turun-3”, counted from 0; as they were for
    anything else."""
    rows = [list(row) for row in cells]
    found = _ACT.match(act)
    if found is None or int(found[2]) >= len(rows):
        return rows
    name, number = found[1], int(found[2])
    if name == "tambah":
        rows.insert(number + 1, [""] * len(rows[0]))
    elif name == "hapus":
        removed = rows.pop(number)
        if not rows:
            rows.append([""] * len(removed))
    else:
        other = number - 1 if name == "naik" else number + 1
        if 0 <= other < len(rows):
            rows[number], rows[other] = rows[other], rows[number]
    return rows


def mended(text: str, review: Review) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The text with points where the check found decimal commas in cells; and each (as typed, as written)."""
    lines = text.split("\n")
    hints: list[tuple[str, str]] = []
    found = {(one.place.line, one.place.column) for one in review.diagnostics if one.code == COMMA}
    for line, column in sorted(found):
        if not 0 < line <= len(lines):
            continue
        written = lines[line - 1]
        if "|" in written[: column - 1]:  # a cell of a table: each has one remark, for its first comma
            end = written.find("|", column - 1)
            cell = written[column - 1 : end if end >= 0 else None]
            hints += [(piece, piece.replace(",", ".")) for piece in _PIECE.findall(cell)]
            right = _PIECE.sub(lambda piece: piece[0].replace(",", "."), cell)
            lines[line - 1] = written[: column - 1] + right + (written[end:] if end >= 0 else "")
    return "\n".join(lines), tuple(hints)
