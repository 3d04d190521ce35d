"""A query whose text is kept answers like the one that is built anew, on whichever database is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from kinerja.store import models as db
from kinerja.store.database import Store
from kinerja.store.prepared import Prepared


def people_of(number: int):
    return db.Position.select(db.Position, db.Unit).join(db.Unit).where(db.Position.job_class == number, db.Position.code != "x")


def fill(title: str) -> None:
    unit = db.Unit.create(code="dukcapil", name=title, kind="agency")
    for job_class in (6, 7):
        db.Position.create(code=f"p{job_class}", title=f"{title} {job_class}", unit=unit, job_class=job_class)


def test_the_row_of_each_number(any_store: Store):
    fill("Dinas")
    prepared = Prepared(people_of)
    for number in (6, 7, 6):
        found, built = prepared.first(number), people_of(number).first()
        assert found.__data__ == built.__data__
        assert found.unit.__data__ == built.unit.__data__
    assert prepared.first(9) is None
    db.Position.update(title="diubah").where(db.Position.job_class == 6).execute()
    assert prepared.first(6).title == "diubah"


def test_the_database_that_is_open(tmp_path: Path):
    prepared = Prepared(people_of)
    for name in ("satu", "dua"):
        with Store.open(f"sqlite:{name}.db", tmp_path) as opened:
            opened.upgrade()
            fill(name)
            assert prepared.first(6).title == f"{name} 6"


@pytest.mark.postgres
def test_the_other_kind_of_database(tmp_path: Path, new_postgres):
    prepared = Prepared(people_of)
    for url in ("sqlite:kota.db", new_postgres(), "sqlite:lain.db"):
        with Store.open(url, tmp_path) as opened:
            opened.upgrade()
            fill(url)
            assert prepared.first(7).title == f"{url} 7"
