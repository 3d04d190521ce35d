"""Releases on their two time axes, withdrawal, proof before release, and the decisions a correction touches."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, FindingsError, ForbiddenError, InputError, NotFoundError
from kinerja.core.exactjson import loads
from kinerja.policy import load_policy
from kinerja.services.context import Actor, Context
from kinerja.services.openness import audit
from kinerja.services.rulebook import effects, publish, releases, simulation
from kinerja.settings import shipped
from kinerja.store import models as db


def officer(town: Any, name: str = "Penyusun") -> Context:
    return Context(town.city, Actor.of(name, roles=["pejabat_kebijakan", "pejabat_penetap"]))


def rules_with(folder: Path, *changes: tuple[str, str, str]) -> Path:
    target = folder / "aturan"
    shutil.copytree(shipped("rules"), target)
    for file, old, new in changes:
        path = target / file
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")
    return target


def raised(folder: Path) -> Path:
    """The pay of class 6 raised by Rp 100,000 before the index."""
    return rules_with(
        folder,
        ("parameters/tarif_kelas.yaml", "5764000", "5864000"),
        ("incentives/tpp_dasar.yaml", "expect: {tpp_dasar: 3407272}", "expect: {tpp_dasar: 3466385}"),
    )


@pytest.mark.slow
def test_a_post_of_the_city_may_not_lose_its_standard(town: Any, tmp_path: Path) -> None:
    """The proof of the rules alone is content: the post is named nowhere any more."""
    rules = rules_with(tmp_path)
    (rules / "standards/layanan_adminduk.yaml").unlink()
    assert load_policy(rules)
    with pytest.raises(FindingsError) as refused:
        publish.submit(officer(town), rules)
    assert refused.value.code == "jabatan_tanpa_standar"
    assert "operator_layanan_adminduk di " in refused.value.text_id


@pytest.mark.slow
def test_a_correction_lists_the_decisions_it_touches_and_the_money(town: Any, tmp_path: Path) -> None:
    town.until("budi", "terbitkan")
    rules = raised(tmp_path)
    with pytest.raises(ConflictError) as refused:
        publish.submit(officer(town), rules)
    assert refused.value.code == "belum_disimulasikan"
    simulation.keep(officer(town), load_policy(shipped("rules")))  # of other rules: no help
    with pytest.raises(ConflictError, match="belum_disimulasikan"):
        publish.submit(officer(town), rules)
    simulation.keep(officer(town), load_policy(rules))
    fingerprint = publish.submit(officer(town), rules).values["fingerprint"]
    told = effects.of_release(officer(town), fingerprint)
    assert told.computed == 1
    [one] = told.touched
    assert (one.case, one.on, one.error_id) == (town.case_of("budi").id, date(2026, 6, 30), "")
    moves = {move.output: (move.before, move.after) for move in one.moves}
    assert moves["tpp_dasar"] == (3407272, 3466385)
    assert told.money["tpp_dasar"] == 59113
    assert told.bands == {}
    publish.approve(officer(town, "Penetap"), fingerprint, effects=told)
    entry = db.LedgerEntry.select().where(db.LedgerEntry.act == "rules.approve").order_by(db.LedgerEntry.seq.desc()).first()
    assert [case["case"] for case in loads(entry.payload)["effects"]["touched"]] == [one.case]
    assert releases.log(town.system)[-1].touched == 1
    assert audit.recompute_all(town.system) == (1, ())  # what was decided stays decided


def test_rules_not_stored_yet_tell_the_same(town: Any, tmp_path: Path) -> None:
    town.until("budi", "terbitkan")
    policy = load_policy(raised(tmp_path))
    told = effects.of_policy(officer(town), policy)
    assert [move.output for move in told.touched[0].moves][:1] == ["tpp_dasar"]
    assert effects.of_policy(officer(town), policy, since=date(2026, 7, 1)).computed == 0
    with pytest.raises(ForbiddenError):
        effects.of_policy(Context(town.city, Actor.of("Pegawai", "198503122010012004")), policy)


@pytest.mark.slow
def test_a_gap_that_no_case_sees_is_refused_with_its_counterexample(quiet: Any, tmp_path: Path) -> None:
    rules = rules_with(tmp_path, ("incentives/potongan_terlambat.yaml", "[31..61)  ", "[31..60.5)"))
    before = db.LedgerEntry.select().count()
    with pytest.raises(FindingsError) as caught:
        publish.submit(officer(quiet), rules)
    assert (caught.value.code, caught.value.exit_status) == ("tidak_terbukti", 1)
    assert "menit_terlambat = 60.5" in caught.value.text_id
    assert "potongan_terlambat.yaml" in str(caught.value.place)
    assert db.LedgerEntry.select().count() == before
    assert db.Release.select().count() == 1


@pytest.mark.slow
def test_withdrawal_puts_the_release_before_back_in_force(quiet: Any, tmp_path: Path) -> None:
    first = publish.current(quiet.system).fingerprint
    second = publish.submit(officer(quiet), raised(tmp_path)).values["fingerprint"]
    with pytest.raises(ConflictError) as caught:
        publish.withdraw(officer(quiet, "Penetap"), first, "salah ketik")
    assert caught.value.code == "rilis_terakhir"
    publish.approve(officer(quiet, "Penetap"), second)
    with pytest.raises(InputError):
        publish.withdraw(officer(quiet, "Penetap"), second, " ")
    with pytest.raises(ForbiddenError):
        publish.withdraw(Context(quiet.city, Actor.of("Penyusun", roles=["pejabat_kebijakan"])), second, "ragu")
    publish.withdraw(officer(quiet, "Penetap"), second, "salah hitung")
    assert publish.current(quiet.system).fingerprint == first
    assert releases.log(quiet.system)[-1].note == "salah hitung"
    assert quiet.city.policy(second).fingerprint == second  # still there for what was decided on it
    with pytest.raises(ConflictError):
        publish.withdraw(officer(quiet, "Penetap"), second, "lagi")


@pytest.mark.slow
def test_an_author_takes_a_submission_back(quiet: Any, tmp_path: Path) -> None:
    author = Context(quiet.city, Actor.of("Penyusun", roles=["pejabat_kebijakan"]))
    fingerprint = publish.submit(author, raised(tmp_path)).values["fingerprint"]
    publish.withdraw(author, fingerprint, "belum selesai")
    with pytest.raises(ConflictError):
        publish.approve(officer(quiet, "Penetap"), fingerprint)


@pytest.mark.slow
def test_both_time_axes(quiet: Any, tmp_path: Path) -> None:
    first = publish.current(quiet.system).fingerprint
    began = quiet.clock.now()
    second = publish.submit(officer(quiet), raised(tmp_path)).values["fingerprint"]
    quiet.clock.set(began + timedelta(days=3))
    publish.approve(officer(quiet, "Penetap"), second)
    day = date(2026, 6, 30)
    known_then = releases.at(quiet.system, day, known=began.date())
    known_now = releases.at(quiet.system, day)
    assert (known_then.release, known_now.release) == (first, second)
    assert known_then.parameters["tarif_kelas"][6] != known_now.parameters["tarif_kelas"][6]
    assert known_now.decisions["predikat_kinerja"][1] is True
    assert releases.at(quiet.system, date(2021, 7, 1)).decisions["predikat_kinerja"][1] is False
    with pytest.raises(NotFoundError):
        releases.at(quiet.system, day, known=date(2020, 1, 1))


def test_a_release_is_named_by_the_beginning_of_its_fingerprint(quiet: Any) -> None:
    whole = publish.current(quiet.system).fingerprint
    assert releases.find(quiet.system, whole[:8]) == whole
    with pytest.raises(InputError):
        releases.find(quiet.system, whole[:3])
    with pytest.raises(NotFoundError):
        releases.find(quiet.system, "zzzzzzzz")
