"""Decimals in cells of decision tables: 88.31 in a rule file, 88,31 on an officer's sheet.

Only a point (or comma) between two digits is meant, outside quotes, and never the two points of a range. A cell that calls a
function is left as it is, for there a comma separates arguments. Lists have a blank after their commas on both sides.
"""

from __future__ import annotations

import re

_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_COMMA = re.compile(r"(?<=\d),(?=\d)")
_CALL = re.compile(r"[^\W\d]\w*\s*\(")
_QUOTED = re.compile(r'("(?:[^"\\]|\\.)*")')


def to_indonesian(cell: str) -> str:
    """[76.61..88.31) → [76,61..88,31). Left as it is where the way back would not lead here."""
    changed = _outside(cell, _POINT, ",")
    return changed if not _COMMA.search(cell) and from_indonesian(changed) == cell else cell


def from_indonesian(cell: str) -> str:
    return _outside(cell, _COMMA, ".")


def _outside(cell: str, pattern: re.Pattern[str], new: str) -> str:
    if _CALL.search(cell) and not cell.lstrip().startswith("not"):
        return cell
    return "".join(part if part.startswith('"') else pattern.sub(new, part) for part in _QUOTED.split(cell))
