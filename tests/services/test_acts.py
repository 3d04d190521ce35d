"""Receipts, keys and permissions: the frame in which every change happens."""

from __future__ import annotations

from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError, InputError, KinerjaError, NotFoundError
from kinerja.services.acts import Done, perform
from kinerja.services.context import PERMITS, SYSTEM, Actor, Context, allowed
from kinerja.services.openness import audit
from kinerja.services.staff import accounts, people
from kinerja.services.staff.people import PersonEntry, PositionEntry, UnitEntry
from kinerja.store import models as db

BUDI, HR = "199105052016051002", "198508082010081005"


@pytest.fixture
def context(bare: Any) -> Context:
    return Context(bare.city, SYSTEM)


def as_actor(context: Context, actor: Actor) -> Context:
    return Context(context.city, actor)


def test_the_same_key_brings_the_same_receipt_and_does_it_once(context: Context) -> None:
    ran = []

    def work() -> Done:
        ran.append(1)
        return Done("x", "sudah", "done", payload={"n": 1}, values={"n": 1})

    first = perform(context, "uji", work, key="k")
    again = perform(context, "uji", work, key="k")
    assert first == again
    assert ran == [1]
    assert db.LedgerEntry.select().where(db.LedgerEntry.act == "uji").count() == 1


def test_a_key_of_another_act_or_person_is_refused(context: Context) -> None:
    perform(context, "uji", lambda: Done("x", "", ""), key="k")
    for act, actor in (("lain", SYSTEM), ("uji", Actor("orang lain"))):
        with pytest.raises(ConflictError) as caught:
            perform(as_actor(context, actor), act, lambda: Done("x", "", ""), key="k")
        assert caught.value.code == "kunci_terpakai"


def test_a_failed_act_leaves_nothing(context: Context) -> None:
    before = db.LedgerEntry.select().count()

    def work() -> Done:
        db.Unit.create(code="baru", name="Baru")
        raise InputError("x", "x", "x")

    with pytest.raises(InputError):
        perform(context, "uji", work, key="k")
    assert db.Unit.get_or_none(db.Unit.code == "baru") is None
    assert db.LedgerEntry.select().count() == before
    assert db.Receipt.get_or_none(db.Receipt.key == "k") is None


EVERYBODYS = {"rules.read", "people.map", "process.read", "training.read"}


@pytest.mark.slow
@pytest.mark.parametrize("act", sorted({permit.act for permit in PERMITS} - EVERYBODYS))
def test_without_a_role_no_act_is_allowed(context: Context, act: str) -> None:
    assert not allowed(as_actor(context, Actor.of("Budi", BUDI)), act)


def test_a_refusal_names_the_roles_that_may(context: Context) -> None:
    with pytest.raises(ForbiddenError) as caught:
        people.establish(as_actor(context, Actor.of("Budi", BUDI)), units=[UnitEntry("x", "X")])
    assert caught.value.code == "tidak_berwenang"
    assert "administrator" in caught.value.remedy_id


def test_a_role_in_one_unit_does_not_reach_another(context: Context) -> None:
    dukcapil, bkpsdm = (db.Unit.get(db.Unit.code == code) for code in ("dukcapil.1", "bkpsdm"))
    local = as_actor(context, Actor.of("HR Dukcapil", roles=["bkpsdm"], units=["dukcapil"]))
    assert allowed(local, "people.edit", unit=dukcapil)
    assert not allowed(local, "people.edit", unit=bkpsdm)


def test_the_tree_is_read_again_after_a_change(context: Context) -> None:
    city = context.city
    assert city.units is city.units
    before = city.units
    people.establish(context, units=[UnitEntry("dukcapil.2", "Bidang Baru", parent="dukcapil")])
    assert city.units is not before
    assert city.units.codes_above(db.Unit.get(db.Unit.code == "dukcapil.2").id) == {"dukcapil.2", "dukcapil", "setda", "pemkot"}
    assert city.units.agency(db.Unit.get(db.Unit.code == "dukcapil.2").id).code == "dukcapil"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"units": [UnitEntry("dukcapil", "Lagi")]}, "sudah_ada"),
        ({"units": [UnitEntry("x", "X", parent="tidak-ada")]}, "rujukan_tidak_ada"),
        ({"units": [UnitEntry("x", "X", kind="kerajaan")]}, "nilai_tidak_dikenal"),
        ({"people": [PersonEntry("123", "Pendek")]}, "nip_tidak_sah"),
        ({"people": [PersonEntry(BUDI, "Budi lagi")]}, "sudah_ada"),
        ({"positions": [PositionEntry("operator_layanan_adminduk", "Operator", "dukcapil.1", 6)]}, "sudah_ada"),
        ({"positions": [PositionEntry("x", "X", "tidak-ada", 6)]}, "rujukan_tidak_ada"),
    ],
)
def test_wrong_entries_are_named_and_change_nothing(context: Context, given: dict[str, Any], code: str) -> None:
    counts = [model.select().count() for model in db.MODELS]
    with pytest.raises(KinerjaError) as caught:
        people.establish(context, **given)
    assert caught.value.code == code
    assert [model.select().count() for model in db.MODELS] == counts


def test_roles_of_an_account_hold_by_unit_and_change_at_once(context: Context) -> None:
    accounts.create_account(context, "andi", "x", roles=[("bkpsdm", "dukcapil"), ("auditor", "")])
    assert dict(accounts.actor_by_name("andi").roles) == {"bkpsdm": frozenset({"dukcapil"}), "auditor": frozenset()}
    accounts.set_roles(context, "andi", [("bkpsdm", "dukcapil"), ("bkpsdm", "")])
    assert dict(accounts.actor_by_name("andi").roles) == {"bkpsdm": frozenset()}
    user = db.User.get(db.User.username == "andi")
    user.active = False
    assert accounts.actor_of(user).roles == {}


def test_an_account_belongs_to_its_person(context: Context) -> None:
    assert accounts.actor_by_name("hr") == Actor("Hr", HR, {"bkpsdm": frozenset()})
    with pytest.raises(NotFoundError):
        accounts.create_account(context, "siapa", "x", nip="0" * 18)
    with pytest.raises(InputError):
        accounts.create_account(context, "siapa", "x", roles=[("raja", "")])
    assert db.User.get_or_none(db.User.username == "siapa") is None


def test_the_ledger_of_the_services_verifies(context: Context) -> None:
    report = audit.verify_ledger(context)
    assert report.bad is None
    assert report.count == db.LedgerEntry.select().count() > 0
    with pytest.raises(ForbiddenError):
        audit.verify_ledger(as_actor(context, Actor.of("Budi", BUDI)))
