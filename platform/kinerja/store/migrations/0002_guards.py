"""Triggers that make the ledger append-only, and letters, evaluations and published rules unchangeable, whoever writes."""

from __future__ import annotations

from typing import Any

import peewee

APPEND_ONLY = ("ledger_entry", "evaluation")
# table → (columns that never change, condition under which one may not change the rest, columns it then holds for)
FIXED_COLUMNS = {
    "letter": ("kind", "number", "register", "ordinal", "year", "unit_id", "case_id", "content", "token", "issued_by", "issued_at"),
    "release": ("fingerprint", "files", "author", "submitted_at"),
    "judgement": ("case_id", "role", "aspect", "value", "reason", "evidence", "author", "judged_at"),
    "measurement": ("plan_item_id", "value", "evidence", "recorded_by", "recorded_at"),
}
UNDELETABLE = ("letter", "release")


def up(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, peewee.SqliteDatabase)
    if not sqlite:
        db.execute_sql(
            "CREATE FUNCTION kinerja_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'kinerja: %% of %% is refused', TG_OP, TG_TABLE_NAME; END $$"
        )
    for table in APPEND_ONLY:
        _guard(db, sqlite, table, "UPDATE", "")
        _guard(db, sqlite, table, "DELETE", "")
    for table, columns in FIXED_COLUMNS.items():
        _guard(db, sqlite, table, "UPDATE", " OF " + ", ".join(f'"{column}"' for column in columns))
    for table in UNDELETABLE:
        _guard(db, sqlite, table, "DELETE", "")
    if sqlite:
        db.execute_sql(
            'CREATE TRIGGER "letter_printed_once" BEFORE UPDATE OF "sha256" ON "letter" '
            'WHEN OLD."sha256" <> \'\' AND NEW."sha256" <> OLD."sha256" '
            "BEGIN SELECT RAISE(ABORT, 'kinerja: a printed letter is refused another hash'); END"
        )
    else:
        db.execute_sql("CREATE TRIGGER ledger_entry_truncate BEFORE TRUNCATE ON ledger_entry EXECUTE FUNCTION kinerja_refuse()")
        db.execute_sql(
            'CREATE TRIGGER letter_printed_once BEFORE UPDATE OF "sha256" ON "letter" FOR EACH ROW '
            'WHEN (OLD."sha256" <> \'\' AND NEW."sha256" <> OLD."sha256") EXECUTE FUNCTION kinerja_refuse()'
        )


def _guard(db: Any, sqlite: bool, table: str, event: str, columns: str) -> None:
    name = f"{table}_no_{event.lower()}"
    if sqlite:
        db.execute_sql(
            f'CREATE TRIGGER "{name}" BEFORE {event}{columns} ON "{table}" '
            f"BEGIN SELECT RAISE(ABORT, 'kinerja: {event} of {table} is refused'); END"
        )
    else:
        db.execute_sql(
            f'CREATE TRIGGER "{name}" BEFORE {event}{columns} ON "{table}" FOR EACH ROW EXECUTE FUNCTION kinerja_refuse()'
        )


def down(migrator: Any, db: Any) -> None:
    sqlite = isinstance(db, peewee.SqliteDatabase)
    names = [(f"{table}_no_update", table) for table in (*APPEND_ONLY, *FIXED_COLUMNS)]
    names += [(f"{table}_no_delete", table) for table in (*APPEND_ONLY, *UNDELETABLE)]
    names.append(("letter_printed_once", "letter"))
    if not sqlite:
        names.append(("ledger_entry_truncate", "ledger_entry"))
    for name, table in names:
        db.execute_sql(f'DROP TRIGGER "{name}"' + ("" if sqlite else f' ON "{table}"'))
    if not sqlite:
        db.execute_sql("DROP FUNCTION kinerja_refuse()")
