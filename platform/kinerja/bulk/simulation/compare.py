"""Two rule sets on the same population: who moves from one band to another, and what it costs, by agency, class and level."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from ...engine.integer.plan import LIST_POLICIES
from ...policy.difference import compare
from ...policy.model import Output, Policy
from ..chain import case_chain
from ..run import Report, connect
from ..source import open_population
from ..sql.values import name, quote
from .model import GROUPS, Budget, Ceiling, Money, Month, Person
from .result import Simulation
from .runs import Runs
from .tally import Tally, ordered

EMPLOYEE, MONTH = "pegawai", "bulan_bayar"
"""Columns of `kasus` that only a simulation reads: whose row it is, and of which month its money is."""

PEOPLE = "orang.parquet"
RATING = "predikat"
UNIT = "unit"
NOTHING = "–"


def simulate(
    release: Policy,
    draft: Policy,
    folder: Path,
    *,
    on: date | None = None,
    ceiling: int | None = None,
    budget: Budget | None = None,
    kept: Path | None = None,
    facts: str = "",
    note: Callable[[str], None] = lambda _: None,
) -> Simulation:
    """The release and the draft on the population of a folder.

    ceiling: whole rupiah that the main sum may not exceed in a month; budget: what it may not exceed in a year. kept: a folder in
    which runs are kept, by rules and `facts` (a digest of the population). Raises what `run` raises, for either rule set.
    """
    with TemporaryDirectory(prefix="kinerja-simulasi-") as scratch:
        runs = Runs(folder, kept or Path(scratch) / "hasil", facts)
        note("aturan yang berlaku …")
        before, old = runs.run(release, on, note)
        note("rancangan …")
        after, new = (before, old) if draft.fingerprint == release.fingerprint else runs.run(draft, on, note, old)
        with connect(Path(scratch) / "spill") as db:
            columns = open_population(db, release, folder).tables["kasus"].columns
            comparison = _Comparison(db, release, draft, columns, on, lasting=kept is not None and bool(facts))
            return comparison.run(folder, old, new, before, after, ceiling, budget or Budget())


class _Comparison:
    def __init__(
        self,
        db: duckdb.DuckDBPyConnection,
        release: Policy,
        draft: Policy,
        columns: Mapping[str, str],
        on: date | None,
        *,
        lasting: bool = False,
    ) -> None:
        """lasting: runs are kept, so that who is whose and in which group is worth keeping beside the release's."""
        self._lasting = lasting
        self._db, self._release, self._draft, self._columns = db, release, draft, columns
        self._groups = [group for group in GROUPS if group in columns]
        shared = _shared(release, draft, on)
        self._bands = [output for output in shared if output.type.values]
        self._sums = [output for output in shared if output.type.unit == "rupiah" and not output.type.scale]
        self._main_band = next((o.name for o in self._bands if o.name == RATING), self._bands[-1].name if self._bands else "")
        self._main_money = self._sums[-1].name if self._sums else ""

    def run(
        self, folder: Path, old: Path, new: Path, before: Report, after: Report, ceiling: int | None, budget: Budget
    ) -> Simulation:
        self._pair(folder, old, new)
        months = max(self._count("SELECT count(DISTINCT bulan) FROM p"), 1)
        tallies = [self._tally(output) for output in self._bands]
        money = tuple(self._money(months))
        moved = " OR ".join(f"{_a(o)} IS DISTINCT FROM {_b(o)}" for o in self._bands) or "FALSE"
        failed = self._db.execute(
            f"SELECT e.code, count(*) FROM {_parquet(new / 'errors.parquet')} AS e"
            f" JOIN {_parquet(old / 'hasil.parquet')} AS a ON a.kasus::VARCHAR = e.kasus GROUP BY 1 ORDER BY 1"
        ).fetchall()
        both = self._count("SELECT count(*) FROM p")
        return Simulation(
            cases=before.cases,
            employees=self._count(f"SELECT count(DISTINCT {self._employee()}) FROM {_parquet(folder / 'kasus.parquet')} AS k"),
            months=months,
            both=both,
            moved=self._count(f"SELECT count(*) FROM p WHERE terakhir AND ({moved})"),
            before=before,
            after=after,
            changes=compare(self._release, self._draft),
            moves=tuple(move for tally in tallies for move in tally.moves()),
            money=money,
            by_month=tuple(self._by_month()),
            spreads=tuple(spread for tally in tallies for spread in tally.spreads()),
            fairness=tuple(one for tally in tallies if tally.output.name == self._main_band for one in tally.fairness()),
            ceilings=tuple(_ceilings([one for one in money if one.output == self._main_money], budget)),
            hidden={group: number for tally in tallies[:1] for group, number in tally.hidden.items()},
            newly_failed={str(code): int(count) for code, count in failed},
            newly_answered=after.answered - both,
            main_band=self._main_band,
            main_money=self._main_money,
            ceiling=ceiling,
            basis=budget.basis,
            people=tuple(self._people(months)),
        )

    def _employee(self) -> str:
        return f"k.{EMPLOYEE}::VARCHAR" if EMPLOYEE in self._columns else "k.kasus::VARCHAR"

    def _pair(self, folder: Path, old: Path, new: Path) -> None:
        """Table p: the rows that both rule sets answer. `terakhir`: the row that counts for its employee's bands."""
        pairs = "".join(
            f", a.{name(o.name)} AS {_a(o)}, b.{name(o.name)} AS {_b(o)}" for o in dict.fromkeys((*self._bands, *self._sums))
        )
        before, after = _parquet(old / "hasil.parquet"), _parquet(new / "hasil.parquet")
        if self._lasting:
            self._keep_people(folder, old)
            side_by_side = f"{_parquet(old / PEOPLE)} AS k POSITIONAL JOIN {before} AS a POSITIONAL JOIN {after} AS b"
            apart = "k.kasus IS DISTINCT FROM a.kasus OR k.kasus IS DISTINCT FROM b.kasus"
            if not self._count(f"SELECT count(*) FROM {side_by_side} WHERE {apart}"):
                self._db.execute(f"CREATE TABLE p AS SELECT k.* EXCLUDE (kasus){pairs} FROM {side_by_side}")
                return
        self._db.execute(
            f"CREATE TABLE p AS SELECT {self._people_columns()}{pairs} FROM {_parquet(folder / 'kasus.parquet')} AS k"
            f" JOIN {before} AS a ON a.kasus = k.kasus JOIN {after} AS b ON b.kasus = k.kasus"
        )

    def _people_columns(self) -> str:
        """Of `k`, rows of cases: whose, of which month, whether its employee's last of these rows, and of which groups."""
        groups = "".join(f", k.{name(group)}::VARCHAR AS g_{group}" for group in self._groups)
        month = f"k.{MONTH}::VARCHAR" if MONTH in self._columns else "NULL::VARCHAR"
        last = (
            f"row_number() OVER (PARTITION BY {self._employee()} ORDER BY {month} DESC, k.kasus DESC) = 1"
            if EMPLOYEE in self._columns
            else "TRUE"
        )
        return f"{self._employee()} AS pegawai, {month} AS bulan, {last} AS terakhir{groups}"

    def _keep_people(self, folder: Path, old: Path) -> None:
        """Those columns of what the release answers, row for row beside its hasil.parquet, where they are not there yet."""
        if (old / PEOPLE).is_file():
            return
        with TemporaryDirectory(dir=old, prefix=".baru-") as temporary:
            part = Path(temporary) / PEOPLE
            answered = f"read_parquet({quote(str(old / 'hasil.parquet'))}, file_row_number = true)"
            self._db.execute(
                f"COPY (SELECT * EXCLUDE (baris) FROM (SELECT a.kasus, a.file_row_number AS baris, {self._people_columns()}"
                f" FROM {_parquet(folder / 'kasus.parquet')} AS k JOIN {answered} AS a ON a.kasus = k.kasus) ORDER BY baris)"
                f" TO {quote(str(part))} (FORMAT parquet)"
            )
            part.replace(old / PEOPLE)

    def _grouped(self, what: str, more: Sequence[str] = (), where: str = "TRUE") -> Iterator[tuple[str, str, tuple[Any, ...]]]:
        """(group, value, rest of the row) of an aggregate over all rows and over each group. more: further grouping columns."""
        for group in ("", *self._groups):
            key = f"g_{group}" if group else "''"
            by = [*([key] if group else []), *more]
            grouping = f" GROUP BY {', '.join(by)}" if by else ""
            columns = ", ".join([key, *more, what])
            for value, *rest in self._db.execute(f"SELECT {columns} FROM p WHERE {where}{grouping}").fetchall():
                yield group, NOTHING if value is None else str(value), tuple(rest)

    def _tally(self, output: Output) -> Tally:
        found = self._grouped("count(*)", [_a(output), _b(output)], "terakhir")
        return Tally.of(output, ((group, value, (_shown(a), _shown(b)), int(cases)) for group, value, (a, b, cases) in found))

    def _money(self, months: int) -> Iterator[Money]:
        if not self._sums:
            return
        sums = ", ".join(f"coalesce(sum({one}), 0)" for o in self._sums for one in (_a(o), _b(o)))
        found = sorted(self._grouped(f"count(*), {sums}"), key=lambda row: (("", *self._groups).index(row[0]), ordered(row[1])))
        for number, output in enumerate(self._sums):
            for group, value, (cases, *figures) in found:
                before, after = figures[2 * number : 2 * number + 2]
                yield Money(output.name, group, value, int(cases), int(before), int(after), months)

    def _by_month(self) -> Iterator[Month]:
        if MONTH in self._columns and self._main_money:
            a, b = name("a_" + self._main_money), name("b_" + self._main_money)
            rows = self._db.execute(f"SELECT bulan, sum({a}), sum({b}) FROM p GROUP BY 1 ORDER BY 1").fetchall()
            yield from (Month(self._main_money, _shown(month), int(x or 0), int(y or 0)) for month, x, y in rows)

    def _people(self, months: int) -> Iterator[Person]:
        """Everyone whom both rule sets answer."""
        band, money = (name("a_" + self._main_band), name("b_" + self._main_band)), ("0", "0")
        if not self._main_band:
            band = ("''", "''")
        if self._main_money:
            money = (name("a_" + self._main_money), name("b_" + self._main_money))
        unit = f"g_{UNIT}" if UNIT in self._groups else "''"
        sums = ", ".join(f"coalesce(sum({one}), 0)" for one in money)
        last = ", ".join(f"arg_max({one}, terakhir)" for one in (*band, *money))
        rows = self._db.execute(f"SELECT pegawai, any_value({unit}), {last}, {sums} FROM p GROUP BY 1 ORDER BY 2, 1").fetchall()
        for key, where, a, b, m, n, x, y in rows:
            year = Money("", "", "", 1, int(x), int(y), months)
            in_month, in_year = (int(m or 0), int(n or 0)), (year.yearly(year.before), year.yearly(year.after))
            yield Person(str(key), _shown(where), _shown(a), _shown(b), *in_month, *in_year)

    def _count(self, sql: str) -> int:
        row = self._db.execute(sql).fetchone()
        return int(row[0]) if row else 0


def _ceilings(money: Sequence[Money], budget: Budget) -> Iterator[Ceiling]:
    """The city's first, then each agency's that has one."""
    sums = {(one.group, one.value): one for one in money}

    def beside(key: tuple[str, str], rupiah: int) -> Ceiling:
        one = sums.get(key)
        return Ceiling(key[1], rupiah, one.yearly(one.before) if one else 0, one.yearly(one.after) if one else 0)

    paid = {one.value for one in money if one.group == UNIT}
    complete = bool(paid) and paid <= set(budget.by_unit)
    total = sum(budget.by_unit.values()) if budget.total is None and complete else budget.total
    if total is not None:
        yield beside(("", ""), total)
    for unit, rupiah in sorted(budget.by_unit.items()):
        yield beside((UNIT, unit), rupiah)


def _shared(release: Policy, draft: Policy, on: date | None) -> list[Output]:
    """Outputs of cases that both rule sets give in the same type, one value a case, in the order of the chain."""
    theirs = {output.name: output for output in _single(draft, on)}
    found: dict[str, Output] = {}
    for output in _single(release, on):
        other = theirs.get(output.name)
        if other is not None and other.type.base is output.type.base:
            found.setdefault(output.name, output)
    return list(found.values())


def _single(policy: Policy, on: date | None) -> Iterator[Output]:
    """Outputs of cases that are one value, not a list of them: only those put a case into one band, or pay it one sum."""
    for link in case_chain(policy, on).links:
        if link.decision.for_each or link.plan.hit in LIST_POLICIES:
            continue
        yield from (output for output in link.decision.outputs if not output.type.is_list)


def _a(output: Output) -> str:
    return name("a_" + output.name)


def _b(output: Output) -> str:
    return name("b_" + output.name)


def _shown(value: Any) -> str:
    return NOTHING if value is None else str(value)


def _parquet(file: Path) -> str:
    return f"read_parquet({quote(str(file))})"
