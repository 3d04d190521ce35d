"""The Parquet files of a population: which there are, what their columns are, and their cases as facts documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from ..core.errors import InputError, Place
from ..engine.agenda import CASE
from ..policy.model import Policy
from .sql.query import KEY, Table
from .sql.values import name, quote


@dataclass(frozen=True, slots=True)
class Population:
    """tables: `kasus` and the entities of its items for which there is a file, by name."""

    folder: Path
    tables: Mapping[str, Table]

    @property
    def key_type(self) -> str:
        return self.tables[CASE].columns[KEY]


def open_population(connection: duckdb.DuckDBPyConnection, policy: Policy, folder: Path) -> Population:
    """kasus.parquet must be there; a file of items may be. Raises InputError."""
    tables: dict[str, Table] = {}
    entities = [CASE, *(entity.name for entity in policy.vocabulary.entities.values() if entity.of == CASE)]
    for entity in entities:
        file = folder / f"{entity}.parquet"
        if not file.is_file():
            if entity == CASE:
                raise InputError(
                    "berkas_tidak_ada",
                    f"{file} tidak ada",
                    f"there is no {file}",
                    remedy_id="sebutkan folder yang berisi kasus.parquet dan indikator.parquet",
                    remedy_en="name a folder that holds kasus.parquet and indikator.parquet",
                )
            continue
        found = tables[entity] = parquet_table(connection, file)
        if found.columns[KEY] != tables[CASE].columns[KEY]:
            own, wanted = found.columns[KEY], tables[CASE].columns[KEY]
            raise InputError(
                "tipe_kolom_salah",
                f"kolom {KEY} bertipe {own} dalam {file.name}, {wanted} dalam kasus.parquet",
                f"column {KEY} has type {own} in {file.name}, {wanted} in kasus.parquet",
                place=Place(str(file)),
                remedy_id="beri kedua berkas kunci dengan tipe yang sama",
                remedy_en="give both files keys of the same type",
                fact=KEY,
            )
    return Population(folder, tables)


def parquet_table(connection: duckdb.DuckDBPyConnection, file: Path) -> Table:
    sql = f"SELECT * FROM read_parquet({quote(str(file))})"
    try:
        described = connection.execute(f"DESCRIBE {sql}").fetchall()
    except duckdb.Error as error:
        raise broken(file, error) from error
    columns = {str(row[0]): str(row[1]) for row in described}
    if KEY not in columns:
        raise without(file, KEY, "kasusnya", "its case")
    return Table(sql, columns, file)


def broken(file: Path, error: duckdb.Error) -> InputError:
    return InputError(
        "berkas_rusak",
        f"{file.name} tidak dapat dibaca sebagai Parquet: {first_line(error)}",
        f"{file.name} cannot be read as Parquet: {first_line(error)}",
        place=Place(str(file)),
        remedy_id="tulis ulang berkasnya",
        remedy_en="write the file again",
    )


def without(file: Path, column: str, what_id: str, what_en: str) -> InputError:
    """A file without the column that says what each row is about."""
    return InputError(
        "kolom_tidak_ada",
        f"{file.name}: kolom {column} tidak ada",
        f"{file.name}: there is no column {column}",
        place=Place(str(file)),
        remedy_id=f"beri setiap baris kunci {what_id} dalam kolom {column}",
        remedy_en=f"give each row the key of {what_en} in the column {column}",
        fact=column,
    )


def first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]


def documents(
    connection: duckdb.DuckDBPyConnection, policy: Policy, population: Population, wanted: str | None = None
) -> Iterator[tuple[Any, dict[str, Any]]]:
    """(key, facts document) of each case, items in the order of their file. wanted: a table of keys (`kasus`), None for all.

    Streams: one case at a time is held. Facts without a value are left out.
    """
    connection.execute("DROP TABLE IF EXISTS antrean")
    chosen = f"SELECT kasus FROM {wanted}" if wanted else f"SELECT kasus FROM ({population.tables[CASE].sql})"
    connection.execute(
        "CREATE TABLE antrean AS SELECT kasus, min(nomor) AS nomor FROM"
        f" (SELECT kasus, row_number() OVER () AS nomor FROM ({chosen})) GROUP BY kasus"
    )
    streams = {
        entity: groupby(_rows(connection, policy, table, entity), key=lambda row: row[0])
        for entity, table in population.tables.items()
    }
    cases = streams.pop(CASE)
    heads = {entity: next(stream, None) for entity, stream in streams.items()}
    for number, rows in cases:
        first, *again = list(rows)
        document: dict[str, Any] = {CASE: first[2]}
        for entity in streams:
            head = heads[entity]
            while head is not None and head[0] < number:
                head = next(streams[entity], None)
            if head is not None and head[0] == number:
                document[entity] = [row[2] for row in head[1]]
                head = next(streams[entity], None)
            heads[entity] = head
        for row in (first, *again):
            yield row[1], {**document, CASE: row[2]}
    connection.execute("DROP TABLE antrean")


def _rows(
    connection: duckdb.DuckDBPyConnection, policy: Policy, table: Table, entity: str
) -> Iterator[tuple[int, Any, dict[str, Any]]]:
    """(number in the queue, key, facts) in that order, then in file order."""
    facts = [fact for fact in policy.vocabulary.entities[entity].facts if fact in table.columns]
    columns = "".join(f", t.{name(fact)}" for fact in facts)
    cursor = connection.cursor()
    cursor.execute(
        f"SELECT a.nomor, t.kasus{columns} FROM ({table.numbered}) AS t JOIN antrean AS a ON a.kasus IS NOT DISTINCT FROM t.kasus"
        " ORDER BY a.nomor, t.file_row_number"
    )
    while batch := cursor.fetchmany(5_000):
        for row in batch:
            yield row[0], row[1], {fact: value for fact, value in zip(facts, row[2:], strict=True) if value is not None}
