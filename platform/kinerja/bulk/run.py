"""A run: Parquet in, hasil, items and errors out; what the query flags is computed one by one and joins the rest."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any

import duckdb

from ..core.findings import Outcome
from ..engine.agenda import CASE
from ..engine.integer.errors import NotPortable
from ..policy.model import Policy
from .answers import AnswerWriter
from .chain import Chain, case_chain
from .columns import empty_query
from .single import OneByOne, Refusal
from .source import Population, documents, open_population
from .sql.query import KEY, Query, QueryBuilder
from .sql.values import name, quote
from .strata import Tally, rating_counts, write_units

MEMORY = "750MB"
BATCH = 2_000
Note = Callable[[str], None]

if TYPE_CHECKING:  # numpy is loaded by a run in columns only
    from .arrays.run import ColumnRun, Done


@dataclass(frozen=True, slots=True)
class Report:
    """What a run did. single: cases computed one by one. engine: which one did the rest. strata: `units`, and those of them

    `without_answer`; None where cases name no unit or rules know none.
    """

    cases: int
    answered: int
    failed: int
    items: int
    single: int
    engine: str
    release: str
    on: str
    files: tuple[str, ...]
    errors: Mapping[str, int] = field(default_factory=dict)
    strata: Mapping[str, int] | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "cases": self.cases, "answered": self.answered, "failed": self.failed, "items": self.items, "single": self.single,
            "engine": self.engine, "release": self.release, "on": self.on, "files": list(self.files), "errors": dict(self.errors),
            "strata": None if self.strata is None else dict(self.strata),
        }  # fmt: skip


def connect(scratch: Path | None = None, *, threads: int | None = None, memory: str = MEMORY) -> duckdb.DuckDBPyConnection:
    """An in-memory database that spills into a scratch folder. No extensions, no network, a zero divisor gives NULL."""
    config: dict[str, Any] = {
        "memory_limit": memory, "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
    }  # fmt: skip
    if threads:
        config["threads"] = str(threads)
    if scratch is not None:
        config["temp_directory"] = str(scratch)
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("SET error_on_division_by_zero = false")
    return connection


def run(
    policy: Policy,
    source: Path,
    target: Path,
    *,
    engine: str = "auto",
    on: date | None = None,
    goals: Sequence[str] | None = None,
    note: Note = lambda _: None,
    threads: int | None = None,
    base: Path | None = None,
    row_ids: bool = True,
    refused: Sequence[tuple[str, Refusal]] = (),
) -> Report:
    """The goals of `kasus` for every case of a folder. target gets hasil.parquet, items.parquet, errors.parquet.

    engine: numpy (columns), duckdb (SQL), python (one case at a time), or auto: the first of the first two that can.
    goals: these decisions instead, and all they rest on. base: the target of a run of other rules on the same files: what they
    have in common is taken from there. row_ids: with the matched row of each table (numpy may leave them out).
    refused: cases that are in no file, for errors.parquet.
    Raises InputError for files that do not fit, RuleError `tidak_portabel` for rules that cannot be run this way.
    """
    chain = case_chain(policy, on, goals)
    target.mkdir(parents=True, exist_ok=True)
    scratch = target / ".sementara"
    try:
        with connect(scratch, threads=threads) as connection:
            return _Run(connection, chain, source, target, engine, note, threads, base, row_ids, refused).run()
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


class _Run:
    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        chain: Chain,
        source: Path,
        target: Path,
        engine: str,
        note: Note,
        threads: int | None,
        base: Path | None,
        row_ids: bool,
        refused: Sequence[tuple[str, Refusal]],
    ) -> None:
        self._refused = refused
        self._threads, self._base, self._source, self._row_ids = threads, base, source, row_ids
        self._db, self._chain, self._target, self._engine, self._note = connection, chain, target, engine, note
        self._population = open_population(connection, chain.policy, source)
        self._entities = [entity for entity in self._population.tables if entity != CASE]

    def run(self) -> Report:
        tables = self._population.tables
        self._db.execute("CREATE TABLE e (kasus VARCHAR, code VARCHAR, fact VARCHAR, message VARCHAR)")
        self._db.execute(f"CREATE TABLE s ({KEY} {self._population.key_type})")
        if self._engine in ("auto", "numpy"):
            try:
                return self._in_columns()
            except (NotPortable, ImportError) as error:  # a kind of key or list without column form; or no numpy here
                if self._engine == "numpy":
                    raise
                self._note(f"SQL: {error}")
                self._engine = "duckdb"
                self._db.execute("DELETE FROM e")
                self._db.execute(f"SET memory_limit = '{MEMORY}'")
        if self._engine == "python":
            query = empty_query(self._chain, tables)
        else:
            create_codes(self._db, self._chain, self._population)
            query = QueryBuilder(self._chain, tables).build()
        self._note("menghitung …")
        self._db.execute(f"CREATE TABLE r AS {query.cases}")
        for entity, sql in query.items.items():
            self._db.execute(f"CREATE TABLE butir_{entity} AS FROM ({sql}) LIMIT 0")
        self._double_cases()
        if self._engine == "python":
            self._orphans()
            single = self._all(query)
        else:
            self._double_codes()
            if self._stored_items() != self._count("SELECT coalesce(sum(butir), 0) FROM r"):
                self._orphans()
            single = self._single(query)
        return self._write(query, single)

    def _in_columns(self) -> Report:
        from .arrays.kept import MANIFEST, population_key
        from .arrays.run import ColumnRun

        self._note("menghitung …")
        policy = self._chain.policy
        names: dict[str | None, str] = {None: "hasil.parquet", **{entity: items_file(policy, entity) for entity in self._entities}}
        parts = {entity: self._target / f".{file}.baru" for entity, file in names.items()}
        rating = rating_counts(policy, self._chain.agenda.day)
        running = ColumnRun(
            self._db, self._chain, self._population, parts, self._threads, rating[0].name if rating is not None else None,
            row_ids=self._row_ids,
        )  # fmt: skip
        done = self._from_base(running, names)
        if done is None:
            done = running.run(self._fail)
        self._engine = "numpy"
        if done.bad:
            self._note(f"{len(done.bad)} kasus diperiksa satu per satu …")
            self._db.execute(
                f"INSERT INTO s SELECT unnest($1::VARCHAR[])::{self._population.key_type}", [[str(key) for key in done.bad]]
            )
        answered = list(self._examined())
        rows = done.finish(answered)
        forgotten = into_place({part: self._target / names[entity] for entity, part in parts.items()})
        running.keep(done, self._target, population_key(self._source, list(self._population.tables)), names)
        items = sum(count for entity, count in rows.items() if entity)
        outputs = [output.name for link in self._chain.links if not link.decision.for_each for output in link.decision.outputs]
        tally = None
        if running.counted and rating is not None:
            tally = running.tally
            for unit, value in self._ratings(answered, rating[0].name):
                tally[unit, value] = tally.get((unit, value), 0) + 1
        files = [*names.values(), *([MANIFEST] if running.kept else [])]
        report = self._report(files, outputs, rows[None], items, len(done.bad), tally)
        forgotten.join()
        return report

    def _from_base(self, running: ColumnRun, names: Mapping[str | None, str]) -> Done | None:
        from .arrays.kept import population_key, read, rules_key

        kept = read(self._base) if self._base is not None else None
        if kept is None or set(kept.groups) != set(names.values()) or kept.day != str(self._chain.day or ""):
            return None
        same = kept.population == population_key(self._source, list(self._population.tables))
        return running.again(kept, names) if same and kept.rules == rules_key(self._chain.policy) else None

    def _ratings(self, answered: Sequence[tuple[Any, Outcome]], output: str) -> list[tuple[str, str]]:
        """(unit, rating) of cases that were computed one by one."""
        if not answered:
            return []
        keys, values = [str(key) for key, _ in answered], [str(outcome.outputs[output]) for _, outcome in answered]
        kasus = self._population.tables[CASE].sql
        return self._db.execute(
            f"SELECT k.unit::VARCHAR, t.v FROM ({kasus}) AS k"
            " JOIN (SELECT unnest($1::VARCHAR[]) AS n, unnest($2::VARCHAR[]) AS v) AS t"
            f" ON k.{KEY}::VARCHAR = t.n WHERE k.unit IS NOT NULL",
            [keys, values],
        ).fetchall()

    def _examined(self) -> Iterable[tuple[Any, Outcome]]:
        """Answers of the one-by-one engine; its errors go into e."""
        failed: list[list[str]] = []
        if self._count("SELECT count(*) FROM s"):
            answers = OneByOne(self._chain.policy, self._chain.agenda)
            for key, document in self._documents("s"):
                answer = answers.answer(document)
                if isinstance(answer, Outcome):
                    yield key, answer
                else:
                    failed.append([str(key), answer.code, answer.fact, answer.message])
        self._insert_errors(failed)

    def _insert_errors(self, failed: Sequence[Sequence[str]]) -> None:
        if failed:
            columns = ", ".join(f"unnest(${number}::VARCHAR[])" for number in range(1, 5))
            self._db.execute(f"INSERT INTO e SELECT {columns}", [list(column) for column in zip(*failed, strict=True)])

    # ── cases that the query left ─────────────────────────────────────────────────────────────────────────────────────
    def _double_codes(self) -> None:
        """`ganda` only suspects that a code is used twice; the suspects are looked at again."""
        suspects = self._count("SELECT count(*) FROM r WHERE ganda AND NOT bad")
        if not suspects:
            return
        for entity in self._entities:
            key = self._chain.policy.vocabulary.entities[entity].key
            if key:
                suspected = "kasus IN (SELECT kasus FROM r WHERE ganda AND NOT bad)"
                coded = f"SELECT kasus, {name(key)} FROM ({self._population.tables[entity].sql}) WHERE {suspected}"
                twice = f"SELECT kasus FROM ({coded}) GROUP BY kasus, {name(key)} HAVING count(*) > 1"
                self._db.execute(f"UPDATE r SET bad = TRUE WHERE ganda AND kasus IN ({twice})")

    def _double_cases(self) -> None:
        """Cases that are there twice or have no key are answered by nobody; `d` holds them."""
        cases = self._population.tables[CASE].sql
        self._db.execute(f"CREATE TABLE d AS SELECT kasus FROM ({cases}) GROUP BY kasus HAVING count(*) > 1 OR kasus IS NULL")
        if not self._count("SELECT count(*) FROM d"):
            return
        self._fail("SELECT kasus FROM d WHERE kasus IS NOT NULL", "kasus_ganda", "kunci kasus dipakai lebih dari sekali")
        self._fail("SELECT kasus FROM d WHERE kasus IS NULL", "fakta_hilang", "kunci kasus kosong")
        self._db.execute("DELETE FROM r WHERE kasus IS NULL OR kasus IN (SELECT kasus FROM d WHERE kasus IS NOT NULL)")

    def _stored_items(self) -> int:
        return sum(self._count(f"SELECT count(*) FROM ({self._population.tables[entity].sql})") for entity in self._entities)

    def _orphans(self) -> None:
        """Items of a case that there is not."""
        cases = self._population.tables[CASE].sql
        for entity in self._entities:
            items = self._population.tables[entity].sql
            orphans = f"SELECT DISTINCT kasus FROM ({items}) AS t WHERE NOT EXISTS (FROM ({cases}) AS k WHERE k.kasus = t.kasus)"
            self._fail(orphans, "kasus_tidak_dikenal", f"{entity} menunjuk kasus yang tidak ada")

    def _fail(self, keys: str, code: str, message: str) -> None:
        self._db.execute(f"INSERT INTO e SELECT kasus::VARCHAR, {quote(code)}, 'kasus', {quote(message)} FROM ({keys})")

    def _single(self, query: Query) -> int:
        self._db.execute("INSERT INTO s SELECT kasus FROM r WHERE bad")
        count = self._count("SELECT count(*) FROM s")
        if count:
            self._note(f"{count} kasus diperiksa satu per satu …")
            answers = OneByOne(self._chain.policy, self._chain.agenda)
            self._collect(query, ((key, answers.answer(document)) for key, document in self._documents("s")))
        return count

    def _all(self, query: Query) -> int:
        from .program import CaseProgram

        program = CaseProgram(self._chain)
        self._db.execute(
            f"CREATE TABLE p AS SELECT kasus FROM ({self._population.tables[CASE].sql}) AS k"
            " WHERE kasus IS NOT NULL AND NOT EXISTS (FROM d WHERE d.kasus = k.kasus)"
        )
        self._collect(query, ((key, program.answer(document)) for key, document in self._documents("p")))
        return 0

    def _documents(self, wanted: str | None) -> Iterable[tuple[Any, dict[str, Any]]]:
        return documents(self._db.cursor(), self._chain.policy, self._population, wanted)

    def _collect(self, query: Query, answers: Iterable[tuple[Any, Outcome | Refusal]]) -> None:
        """Answers into r (flagged no more), item answers into their tables, errors into e."""
        writer = AnswerWriter(self._db, self._chain, query)
        for number, (key, answer) in enumerate(answers, 1):
            writer.add(key, answer)
            if number % BATCH == 0:
                writer.flush()
                self._note(f"{number} kasus …")
        writer.flush()

    # ── files ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _write(self, query: Query, single: int) -> Report:
        columns = ", ".join(_stored(column, query) for column in query.columns)
        files = ["hasil.parquet"]
        self._copy(f"SELECT {columns} FROM r WHERE NOT bad", "hasil.parquet")
        items = 0
        for entity in query.items:
            file = items_file(self._chain.policy, entity)
            files.append(file)
            shown = ", ".join(_stored(column, query) for column in query.item_columns[entity])
            if self._engine == "python":
                self._copy(f"SELECT {shown} FROM butir_{entity}", file)
            else:
                self._copy(
                    f"SELECT {shown} FROM ({query.items[entity]}) AS t WHERE NOT EXISTS (FROM s WHERE s.kasus = t.kasus)"
                    " AND NOT EXISTS (FROM e WHERE e.kasus = t.kasus::VARCHAR)"
                    f" UNION ALL SELECT {shown} FROM butir_{entity}",
                    file,
                )
            items += self._count(f"SELECT count(*) FROM read_parquet({quote(str(self._target / file))})")
        answered = self._count("SELECT count(*) FROM r WHERE NOT bad")
        return self._report(files, query.columns, answered, items, single)

    def _report(
        self, files: list[str], outputs: Sequence[str], answered: int, items: int, single: int, tally: Tally | None = None
    ) -> Report:
        """What remains once answers are written: errors, and the figures of units."""
        self._insert_errors([[key, one.code, one.fact, one.message] for key, one in self._refused])
        self._copy("SELECT kasus, code, fact, message FROM e", "errors.parquet")
        agenda = self._chain.agenda
        stored, folder = self._population.tables[CASE].columns, self._population.folder
        stratum = write_units(self._db, self._chain.policy, folder, self._target, stored, outputs, agenda.day, tally)
        files, strata = [*files, "errors.parquet"], None
        if stratum is not None:
            files += stratum.files
            strata = {"units": stratum.units, "without_answer": stratum.without_answer}
        failed = self._count("SELECT count(*) FROM e")
        codes = {
            str(code): int(n) for code, n in self._db.execute("SELECT code, count(*) FROM e GROUP BY code ORDER BY code").fetchall()
        }
        cases = self._count(f"SELECT count(*) FROM ({self._population.tables[CASE].sql})") + len(self._refused)
        return Report(
            cases, answered, failed, items, single, self._engine,
            self._chain.policy.fingerprint, agenda.day.isoformat() if agenda.day else "", tuple(sorted(files)), codes, strata,
        )  # fmt: skip

    def _copy(self, sql: str, file: str) -> None:
        """Written beside and moved into place, so that a file is either whole or not there."""
        part = self._target / f".{file}.baru"
        self._db.execute(f"COPY ({sql}) TO {quote(str(part))} (FORMAT parquet)")
        part.replace(self._target / file)

    def _count(self, sql: str) -> int:
        row = self._db.execute(sql).fetchone()
        return int(row[0]) if row else 0


def into_place(files: Mapping[Path, Path]) -> Thread:
    """Finished files to their places. What stood there is let go of in this thread: to forget a hundred megabytes takes a while."""
    old = [place.open("rb") for place in files.values() if place.is_file()]
    for part, place in files.items():
        part.replace(place)
        part.unlink(missing_ok=True)  # two names of one file are left as they are

    def forget() -> None:
        for file in old:
            file.close()

    thread = Thread(target=forget)
    thread.start()
    return thread


def items_file(policy: Policy, entity: str) -> str:
    """Items that have a code are what people ask about: items.parquet. Others have a file of their own."""
    keyed = [one.name for one in policy.vocabulary.entities.values() if one.of == CASE and one.key]
    return "items.parquet" if entity in keyed[:1] else f"items_{entity}.parquet"


def _stored(column: str, query: Query) -> str:
    """Row numbers become row ids."""
    ids = query.rows.get(column)
    if ids is None:
        return name(column)
    arms = " ".join(f"WHEN {number} THEN {quote(row)}" for number, row in enumerate(ids, 1))
    return f"CASE {name(column)} {arms} END AS {name(column)}"


def create_codes(connection: duckdb.DuckDBPyConnection, chain: Chain, population: Population) -> None:
    """An enum of all codes of each kind of item: gives neighbouring codes different bits, to suspect doubles by."""
    for entity, table in population.tables.items():
        key = chain.policy.vocabulary.entities[entity].key if entity != CASE else None
        if key and key in table.columns:
            connection.execute(
                f"CREATE TYPE kode_{entity} AS ENUM"
                f" (SELECT DISTINCT {name(key)}::VARCHAR FROM ({table.sql}) WHERE {name(key)} IS NOT NULL ORDER BY 1)"
            )


__all__ = ["Report", "connect", "items_file", "run"]
