"""Cases of any process: about an agency's month, a release, a coaching plan, and not only about an employee in a cycle.

Cycle, person, post, unit and agency of a case may be empty. SQLite has no statement for that, and copying the table would, with
foreign keys on, delete what hangs on the cases; so the stored definition is changed, as its documentation describes for
constraints that leave the file format as it is (https://www.sqlite.org/lang_altertable.html#otheralter).
"""

from __future__ import annotations

from typing import Any

import peewee

LOOSENED = ("cycle_id", "person_id", "position_id", "unit_id", "agency_id")
ADDED = (
    '"subject" VARCHAR(120)',
    "\"title\" VARCHAR(200) NOT NULL DEFAULT ''",
    '"parent_id" INTEGER REFERENCES "case" ("id") ON DELETE RESTRICT',
)


def up(migrator: Any, db: Any) -> None:
    for column in ADDED:
        db.execute_sql(f'ALTER TABLE "case" ADD COLUMN {column}')
    db.execute_sql('CREATE UNIQUE INDEX "case_subject" ON "case" ("subject")')
    db.execute_sql('CREATE INDEX "case_parent_id" ON "case" ("parent_id")')
    sqlite = isinstance(db, peewee.SqliteDatabase)
    if sqlite:
        _redefine(db, " NOT NULL", "")
        return
    db.execute_sql('ALTER TABLE "case" ALTER COLUMN "title" DROP DEFAULT')
    for column in LOOSENED:
        db.execute_sql(f'ALTER TABLE "case" ALTER COLUMN "{column}" DROP NOT NULL')


def down(migrator: Any, db: Any) -> None:
    """Refused by the database while there are cases that the older form cannot hold."""
    db.execute_sql('DROP INDEX "case_subject"')
    db.execute_sql('DROP INDEX "case_parent_id"')
    sqlite = isinstance(db, peewee.SqliteDatabase)
    if sqlite:
        empty = " OR ".join(f'"{column}" IS NULL' for column in LOOSENED)
        if db.execute_sql(f'SELECT COUNT(*) FROM "case" WHERE {empty}').fetchone()[0]:  # noqa: S608 - names of our own
            raise peewee.IntegrityError("there are cases without cycle, person, post or unit")
    else:
        for column in LOOSENED:
            db.execute_sql(f'ALTER TABLE "case" ALTER COLUMN "{column}" SET NOT NULL')
    for name in ("parent_id", "title", "subject"):
        db.execute_sql(f'ALTER TABLE "case" DROP COLUMN "{name}"')
    if sqlite:
        _redefine(db, "", " NOT NULL")


def _redefine(db: Any, old: str, new: str) -> None:
    """Change the null-ness of the loosened columns in SQLite's own record of the table, and have the schema read again."""
    [(text,)] = db.execute_sql("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = 'case'").fetchall()
    for column in LOOSENED:
        before = f'"{column}" INTEGER{old}'
        if before not in text:
            raise peewee.OperationalError(f"the table of cases has no {before}")
        text = text.replace(before, f'"{column}" INTEGER{new}', 1)
    version = db.execute_sql("PRAGMA schema_version").fetchone()[0]
    db.execute_sql("PRAGMA writable_schema = ON")
    db.execute_sql("UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = 'case'", (text,))
    db.execute_sql(f"PRAGMA schema_version = {version + 1}")
    db.execute_sql("PRAGMA writable_schema = OFF")
