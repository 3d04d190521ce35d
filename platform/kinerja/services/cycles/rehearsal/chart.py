"""The chart of a rehearsal, drawn as SVG: work and missed deadlines by week, the busiest people, the offices that fall behind."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from ....core.indonesian import long_date, number
from .report import Report

WIDTH, MARGIN = 960, 40
INK, FAINT, DONE, MISSED, PAPER = "#1f2a37", "#6b7280", "#33658a", "#b3261e", "#ffffff"
FONT = "font-family=\"system-ui, 'Segoe UI', sans-serif\""
WEEKS_HIGH, ROW = 190, 24


def chart(report: Report) -> str:
    """One picture, the same for the same report; words in Indonesian."""
    parts = [_text(MARGIN, 38, f"Gladi siklus {report.title}", 22, INK, "700"), _text(MARGIN, 62, _lead(report), 14, FAINT)]
    y = 96
    parts.append(_text(MARGIN, y, "Tugas selesai dan tenggat terlewat tiap minggu", 15, INK, "600"))
    parts.append(_weeks(report, y + 16))
    y += 16 + WEEKS_HIGH + 80
    half = (WIDTH - 3 * MARGIN) // 2
    left = [(line.name, line.tasks, f"{line.tasks} tugas", DONE) for line in report.load[:8]]
    right = [(line.name, line.missed, f"{line.missed} dari {number(line.tasks)}", MISSED) for line in report.offices[:8]]
    parts.append(_text(MARGIN, y, "Beban terbanyak dalam satu minggu", 15, INK, "600"))
    parts.append(_bars(left, MARGIN, y + 14, half))
    parts.append(_text(MARGIN * 2 + half, y, "Tenggat terlewat tiap perangkat daerah", 15, INK, "600"))
    parts.append(_bars(right, MARGIN * 2 + half, y + 14, half))
    height = y + 14 + max(len(left), len(right), 1) * ROW + MARGIN
    label = escape(f"Gladi siklus {report.title}: {_lead(report)}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" role="img" '
        f'aria-label="{label}" {FONT}><rect width="{WIDTH}" height="{height}" fill="{PAPER}"/>' + "".join(parts) + "</svg>\n"
    )


def _lead(report: Report) -> str:
    neck = f" · tersendat di “{report.bottleneck}”" if report.bottleneck else ""
    return (
        f"{number(report.cases)} kasus, {number(report.finished)} selesai sampai {long_date(report.last)} · "
        f"{number(report.missed)} tenggat terlewat{neck}"
    )


def _weeks(report: Report, top: int) -> str:
    if not report.weeks:
        return _text(MARGIN, top + 20, "tidak ada tugas", 13, FAINT)
    first, last = report.weeks[0].week, report.weeks[-1].week
    count = (last - first).days // 7 + 1
    step = (WIDTH - 2 * MARGIN) / count
    wide = max(2.0, step * 0.72)
    most = max(line.done + line.missed for line in report.weeks)
    floor = top + WEEKS_HIGH
    parts = [f'<line x1="{MARGIN}" y1="{floor}" x2="{WIDTH - MARGIN}" y2="{floor}" stroke="{FAINT}" stroke-width="1"/>']
    month = 0
    shown = -100.0
    for line in report.weeks:
        x = MARGIN + (line.week - first).days // 7 * step
        high = line.done * (WEEKS_HIGH - 20) / most
        bad = line.missed * (WEEKS_HIGH - 20) / most
        title = escape(f"minggu {long_date(line.week)}: {line.done} selesai, {line.missed} terlewat")
        parts.append(
            f"<g><title>{title}</title>"
            f'<rect x="{x:.1f}" y="{floor - high:.1f}" width="{wide:.1f}" height="{high:.1f}" fill="{DONE}"/>'
            f'<rect x="{x:.1f}" y="{floor - high - bad:.1f}" width="{wide:.1f}" height="{bad:.1f}" fill="{MISSED}"/></g>'
        )
        if line.week.month != month and x - shown > 56:
            month, shown = line.week.month, x
            parts.append(_text(x, floor + 18, _month(line.week.month) + f" {line.week.year}", 12, FAINT))
    parts.append(_text(WIDTH - MARGIN, top + 8, f"paling banyak {number(most)} seminggu", 12, FAINT, anchor="end"))
    for place, (colour, words) in enumerate(((DONE, "selesai"), (MISSED, "tenggat terlewat"))):
        x = MARGIN + place * 110
        parts.append(f'<rect x="{x}" y="{floor + 30}" width="12" height="12" fill="{colour}"/>')
        parts.append(_text(x + 18, floor + 41, words, 12, INK))
    return "".join(parts)


def _bars(lines: Sequence[tuple[str, int, str, str]], left: int, top: int, width: int) -> str:
    if not lines:
        return _text(left, top + 20, "tidak ada", 13, FAINT)
    names, numbers = 190, 90
    most = max(max(value for _, value, _, _ in lines), 1)
    parts = []
    for place, (name, value, words, colour) in enumerate(lines):
        y = top + place * ROW
        long = value * (width - names - numbers) / most
        short = name if len(name) <= 26 else name[:25].rstrip() + "…"
        parts.append(_text(left, y + 16, short, 13, INK))
        parts.append(
            f'<rect x="{left + names}" y="{y + 5}" width="{max(long, 1 if value else 0):.1f}" height="13" fill="{colour}"/>'
        )
        parts.append(_text(left + names + max(long, 1) + 8, y + 16, words, 12, FAINT))
    return "".join(parts)


def _month(month: int) -> str:
    return ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")[month - 1]


def _text(x: float, y: float, words: str, size: int, fill: str, weight: str = "400", anchor: str = "start") -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" font-weight="{weight}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )
