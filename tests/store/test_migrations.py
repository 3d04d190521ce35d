"""The migrations lead to the models, and back to nothing."""

from __future__ import annotations

from pathlib import Path

import peewee
import pytest
from playhouse.schema_diff import diff_models

from kinerja.core.errors import InputError
from kinerja.store import models as db
from kinerja.store.database import MIGRATIONS, Store


def columns(database: peewee.SqliteDatabase) -> dict[str, list[tuple[str, str, bool]]]:
    return {
        table: [(column.name, column.data_type, column.null) for column in database.get_columns(table)]
        for table in sorted(database.get_tables())
        if table != "schema_migration"
    }


def test_models_and_migrations_do_not_drift(store: Store, tmp_path: Path) -> None:
    assert not diff_models(store.database, list(db.MODELS))
    migrated = columns(store.database)
    created = peewee.SqliteDatabase(str(tmp_path / "dibuat.db"))
    with created.bind_ctx(list(db.MODELS)):
        created.create_tables(list(db.MODELS))
        assert columns(created) == migrated
    created.close()


def test_postgresql_has_the_same_tables(any_store: Store) -> None:
    assert not diff_models(any_store.database, list(db.MODELS))


def test_checks_survive_the_migration(any_store: Store) -> None:
    unit = db.Unit.create(code="x", name="X")
    with pytest.raises(peewee.IntegrityError, match=r"(?i)check"):
        db.Position.create(code="x", title="X", unit=unit, job_class=99)


ALL = tuple(sorted(file.stem for file in MIGRATIONS.glob("0*.py")))


def test_down_undoes_up(any_store: Store) -> None:
    while any_store.downgrade():
        pass
    assert any_store.database.get_tables() == ["schema_migration"]
    assert any_store.pending() == ALL
    assert any_store.upgrade() == ALL
    assert any_store.pending() == ()


def test_upgrading_twice_changes_nothing(store: Store) -> None:
    assert store.upgrade() == ()


def test_no_model_field_clashes_with_the_forms_of_the_console() -> None:
    taken = {"meta", "data", "errors", "process", "populate_obj", "validate"}
    clashes = {f"{model.__name__}.{name}" for model in db.MODELS for name in model._meta.fields if name in taken - {"process"}}
    assert clashes == set()


def test_an_unknown_scheme_is_named() -> None:
    with pytest.raises(InputError) as caught:
        Store.open("mysql://x/y")
    assert caught.value.code == "alamat_basis_data"


def test_sqlite_is_opened_with_its_guards(store: Store) -> None:
    pragma = {name: store.database.pragma(name) for name in ("journal_mode", "foreign_keys", "recursive_triggers", "busy_timeout")}
    assert pragma == {"journal_mode": "wal", "foreign_keys": 1, "recursive_triggers": 1, "busy_timeout": 15_000}


def test_a_filled_store_keeps_its_cases_when_they_become_general(any_store: Store) -> None:
    while "0004_subjects" not in any_store.pending():
        any_store.downgrade()
    execute = any_store.database.execute_sql
    at = "2026-01-01T00:00:00.000000Z"
    execute("INSERT INTO unit (id, version, code, name, short_name, kind, head_title, address, contact, active) "
            "VALUES (1, 1, 'u', 'U', '', 'agency', '', '', '', true)")  # fmt: skip
    execute("INSERT INTO person (id, version, nip, name, status, rank, email, active) VALUES (1, 1, '1', 'A', 'PNS', '', '', true)")
    execute("INSERT INTO position (id, version, code, title, unit_id, job_class, kind, leads_unit, formation) "
            "VALUES (1, 1, 'p', 'P', 1, 6, 'pelaksana', false, 1)")  # fmt: skip
    execute(f"INSERT INTO process_version (id, process, version, title, files, loaded_at) VALUES (1, 'x', 'v', '', '[]', '{at}')")
    execute("INSERT INTO cycle (id, version, code, title, template, first, last, state, release, opened_at) "
            f"VALUES (1, 1, 'c', 'C', 'tahunan', '2026-01-01', '2026-12-31', 'open', '', '{at}')")  # fmt: skip
    execute('INSERT INTO "case" (id, version, cycle_id, person_id, position_id, unit_id, agency_id, first, last, chain_note, '
            "process_id, process_state, stage, state, assumptions, opened_at) VALUES "
            f"(900, 1, 1, 1, 1, 1, 1, '2026-01-01', '2026-12-31', '', 1, '', 'penilaian', 'open', '[]', '{at}')")  # fmt: skip
    execute("INSERT INTO task (id, case_id, engine_id, task, title, role, form, stage, state, ready_at) "
            f"VALUES (1, 900, '1', 't', '', 'bkpsdm', '', '', 'ready', '{at}')")  # fmt: skip
    any_store.upgrade()
    assert db.Task.get_by_id(1).case.person.name == "A"
    case = db.Case.get_by_id(900)
    assert (case.subject, case.title, case.parent_id) == (None, "", None)
    release = db.Case.create(process=1, first="2026-01-01", last="2026-01-01", subject="rilis:1", opened_at=case.opened_at)
    assert db.Case.get_by_id(release.id).person is None
    with pytest.raises(peewee.IntegrityError):
        db.Case.create(process=1, first="2026-01-01", last="2026-01-01", subject="rilis:1", opened_at=case.opened_at)
    if any_store.is_sqlite:
        assert any_store.database.execute_sql("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert any_store.database.execute_sql("PRAGMA foreign_key_check").fetchall() == []


def test_a_filled_store_keeps_its_imports_when_they_can_be_taken_back(any_store: Store) -> None:
    while "0007_people" not in any_store.pending():
        any_store.downgrade()
    execute = any_store.database.execute_sql
    row = (
        'INSERT INTO "import" (id, kind, file, sha256, map, map_sha256, accepted, rejected, warnings, imported_by, imported_at) '
        "VALUES ({}, 'kejadian', 'f', 'a', '', '', 1, '[]', '[]', 'x', '2026-01-01T00:00:00.000000Z')"
    )
    execute(row.format(900))
    any_store.upgrade()
    assert db.Import.get_by_id(900).undone_at is None
    with pytest.raises(peewee.IntegrityError), any_store.transaction():
        execute(row.format(901))
    db.Import.update(undone_at="2026-02-01T00:00:00+00:00").where(db.Import.id == 900).execute()
    execute(row.format(902))
    while "0007_people" not in any_store.pending():
        any_store.downgrade()
    assert [id for (id,) in execute('SELECT id FROM "import"').fetchall()] == [902]
