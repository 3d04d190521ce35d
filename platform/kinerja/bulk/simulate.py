"""Two rule sets on the same population: who moves from one band to another, and what it costs, by agency and class."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from ..core.indonesian import number, rupiah
from ..policy.difference import Change, compare
from ..policy.model import Output, Policy
from .chain import case_chain
from .run import Report, connect, run
from .source import open_population
from .sql.values import name, quote

GROUPS = {"unit": ("perangkat daerah", "agency"), "kelas_jabatan": ("kelas jabatan", "job class")}


@dataclass(frozen=True, slots=True)
class Move:
    output: str
    before: str
    after: str
    cases: int
    up: bool


@dataclass(frozen=True, slots=True)
class Money:
    """Sums of one output, whole rupiah, over cases that both rule sets answer. group: a column, value: its value; "" for all."""

    output: str
    group: str
    value: str
    cases: int
    before: int
    after: int

    @property
    def change(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Spread:
    """How many cases have a band, before and after. group as in Money."""

    output: str
    group: str
    value: str
    band: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Simulation:
    cases: int
    both: int
    moved: int
    before: Report
    after: Report
    changes: tuple[Change, ...]
    moves: tuple[Move, ...]
    money: tuple[Money, ...]
    spreads: tuple[Spread, ...]
    newly_failed: Mapping[str, int]
    newly_answered: int
    main_band: str
    main_money: str
    ceiling: int | None = None

    def total(self, output: str) -> Money | None:
        return next((one for one in self.money if one.output == output and not one.group), None)

    def sentences(self, language: str = "id") -> list[str]:
        return _sentences_id(self) if language == "id" else _sentences_en(self)

    def as_json(self) -> dict[str, Any]:
        total = self.total(self.main_money)
        return {
            "release": self.before.release,
            "draft": self.after.release,
            "cases": self.cases,
            "answered": {"before": self.before.answered, "after": self.after.answered, "both": self.both},
            "rules": [change.as_json() for change in self.changes],
            "movers": {
                "cases": self.moved,
                "moves": [
                    {"output": m.output, "from": m.before, "to": m.after, "cases": m.cases, "up": m.up} for m in self.moves
                ],
            },
            "money": [
                {
                    "output": m.output, "group": m.group, "value": m.value, "cases": m.cases,
                    "before": m.before, "after": m.after, "change": m.change,
                }
                for m in self.money
            ],
            "ceiling": None if self.ceiling is None or total is None else {
                "rupiah": self.ceiling, "after": total.after, "exceeded": total.after > self.ceiling,
            },
            "distribution": [
                {"output": s.output, "group": s.group, "value": s.value, "band": s.band, "before": s.before, "after": s.after}
                for s in self.spreads
            ],
            "errors": {
                "before": dict(self.before.errors), "after": dict(self.after.errors),
                "newly_failed": dict(self.newly_failed), "newly_answered": self.newly_answered,
            },
            "sentences": {"id": self.sentences("id"), "en": self.sentences("en")},
        }  # fmt: skip


def simulate(
    release: Policy,
    draft: Policy,
    folder: Path,
    *,
    on: date | None = None,
    ceiling: int | None = None,
    note: Callable[[str], None] = lambda _: None,
) -> Simulation:
    """The release and the draft on the population of a folder. ceiling: whole rupiah that the main sum may not exceed.

    Raises what `run` raises, for either rule set.
    """
    with TemporaryDirectory(prefix="kinerja-simulasi-") as scratch:
        old, new = Path(scratch) / "release", Path(scratch) / "draft"
        note("aturan yang berlaku …")
        before = run(release, folder, old, on=on, note=note)
        note("rancangan …")
        after = run(draft, folder, new, on=on, note=note)
        with connect(Path(scratch) / "spill") as db:
            columns = open_population(db, release, folder).tables["kasus"].columns
            return _Comparison(db, release, draft, folder, columns, on).run(old, new, before, after, ceiling)


class _Comparison:
    def __init__(
        self,
        db: duckdb.DuckDBPyConnection,
        release: Policy,
        draft: Policy,
        folder: Path,
        columns: Mapping[str, str],
        on: date | None,
    ) -> None:
        self._db, self._release, self._draft, self._folder = db, release, draft, folder
        self._groups = [group for group in GROUPS if group in columns]
        self._outputs = _shared(release, draft, on)

    def run(self, old: Path, new: Path, before: Report, after: Report, ceiling: int | None) -> Simulation:
        groups = "".join(f", k.{name(group)}::VARCHAR AS g_{group}" for group in self._groups)
        pairs = "".join(
            f", a.{name(o.name)} AS {name('a_' + o.name)}, b.{name(o.name)} AS {name('b_' + o.name)}" for o in self._outputs
        )
        self._db.execute(
            f"CREATE TABLE p AS SELECT k.kasus{groups}{pairs} FROM {_parquet(self._folder / 'kasus.parquet')} AS k"
            f" JOIN {_parquet(old / 'hasil.parquet')} AS a ON a.kasus = k.kasus"
            f" JOIN {_parquet(new / 'hasil.parquet')} AS b ON b.kasus = k.kasus"
        )
        bands = [output for output in self._outputs if output.type.values]
        sums = [output for output in self._outputs if output.type.unit == "rupiah" and not output.type.scale]
        main_band = next((output.name for output in bands if output.name == "predikat"), bands[-1].name if bands else "")
        main_money = sums[-1].name if sums else ""
        moved = " OR ".join(f"a_{o.name} IS DISTINCT FROM b_{o.name}" for o in bands) or "FALSE"
        failed = self._db.execute(
            f"SELECT e.code, count(*) FROM {_parquet(new / 'errors.parquet')} AS e"
            f" JOIN {_parquet(old / 'hasil.parquet')} AS a ON a.kasus::VARCHAR = e.kasus GROUP BY 1 ORDER BY 1"
        ).fetchall()
        both = self._count("SELECT count(*) FROM p")
        return Simulation(
            cases=before.cases,
            both=both,
            moved=self._count(f"SELECT count(*) FROM p WHERE {moved}"),
            before=before,
            after=after,
            changes=compare(self._release, self._draft),
            moves=tuple(move for output in bands for move in self._moves(output)),
            money=tuple(one for output in sums for group in ("", *self._groups) for one in self._money(output, group)),
            spreads=tuple(one for output in bands for group in ("", *self._groups) for one in self._spread(output, group)),
            newly_failed={str(code): int(count) for code, count in failed},
            newly_answered=after.answered - both,
            main_band=main_band,
            main_money=main_money,
            ceiling=ceiling,
        )

    def _moves(self, output: Output) -> list[Move]:
        a, b = name("a_" + output.name), name("b_" + output.name)
        found = self._db.execute(f"SELECT {a}, {b}, count(*) FROM p WHERE {a} IS DISTINCT FROM {b} GROUP BY 1, 2").fetchall()
        order = {value: index for index, value in enumerate(output.type.values)}
        rank = [(order.get(old, len(order)), order.get(new, len(order)), old, new, count) for old, new, count in found]
        return [
            Move(output.name, str(old), str(new), int(count), i > j)
            for i, j, old, new, count in sorted(rank, key=lambda row: row[:2])
        ]

    def _money(self, output: Output, group: str) -> list[Money]:
        a, b = name("a_" + output.name), name("b_" + output.name)
        value = f"g_{group}" if group else "''"
        grouped = f" GROUP BY {value}" if group else ""
        found = self._db.execute(
            f"SELECT {value}, count(*), coalesce(sum({a}), 0), coalesce(sum({b}), 0) FROM p{grouped}"
        ).fetchall()
        sums = [Money(output.name, group, str(row[0]), int(row[1]), int(row[2]), int(row[3])) for row in found]
        return sorted(sums, key=lambda one: _ordered(one.value))

    def _spread(self, output: Output, group: str) -> list[Spread]:
        value = f"g_{group}" if group else "''"
        a, b = name("a_" + output.name), name("b_" + output.name)
        counted = {
            (str(one), str(band)): (int(before), int(after))
            for one, band, before, after in self._db.execute(
                f"SELECT v, band, sum(x), sum(y) FROM (SELECT {value} AS v, {a} AS band, 1 AS x, 0 AS y FROM p"
                f" UNION ALL SELECT {value}, {b}, 0, 1 FROM p) GROUP BY 1, 2"
            ).fetchall()
        }
        values = sorted({one for one, _ in counted}, key=_ordered)
        return [
            Spread(output.name, group, one, band, *counted.get((one, band), (0, 0)))
            for one in values
            for band in output.type.values
        ]

    def _count(self, sql: str) -> int:
        row = self._db.execute(sql).fetchone()
        return int(row[0]) if row else 0


def _ordered(value: str) -> tuple[bool, str]:
    """Numbers by size, before texts by letter."""
    return not value.isdigit(), value.zfill(12) if value.isdigit() else value


def _shared(release: Policy, draft: Policy, on: date | None) -> list[Output]:
    """Outputs of cases that both rule sets give in the same type, in the order of the chain."""
    theirs = {
        output.name: output
        for link in case_chain(draft, on).links
        if not link.decision.for_each
        for output in link.decision.outputs
    }
    found: list[Output] = []
    for link in case_chain(release, on).links:
        if link.decision.for_each:
            continue
        for output in link.decision.outputs:
            other = theirs.get(output.name)
            if other is not None and other.type.base is output.type.base and output.name not in {one.name for one in found}:
                found.append(output)
    return found


def _parquet(file: Path) -> str:
    return f"read_parquet({quote(str(file))})"


# ── in words ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _sentences_id(s: Simulation) -> list[str]:
    found = [f"{number(s.cases)} kasus dihitung dua kali: dengan aturan yang berlaku dan dengan rancangan."]
    own = [move for move in s.moves if move.output == s.main_band]
    if not own:
        found.append("Tidak seorang pun berpindah predikat.")
    else:
        up = sum(move.cases for move in own if move.up)
        down = sum(move.cases for move in own if not move.up)
        found.append(f"{number(up + down)} kasus berpindah {s.main_band}: {number(up)} naik, {number(down)} turun.")
        found += [f"{number(move.cases)} kasus dari {move.before} menjadi {move.after}." for move in _largest(own)]
    if (total := s.total(s.main_money)) is not None:
        word = "tetap" if not total.change else "naik" if total.change > 0 else "turun"
        by = "" if not total.change else f" {rupiah(abs(total.change))}"
        found.append(f"Jumlah {s.main_money} {word}{by}: dari {rupiah(total.before)} menjadi {rupiah(total.after)} sebulan.")
        if s.ceiling is not None:
            rest = s.ceiling - total.after
            found.append(
                f"Jumlah itu {rupiah(-rest)} di atas pagu {rupiah(s.ceiling)}."
                if rest < 0
                else f"Jumlah itu di bawah pagu {rupiah(s.ceiling)}; sisa {rupiah(rest)}."
            )
    if s.newly_failed:
        codes = ", ".join(f"{code} ({number(count)})" for code, count in s.newly_failed.items())
        found.append(f"{number(sum(s.newly_failed.values()))} kasus yang dahulu terjawab kini gagal: {codes}.")
    if s.newly_answered:
        found.append(f"{number(s.newly_answered)} kasus yang dahulu gagal kini terjawab.")
    return found


def _sentences_en(s: Simulation) -> list[str]:
    found = [f"{s.cases:,} cases were computed twice: with the rules in force and with the draft."]
    own = [move for move in s.moves if move.output == s.main_band]
    if not own:
        found.append("Nobody moves to another rating.")
    else:
        up = sum(move.cases for move in own if move.up)
        down = sum(move.cases for move in own if not move.up)
        found.append(f"{up + down:,} cases change {s.main_band}: {up:,} up, {down:,} down.")
        found += [f"{move.cases:,} cases from {move.before} to {move.after}." for move in _largest(own)]
    if (total := s.total(s.main_money)) is not None:
        word = "stays" if not total.change else "rises" if total.change > 0 else "falls"
        by = "" if not total.change else f" by Rp {abs(total.change):,}"
        found.append(f"The sum of {s.main_money} {word}{by}: from Rp {total.before:,} to Rp {total.after:,} a month.")
        if s.ceiling is not None:
            rest = s.ceiling - total.after
            found.append(
                f"That is Rp {-rest:,} above the ceiling of Rp {s.ceiling:,}."
                if rest < 0
                else f"That is below the ceiling of Rp {s.ceiling:,}; Rp {rest:,} remain."
            )
    if s.newly_failed:
        codes = ", ".join(f"{code} ({count:,})" for code, count in s.newly_failed.items())
        found.append(f"{sum(s.newly_failed.values()):,} cases that were answered now fail: {codes}.")
    if s.newly_answered:
        found.append(f"{s.newly_answered:,} cases that failed are now answered.")
    return found


def _largest(moves: Sequence[Move]) -> list[Move]:
    return sorted(moves, key=lambda move: -move.cases)[:6]
