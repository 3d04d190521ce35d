"""A run in columns: rows in file order, or sorted where cases and items do not follow each other."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ...core.findings import Outcome
from ...engine.agenda import CASE
from ..chain import Chain
from ..source import Population
from ..sql.query import KEY
from ..strata import UNIT
from .arrow import Batch, Column
from .chain import COUNTED, Answers, ColumnChain
from .results import Results, shown
from .stream import CHUNK, HASH, Disorder, Items, chunks
from .untyped import Array, np
from .values import full, refused, scalar

GROUP = 4 * CHUNK
BUFFER = "32MB"
_WHOLE_KEYS = frozenset(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"])
Fail = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Done:
    """Cases that are left to the one-by-one engine, by key; the files are open for their answers."""

    bad: list[Any]
    results: Results

    def finish(self, answers: Iterable[tuple[Any, Outcome]]) -> Mapping[str | None, int]:
        """Adds these answers and completes the files; rows of each."""
        self.results.single(answers)
        self.results.close(whole=True)
        return {entity: self.results.rows(entity) for entity in self.results.files}


class ColumnRun:
    """Raises NotPortable where only another engine can do it."""

    def __init__(
        self,
        db: duckdb.DuckDBPyConnection,
        chain: Chain,
        population: Population,
        files: Mapping[str | None, Path],
        threads: int | None = None,
        rating: str | None = None,
    ) -> None:
        """rating: an output whose values are counted by unit, where cases name theirs."""
        kind = population.key_type
        if kind != "VARCHAR" and kind not in _WHOLE_KEYS:
            raise refused(f"kunci bertipe {kind}")
        for setting, value in (("arrow_output_version", "1.5"), ("streaming_buffer_size", BUFFER)):
            db.execute(f"SET {setting} = '{value}'")
        self._db, self._chain, self._population, self._files = db, chain, population, files
        self._columns = ColumnChain(db, chain, population.tables)
        self._items = [entity for entity in population.tables if entity != CASE]
        self._threads = threads or os.cpu_count() or 1
        self._rating = rating or ""
        counted = rating is not None and UNIT in population.tables[CASE].columns
        self._units = self._columns.count_by(UNIT) if counted else None
        self.tally: dict[tuple[str, str], int] = {}

    def run(self, fail: Fail) -> Done:
        """fail(keys, code, message): keys, a SELECT of `kasus`, that belong to no case or to several."""
        try:
            return self._pass({entity: table.sql for entity, table in self._population.tables.items()})
        except Disorder:
            self._misfits(fail)
        try:
            return self._pass({entity: self._sorted(entity) for entity in self._population.tables})
        except Disorder as error:
            raise refused("kunci yang berbagi satu sidik") from error

    @property
    def counted(self) -> bool:
        return self._units is not None

    def _count(self, units: Column, answers: Answers, names: Sequence[str]) -> None:
        """Ratings by unit, of the cases that are answered here."""
        rating = scalar(next(one.outputs[self._rating] for one in answers.decided.values() if self._rating in one.outputs))
        words = rating.words or ("",)
        kept = ~answers.bad if units.null is None else ~answers.bad & ~units.null
        codes = full(rating.data, len(kept))[kept]
        places = (units.values.astype(np.int64)[kept] - 1) * len(words) + codes
        for place, count in enumerate(np.bincount(places, minlength=0).tolist()):
            if count:
                key = (names[place // len(words)], words[place % len(words)])
                self.tally[key] = self.tally.get(key, 0) + count

    def _misfits(self, fail: Fail) -> None:
        """Cases that are there twice or have no key, and items of no case; table `utuh` holds the keys of the others."""
        cases = self._population.tables[CASE].sql
        self._db.execute(
            f"CREATE TABLE utuh AS SELECT {KEY} FROM ({cases}) WHERE {KEY} IS NOT NULL GROUP BY {KEY} HAVING count(*) = 1"
        )
        twice = f"SELECT {KEY} FROM ({cases}) WHERE {KEY} IS NOT NULL GROUP BY {KEY} HAVING count(*) > 1"
        fail(twice, "kasus_ganda", "kunci kasus dipakai lebih dari sekali")
        fail(f"SELECT {KEY} FROM ({cases}) WHERE {KEY} IS NULL", "fakta_hilang", "kunci kasus kosong")
        for entity in self._items:
            known = f"FROM ({cases}) AS k WHERE k.{KEY} = t.{KEY}"
            orphans = f"SELECT DISTINCT {KEY} FROM ({self._population.tables[entity].sql}) AS t WHERE NOT EXISTS ({known})"
            fail(orphans, "kasus_tidak_dikenal", f"{entity} menunjuk kasus yang tidak ada")

    def _sorted(self, entity: str) -> str:
        numbered = self._population.tables[entity].numbered
        return f"SELECT * FROM ({numbered}) WHERE {KEY} IN (SELECT {KEY} FROM utuh) ORDER BY hash({KEY}), file_row_number"

    def _pass(self, sources: Mapping[str, str]) -> Done:
        listed = {
            entity: Items(self._db.cursor(), self._columns.select(entity, sources[entity])) for entity in self._items
        }  # fmt: skip
        entities = self._chain.policy.vocabulary.entities
        codes = {entity: entities[entity].key for entity in self._items}
        results = Results(self._chain, self._files, codes, self._population.key_type == "VARCHAR", GROUP)
        results.open()
        bad: list[Any] = []
        seen: list[Array] = []
        self.tally.clear()

        def take(cases: Batch, answers: Answers) -> None:
            if answers.bad.any():
                bad.extend(shown(cases[KEY], np.flatnonzero(answers.bad)))
            if self._units is not None:
                self._count(cases[COUNTED], answers, self._units)
            results.add(cases[KEY], answers)

        try:
            with ThreadPoolExecutor(self._threads) as pool:  # numpy lets go of the interpreter while it computes
                waiting: deque[tuple[Batch, Future[Answers]]] = deque()
                for cases in chunks(self._db.cursor(), self._columns.select(CASE, sources[CASE])):
                    if cases[KEY].null is not None:
                        raise Disorder
                    hashes = cases[HASH].values
                    seen.append(hashes)
                    items = {entity: one.take(hashes) for entity, one in listed.items()}
                    waiting.append((cases, pool.submit(self._columns.answer, cases, items)))
                    while len(waiting) > self._threads:
                        done, answers = waiting.popleft()
                        take(done, answers.result())
                for done, answers in waiting:
                    take(done, answers.result())
            results.flush()
            for one in listed.values():
                one.finish()
            if _repeats(seen):
                raise Disorder
        except BaseException:
            results.close(whole=False)
            raise
        return Done(bad, results)


def _repeats(seen: list[Array]) -> bool:
    if not seen:
        return False
    ordered = np.sort(np.concatenate(seen))
    return bool((ordered[1:] == ordered[:-1]).any())


__all__ = ["ColumnRun", "Done"]
