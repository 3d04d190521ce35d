"""The summary that the demo prints: plain text in Indonesian, one screen, the same every time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from textwrap import wrap

from ..core.indonesian import number, rupiah

WIDTH = 100
LABEL = 16
BAR = 28


@dataclass(frozen=True, slots=True)
class Account:
    """A sign-in of the demo city and what its owner can try."""

    username: str
    name: str
    does: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What the demo did. why, lift: lines ready to print; letters: headline and paths; sights: what else
    happened, each followed by where to look."""

    title: str
    cases: int
    agencies: int
    agreed: int
    evaluated: int
    incidents: int
    ratings: Mapping[str, int]
    allowance: Fraction
    paid: int
    waiting: str
    open_by_task: Mapping[str, int]
    why: tuple[str, ...]
    lift: tuple[str, ...]
    letters: tuple[str, ...]
    accounts: tuple[Account, ...]
    password: str
    next_command: str
    sights: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def render(summary: Summary) -> str:
    lines = [summary.title, "═" * len(summary.title), ""]
    lines += _entry("Kasus", f"{number(summary.cases)} pegawai di {summary.agencies} perangkat daerah")
    lines += _entry(
        "Dua mesin", f"dua mesin sama {number(summary.agreed)}/{number(summary.evaluated)} · insiden {number(summary.incidents)}"
    )
    lines += _ratings(summary.ratings)
    lines += _entry("TPP", f"{rupiah(summary.allowance)} per bulan untuk {number(summary.paid)} pegawai")
    lines += _entry("Waktu tunggu", summary.waiting)
    lines += _entry("Masih terbuka", " · ".join(f"{title} {count}" for title, count in summary.open_by_task.items()))
    lines += _block("Mengapa?", summary.why)
    lines += _block("Agar naik", summary.lift)
    lines += _block("Surat", summary.letters)
    lines += _block("Juga terlihat", summary.sights)
    lines += _block("Catatan", summary.notes)
    lines += _block(
        "Berikutnya",
        (
            summary.next_command,
            f"masuk dengan kata sandi “{summary.password}” sebagai:",
            *_columns([(account.username, account.name, account.does) for account in summary.accounts]),
        ),
    )
    return "\n".join(lines) + "\n"


def _entry(label: str, text: str) -> list[str]:
    rows = wrap(text, WIDTH - LABEL, break_long_words=False, break_on_hyphens=False)
    return [(label if index == 0 else "").ljust(LABEL) + row for index, row in enumerate(rows)]


def _block(label: str, rows: tuple[str, ...]) -> list[str]:
    if not rows:
        return []
    lines = []
    for row in rows:
        indent = " " * (len(row) - len(row.lstrip()))
        lines += wrap(
            row,
            WIDTH - LABEL,
            initial_indent="",
            subsequent_indent=indent + ("  " if indent else ""),
            break_long_words=False,
            break_on_hyphens=False,
            drop_whitespace=True,
            replace_whitespace=False,
        )
    return ["", *((label if index == 0 else "").ljust(LABEL) + line for index, line in enumerate(lines))]


def _ratings(ratings: Mapping[str, int]) -> list[str]:
    if not ratings:
        return _entry("Predikat", "belum ada")
    most, widest = max(ratings.values()), max(len(name) for name in ratings)
    return [
        ("Predikat" if index == 0 else "").ljust(LABEL)
        + f"{name.ljust(widest)} {number(count).rjust(5)} {'█' * max(1, round(BAR * count / most)) if count else ''}".rstrip()
        for index, (name, count) in enumerate(ratings.items())
    ]


def _columns(rows: list[tuple[str, str, str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    return [f"  {user.ljust(widths[0])}  {name.ljust(widths[1])}  {does}" for user, name, does in rows]
