"""Charts of a simulation as plain SVG, drawn from its JSON document: before beside after, every figure written out.

No script and no outside style; before and after differ in texture as well as colour, and each bar has a <title>.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from html import escape
from typing import Any

from ...core import indonesian

WIDTH, BAR, GAP, TOP, LEFT, RIGHT = 500, 14, 11, 34, 126, 104
MOST = 20
_BEFORE, _AFTER, _UP, _DOWN, _INK, _PALE = "#b9d0d4", "#0f4c5c", "#4d7c5a", "#9e2a2b", "#1f2933", "#4a5763"
_FONT = 'font-family="system-ui, Noto Sans, Liberation Sans, sans-serif" font-size="12.5"'
_WORDS = {
    "before": ("sekarang", "now"),
    "after": ("rancangan", "draft"),
    "bands": ("Pegawai menurut {0}", "Employees by {0}"),
    "money": ("Perubahan setahun tiap perangkat daerah, rupiah", "Change in a year by agency, rupiah"),
    "fair": ("Pegawai pada dua predikat teratas, persen", "Employees in the two best ratings, percent"),
    "budget": ("Terpakai dari pagu setahun, persen", "Used of the yearly budget, percent"),
    "ceiling": ("pagu", "ceiling"),
}

Names = Mapping[str, str]


def charts(document: Mapping[str, Any], language: str = "id", names: Names | None = None) -> dict[str, str]:
    """Name → SVG: bands, money, fairness, and budget where there is one. names: agency code → what people call it."""
    drawn = {
        "bands": _bands(document, language),
        "money": _money(document, language, names or {}),
        "fairness": _fairness(document, language, names or {}),
        "budget": _budget(document, language, names or {}),
    }
    return {name: svg for name, svg in drawn.items() if svg}


def _bands(document: Mapping[str, Any], language: str) -> str:
    main = document["main"]["band"]
    rows = [one for one in document["distribution"] if one["output"] == main and not one["group"]]
    title = _say("bands", language).format(main.replace("_", " "))
    return _pairs(title, [(one["band"], one["before"], one["after"]) for one in rows], language)


def _fairness(document: Mapping[str, Any], language: str, names: Names) -> str:
    rows = [one for one in document["fairness"] if one["group"] == "unit"][:MOST]
    shown = [(names.get(f["value"], f["value"]), f["top_percent"]["before"], f["top_percent"]["after"]) for f in rows]
    return _pairs(_say("fair", language), shown, language, most=Fraction(100))


def _budget(document: Mapping[str, Any], language: str, names: Names) -> str:
    rows = [one for one in document["budget"]["ceilings"] if one["unit"] and one["rupiah"]][:MOST]
    shown = [
        (names.get(c["unit"], c["unit"]), Fraction(c["before"] * 100) / c["rupiah"], Fraction(c["after"] * 100) / c["rupiah"])
        for c in rows
    ]
    return _pairs(_say("budget", language), shown, language, mark=Fraction(100), digits=1)


def _pairs(
    title: str,
    rows: Sequence[tuple[str, Any, Any]],
    language: str,
    *,
    most: Fraction | None = None,
    mark: Fraction | None = None,
    digits: int | None = None,
) -> str:
    """Two bars a row: now above, draft below. mark: a line at that value."""
    if not rows:
        return ""
    top = most or max([Fraction(value) for row in rows for value in row[1:]] + ([mark] if mark else []) + [Fraction(1)])
    parts, y = [_legend(language)], TOP + 22
    for label, before, after in rows:
        parts.append(_text(LEFT - 8, y + BAR + 3, label, "end"))
        for row, (value, fill, word) in enumerate(((before, _BEFORE, "before"), (after, _AFTER, "after"))):
            written, at = _number(value, language, digits), y + row * BAR
            long = _length(Fraction(value), top)
            fill = _DOWN if mark is not None and word == "after" and value > mark else fill
            parts.append(
                f'<rect x="{LEFT}" y="{at}" width="{long}" height="{BAR - 1}" fill="{fill}"><title>'
                f"{escape(label)}, {_say(word, language)}: {written}</title></rect>"
            )
            parts.append(_text(LEFT + long + 6, at + BAR - 3, written, "start", bold=word == "after"))
        y += 2 * BAR + GAP
    if mark is not None:
        x = LEFT + _length(mark, top)
        parts.append(f'<path d="M{x} {TOP + 16} V{y}" stroke="{_INK}" stroke-dasharray="4 3" fill="none"/>')
        parts.append(_text(x, TOP + 12, _say("ceiling", language), "middle"))
    return _whole(title, y, parts)


def _money(document: Mapping[str, Any], language: str, names: Names) -> str:
    """Change by agency from a line: more to the right, less to the left; the line in the middle where there are both."""
    main = document["main"]["money"]
    rows = [one for one in document["money"] if one["output"] == main and one["group"] == "unit"][:MOST]
    changes = [(names.get(one["value"], one["value"]), Fraction(one["yearly"]["change"])) for one in rows]
    if not changes:
        return ""
    top = max(max(abs(change) for _, change in changes), Fraction(1))
    signs = {change > 0 for _, change in changes if change}
    room = WIDTH - LEFT - RIGHT
    half = (WIDTH - LEFT - 2 * RIGHT) // 2 if len(signs) == 2 else room
    zero = LEFT + RIGHT + half if len(signs) == 2 else LEFT if True in signs or not signs else LEFT + RIGHT + room
    y = TOP
    parts = []
    for label, change in changes:
        long = _length(abs(change), top, half)
        x = zero if change >= 0 else zero - long
        fill, written = (_UP if change >= 0 else _DOWN), ("+" if change > 0 else "") + _number(change, language)
        parts.append(_text(LEFT - 8, y + BAR - 2, label, "end"))
        parts.append(
            f'<rect x="{x}" y="{y}" width="{long}" height="{BAR}" fill="{fill}"><title>{escape(label)}: {written}</title></rect>'
        )
        at, anchor = (zero + long + 6, "start") if change >= 0 else (zero - long - 6, "end")
        parts.append(_text(at, y + BAR - 2, written, anchor, bold=True))
        y += BAR + GAP
    parts.append(f'<path d="M{zero} {TOP - 6} V{y - 4}" stroke="{_PALE}" fill="none"/>')
    return _whole(_say("money", language), y, parts)


def _whole(title: str, height: int, parts: Sequence[str]) -> str:
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="100%" role="img" {_FONT}>'
        f"<title>{escape(title)}</title>"
    )
    named = f'<text x="0" y="16" fill="{_INK}" font-size="14" font-weight="600">{escape(title)}</text>'
    return "".join([head, named, *parts, "</svg>"])


def _legend(language: str) -> str:
    now, draft = _say("before", language), _say("after", language)
    return (
        f'<rect x="{LEFT}" y="{TOP - 8}" width="12" height="12" fill="{_BEFORE}"/>{_text(LEFT + 18, TOP + 2, now, "start")}'
        f'<rect x="{LEFT + 110}" y="{TOP - 8}" width="12" height="12" fill="{_AFTER}"/>'
        f"{_text(LEFT + 128, TOP + 2, draft, 'start')}"
    )


def _length(value: Fraction, top: Fraction, whole: int = WIDTH - LEFT - RIGHT) -> int:
    """Of a bar, whole pixels; something that is not nothing has at least one."""
    return max(int(value * whole / top), 1 if value else 0)


def _text(x: int, y: int, text: str, anchor: str, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    halo = 'stroke="#fff" stroke-width="3" paint-order="stroke"'
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{_INK}" {halo}{weight}>{escape(text)}</text>'


def _number(value: Any, language: str, digits: int | None = None) -> str:
    text = indonesian.number(Fraction(value), digits)
    return text.translate(str.maketrans(",.", ".,")) if language == "en" else text


def _say(word: str, language: str) -> str:
    return _WORDS[word][language == "en"]
