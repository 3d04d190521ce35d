"""A run in columns: rows in file order, or sorted where cases and items do not follow each other."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from ...core.findings import Outcome
from ...engine.agenda import CASE
from ..chain import Chain
from ..source import Population, parquet_table
from ..sql.query import KEY, Table
from ..strata import UNIT, Tally
from .arrow import Batch, Column
from .chain import COUNTED, Answers, ColumnChain
from .kept import Kept, rules_key
from .results import Before, Encoded, Results, Unlike, shown
from .reuse import decision_keys, reuse
from .stream import CHUNK, HASH, ITEMS, Disorder, Items, begun, chunks
from .untyped import Array, np
from .values import full, refused, scalar

BUFFER = "32MB"
MEMORY = "400MB"
"""For DuckDB, which reads and, if it must, sorts; the columns of some chunks come on top."""
_WHOLE_KEYS = frozenset(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER"])
Fail = Callable[[str, str, str], None]
T = TypeVar("T")


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


@dataclass(frozen=True, slots=True)
class _Part:
    """What a chunk became. bad: keys of its cases for the one-by-one engine. counted: ratings by unit, of the others."""

    group: Encoded
    bad: list[Any]
    counted: Tally


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
        *,
        row_ids: bool = True,
    ) -> None:
        """rating: an output whose values are counted by unit, where cases name theirs."""
        self._row_ids = row_ids
        kind = population.key_type
        if kind != "VARCHAR" and kind not in _WHOLE_KEYS:
            raise refused(f"kunci bertipe {kind}")
        for setting, value in (("arrow_output_version", "1.5"), ("streaming_buffer_size", BUFFER), ("memory_limit", MEMORY)):
            db.execute(f"SET {setting} = '{value}'")
        self._db, self._chain, self._population, self._files = db, chain, population, files
        self._items = [entity for entity in population.tables if entity != CASE]
        self._threads = threads or os.cpu_count() or 1
        self._rating = rating or ""
        self._has_units = rating is not None and UNIT in population.tables[CASE].columns
        self._units: tuple[str, ...] | None = None
        self.counted = False
        self.straight = True  # rows in file order: what a later run can build on
        self.tally: dict[tuple[str, str], int] = {}

    def again(self, kept: Kept, names: Mapping[str | None, str]) -> Done | None:
        """What a run before left, with the columns of changed decisions computed anew; None where that cannot be.

        names: of the files, as they are called in that run's folder.
        """
        wanted = reuse(self._chain, kept.decisions)
        if wanted is None:
            return None
        stored = parquet_table(self._db, kept.folder / names[None])
        rows = sum(group.rows for group in kept.groups[names[None]])
        everybody = self._db.execute(f"SELECT count(*) FROM ({self._population.tables[CASE].sql})").fetchone() == (rows,)
        sql = f"SELECT * FROM ({stored.sql} LIMIT {rows})"  # what follows was computed one by one; a limit is not read side by side
        table = Table(stored.sql if everybody else sql, stored.columns)
        columns = ColumnChain(self._db, self._chain, self._population.tables, wanted, table)
        rated = any(output.name == self._rating for link in wanted.links for output in link.plan.outputs)
        self._units = columns.count_by(UNIT) if rated and self._has_units else None
        with ExitStack() as stack:
            files = {entity: kept.folder / file for entity, file in names.items()}
            opened = stack.enter_context(files[None].open("rb"))
            hasil = stack.enter_context(memoryview(stack.enter_context(mmap(opened.fileno(), 0, access=ACCESS_READ))))
            groups = {entity: kept.groups[file] for entity, file in names.items()}
            base = Before(files, hasil, everybody, groups, wanted.changed)
            results = self._open(base)
            try:
                bad = self._changed(columns, results, columns.select_known(table, matched=not everybody), everybody=everybody)
            except (Unlike, Disorder, duckdb.Error):
                results.close(whole=False)
                return None
            except BaseException:
                results.close(whole=False)
                raise
        self.counted = kept.tally is not None
        if not rated and kept.tally is not None:
            self.tally = {(unit, rating): count for unit, rating, count in kept.tally}
        return Done(bad, results)

    def _changed(self, columns: ColumnChain, results: Results, known: str, *, everybody: bool) -> list[Any]:
        """The keys of cases that the run before left to the one-by-one engine."""
        tables = self._population.tables
        read = [entity for entity in self._items if entity in columns.entities]
        queries = {entity: (columns.select(entity, tables[entity].sql), ITEMS) for entity in read}
        queries |= {CASE: (columns.select(CASE, tables[CASE].sql, keys=not everybody), CHUNK), "": (known, CHUNK)}
        rows = begun(self._db, queries)
        listed = {entity: Items(rows[entity]) for entity in read}
        answers_before = None if everybody else Items(rows[""])
        rows_before = chunks(rows[""]) if everybody else iter(())

        def works() -> Iterator[Callable[[], _Part]]:
            for cases in chunks(rows[CASE]):
                hashes = cases[HASH].values
                if answers_before is None:  # a row each, in the same order
                    before, missing = next(rows_before), np.zeros(len(hashes), np.bool_)
                else:
                    counts, before = answers_before.take(hashes)
                    if counts.max(initial=0) > 1:
                        raise Unlike
                    before, missing = _spread(before, counts), counts == 0
                items = {entity: one.take(hashes) for entity, one in listed.items()}
                yield partial(self._changed_part, columns, results, cases, items, before, missing)

        return self._written(works(), results)

    def _changed_part(
        self, columns: ColumnChain, results: Results, cases: Batch, items: Any, before: Batch, missing: Array
    ) -> _Part:
        answers = columns.answer(cases, items, before)
        if (answers.bad & ~missing).any():
            raise Unlike  # a case fails that did not: all files change
        answers.bad = missing
        return self._part(results, cases, answers)

    def _part(self, results: Results, cases: Batch, answers: Answers) -> _Part:
        bad = shown(cases[KEY], np.flatnonzero(answers.bad)) if answers.bad.any() else []
        counted = {} if self._units is None else self._count(cases[COUNTED], answers, self._units)
        return _Part(results.encode(cases.get(KEY, cases[HASH]), answers), bad, counted)

    def _written(self, works: Iterator[Callable[[], _Part]], results: Results) -> list[Any]:
        """Chunks are computed side by side and written in their order; the keys of bad cases."""
        bad: list[Any] = []
        for part in _ordered(works, self._threads):
            results.write(part.group)
            bad += part.bad
            for place, count in part.counted.items():
                self.tally[place] = self.tally.get(place, 0) + count
        results.finish()
        return bad

    @property
    def kept(self) -> bool:
        return self.straight and self._row_ids

    def keep(self, done: Done, folder: Path, population: str, names: Mapping[str | None, str]) -> None:
        """The manifest that a later run can build on; only rows in file order can be built on."""
        if self.kept:
            tally = [(unit, rating, count) for (unit, rating), count in self.tally.items()] if self.counted else None
            groups = {file: done.results.groups(entity) for entity, file in names.items()}
            day = str(self._chain.day or "")
            Kept(folder, population, rules_key(self._chain.policy), day, decision_keys(self._chain), groups, tally).write()

    def run(self, fail: Fail) -> Done:
        """fail(keys, code, message): keys, a SELECT of `kasus`, that belong to no case or to several."""
        tables = self._population.tables
        plain = {entity: replace(table, file=None) for entity, table in tables.items()}
        for chosen in (tables, plain):
            columns = self._columns(chosen)
            try:
                return self._pass(columns, {entity: table.sql for entity, table in tables.items()})
            except duckdb.Error:  # a number beyond what the statistics of its file say
                if chosen is plain:
                    raise
            except Disorder:
                break
        self.straight = False
        self._misfits(fail)
        try:
            return self._pass(self._columns(plain), {entity: self._sorted(entity) for entity in tables})
        except Disorder as error:
            raise refused("kunci yang berbagi satu sidik") from error

    def _columns(self, tables: Mapping[str, Table]) -> ColumnChain:
        found = ColumnChain(self._db, self._chain, tables)
        self._units = found.count_by(UNIT) if self._has_units else None
        self.counted = self._units is not None
        return found

    def _count(self, units: Column, answers: Answers, names: Sequence[str]) -> Tally:
        """Ratings by unit, of the cases that are answered here."""
        rating = scalar(next(one.outputs[self._rating] for one in answers.decided.values() if self._rating in one.outputs))
        words = rating.words or ("",)
        kept = ~answers.bad if units.null is None else ~answers.bad & ~units.null
        codes = full(rating.data, len(kept))[kept]
        places = (units.values.astype(np.int64)[kept] - 1) * len(words) + codes
        counts = enumerate(np.bincount(places, minlength=0).tolist())
        return {(names[place // len(words)], words[place % len(words)]): count for place, count in counts if count}

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

    def _pass(self, columns: ColumnChain, sources: Mapping[str, str]) -> Done:
        queries = {entity: (columns.select(entity, sources[entity]), ITEMS) for entity in self._items}
        rows = begun(self._db, {CASE: (columns.select(CASE, sources[CASE]), CHUNK), **queries})
        listed = {entity: Items(rows[entity]) for entity in self._items}
        results = self._open()
        self.tally.clear()

        def works() -> Iterator[Callable[[], _Part]]:
            seen: list[Array] = []
            for cases in chunks(rows[CASE]):
                if cases[KEY].null is not None:
                    raise Disorder
                hashes = cases[HASH].values
                seen.append(hashes)
                items = {entity: one.take(hashes) for entity, one in listed.items()}
                yield partial(self._whole_part, columns, results, cases, items)
            for one in listed.values():
                one.finish()
            if _repeats(seen):
                raise Disorder

        try:
            return Done(self._written(works(), results), results)
        except BaseException:
            results.close(whole=False)
            raise

    def _whole_part(self, columns: ColumnChain, results: Results, cases: Batch, items: Any) -> _Part:
        return self._part(results, cases, columns.answer(cases, items))

    def _open(self, base: Before | None = None) -> Results:
        entities = self._chain.policy.vocabulary.entities
        codes = {entity: entities[entity].key for entity in self._items}
        results = Results(self._chain, self._files, codes, self._population.key_type == "VARCHAR", self._row_ids, base)
        results.open()
        return results


def _ordered(works: Iterator[Callable[[], T]], threads: int) -> Iterator[T]:
    """Each in some thread, for numpy lets go of the interpreter while it computes; the results in order, of which few wait."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[T]] = deque()
        for work in works:
            waiting.append(pool.submit(work))
            while len(waiting) > threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _spread(batch: Batch, counts: Array) -> Batch:
    """A row for each case; those of cases that have none hold anything."""
    if counts.all():
        return batch
    index = np.maximum(np.cumsum(counts) - 1, 0)
    return {
        name: Column(column.values.take(index, mode="clip"), None if column.null is None else column.null.take(index, mode="clip"))
        if len(column)
        else Column(np.zeros(len(counts), column.values.dtype))
        for name, column in batch.items()
    }


def _repeats(seen: list[Array]) -> bool:
    if not seen:
        return False
    ordered = np.sort(np.concatenate(seen))
    return bool((ordered[1:] == ordered[:-1]).any())


__all__ = ["ColumnRun", "Done"]
