"""The ledger: what is written cannot be unwritten unseen."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import peewee
import pytest

from kinerja.core.clock import JAKARTA
from kinerja.store import ledger
from kinerja.store.database import Store
from kinerja.store.ledger import Head

AT = datetime(2026, 7, 20, 8, tzinfo=JAKARTA)


def fill(store: Store, count: int = 5) -> Head:
    head = ledger.head(store)
    for number in range(count):
        with store.transaction():
            head = ledger.append(
                store, AT, "198001012005011001", "uji", f"case:{number}", {"nilai": Fraction("88.305"), "n": number}
            )
    return head


def test_the_chain_holds(any_store: Store) -> None:
    head = fill(any_store)
    found = ledger.verify(any_store, head)
    assert (found.count, found.bad, found.head) == (5, None, head)


def test_an_empty_chain_holds(any_store: Store) -> None:
    assert ledger.verify(any_store) == ledger.Verification(0, Head(0, ledger.GENESIS))


def test_long_chains_are_read_in_parts(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "BATCH", 2)
    fill(store, 7)
    assert ledger.verify(store).count == 7


def test_an_entry_outside_a_transaction_is_refused(any_store: Store) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        ledger.append(any_store, AT, "a", "b", "c", {})


def test_an_entry_falls_with_its_transaction(any_store: Store) -> None:
    fill(any_store, 1)

    def act() -> None:
        with any_store.transaction():
            ledger.append(any_store, AT, "a", "b", "c", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()
    assert ledger.verify(any_store).count == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET payload = '{}' WHERE seq = 2",
        "DELETE FROM ledger_entry WHERE seq = 5",
    ],
)
def test_the_database_refuses_changes(any_store: Store, statement: str) -> None:
    head = fill(any_store)
    with pytest.raises(peewee.DatabaseError, match="refused"):
        any_store.database.execute_sql(statement)
    assert ledger.verify(any_store, head).bad is None


@pytest.mark.postgres
def test_postgresql_refuses_to_empty_the_ledger(any_store: Store) -> None:
    if any_store.is_sqlite:
        return
    head = fill(any_store)
    with pytest.raises(peewee.DatabaseError, match="refused"):
        any_store.database.execute_sql("TRUNCATE ledger_entry")
    assert ledger.verify(any_store, head).bad is None


@pytest.mark.parametrize(
    "statement",
    [
        "REPLACE INTO ledger_entry SELECT seq, at, actor, 'x', subject, payload, previous, hash FROM ledger_entry WHERE seq = 2",
        "REPLACE INTO ledger_entry SELECT 2, at, actor, act, subject, payload, previous, hash FROM ledger_entry WHERE seq = 3",
    ],
)
def test_replacing_is_deleting_and_is_refused(store: Store, statement: str) -> None:
    head = fill(store)
    with pytest.raises(peewee.IntegrityError):
        store.database.execute_sql(statement)
    assert ledger.verify(store, head).bad is None


def change(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE ledger_entry SET payload = '{\"n\":99}' WHERE seq = 3")


def delete(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM ledger_entry WHERE seq = 3")


def reorder(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE ledger_entry SET seq = -3 WHERE seq = 3")
    connection.execute("UPDATE ledger_entry SET seq = 3 WHERE seq = 4")
    connection.execute("UPDATE ledger_entry SET seq = 4 WHERE seq = -3")


def cut_tail(connection: sqlite3.Connection) -> None:
    connection.execute("DELETE FROM ledger_entry WHERE seq >= 4")


def rehash(connection: sqlite3.Connection) -> None:
    """The worst case: somebody with the database and this code rewrites an entry and all that follow."""
    rows = connection.execute("SELECT seq, at, actor, act, subject, payload FROM ledger_entry ORDER BY seq").fetchall()
    previous = ledger.GENESIS
    for seq, at, actor, act, subject, payload in rows:
        text = '{"n":99}' if seq == 2 else payload
        instant = datetime.fromisoformat(at)
        digest = ledger._hash(seq, instant, actor, act, subject, text, previous)
        connection.execute(
            "UPDATE ledger_entry SET payload = ?, previous = ?, hash = ? WHERE seq = ?", (text, previous, digest, seq)
        )
        previous = digest


@pytest.mark.parametrize(
    ("tamper", "bad", "reason"),
    [
        (change, 3, "isi_berubah"),
        (delete, 3, "urutan_berlubang"),
        (reorder, 3, "rantai_putus"),
        (cut_tail, 4, "ekor_hilang"),
        (rehash, 5, "kepala_berbeda"),
    ],
)
def test_tampering_behind_the_triggers_is_found(
    store: Store, tmp_path: Path, tamper: Callable[[sqlite3.Connection], None], bad: int, reason: str
) -> None:
    head = fill(store)
    connection = sqlite3.connect(tmp_path / "kota.db")
    connection.execute("DROP TRIGGER ledger_entry_no_update")
    connection.execute("DROP TRIGGER ledger_entry_no_delete")
    tamper(connection)
    connection.commit()
    connection.close()
    found = ledger.verify(store, head)
    assert (found.bad, found.reason) == (bad, reason)


def test_an_outside_head_in_the_middle_still_holds_later(any_store: Store) -> None:
    earlier = fill(any_store, 3)
    fill(any_store, 3)
    assert ledger.verify(any_store, earlier).bad is None
