"""A plan changed after both agreed: one proposes with a reason, the other agrees, the old is kept, never once results are made."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

import pytest

from kinerja.core.clock import JAKARTA
from kinerja.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from kinerja.services import notices
from kinerja.services.casework import amending, bounds, cases, plans
from kinerja.services.casework.amendment import Amendment, Edit, NewItem
from kinerja.services.evaluation import measure
from kinerja.services.evaluation.facts import collect
from kinerja.services.reading import load_case
from kinerja.store import models as db

WHY = "Mesin cetak KTP-el rusak dua bulan penuh"
SINCE = date(2026, 4, 1)


def amendment(**changes: Any) -> Amendment:
    values: dict[str, Any] = {"reason": WHY, "since": SINCE, "edits": {"ADM-4": Edit(target=Fraction(150))}}
    return Amendment(**(values | changes))


def back_to(town: Any, day: date) -> None:
    """A morning within the period, when nothing has been measured yet."""
    town.clock.set(datetime.combine(day, time(8), JAKARTA))
    db.Measurement.delete().execute()


@pytest.fixture
def agreed(town: Any) -> Any:
    town.until("budi", "lapor_realisasi")
    back_to(town, SINCE)
    return town


def case_id(town: Any) -> int:
    return int(town.case_of("budi").id)


def plan(town: Any) -> Any:
    return plans.plan_of(town.context("budi"), case_id(town))


def target(town: Any, code: str) -> Any:
    case = load_case(case_id(town))
    document = collect(case, town.city.policy(town.city.release().fingerprint)).document
    return next((row["target"], row["bobot"]) for row in document["indikator"] if row["kode"] == code)


def test_one_proposes_the_other_agrees_and_the_old_is_kept(agreed: Any) -> None:
    amending.propose(agreed.context("budi"), case_id(agreed), amendment())
    assert target(agreed, "ADM-4") == (120, 20), "a proposal changes nothing"
    assert any("menunggu jawaban" in one.text for one in notices.mine(agreed.context("kabid")))
    with pytest.raises(ForbiddenError, match="pengusul_tidak_menyetujui_sendiri"):
        amending.answer(agreed.context("budi"), case_id(agreed), True)
    for outsider in ("citra", "kadis", "hr"):
        with pytest.raises(ForbiddenError, match="tidak_berwenang"):
            amending.answer(agreed.context(outsider), case_id(agreed), True)
    amending.answer(agreed.context("kabid"), case_id(agreed), True)
    assert target(agreed, "ADM-4") == (150, 20)
    first, second = plan(agreed).versions
    assert next(row["target"] for row in first.items if row["kode"] == "ADM-4") == 120
    assert (second.state, second.since, second.reason) == ("disepakati", SINCE, WHY)
    assert second.changes == ({"kode": "ADM-4", "apa": "ubah", "sebelum": {"target": 120}, "sesudah": {"target": 150}},)
    acts = [entry.act for entry in cases.case_page(agreed.context("hr"), case_id(agreed)).timeline]
    assert acts[-2:] == ["plan.amend", "plan.answer"]


def test_the_evaluation_and_the_letter_use_the_version_in_force(agreed: Any) -> None:
    new = NewItem("TBH-1", "Petugas baru terlatih", "lebih_tinggi", Fraction(2), Fraction(15), "orang")
    amending.propose(agreed.context("kabid"), case_id(agreed), amendment(removed=("ADM-3",), added=(new,)))
    amending.answer(agreed.context("budi"), case_id(agreed), True)
    measure.record(agreed.context("budi"), case_id(agreed), "TBH-1", Fraction(2), "daftar hadir")
    for who, task, answers in agreed.way[2:7]:
        agreed.do("budi" if who == "self" else who, task, "budi", **answers)
    evaluation = db.Evaluation.select().where(db.Evaluation.case == case_id(agreed)).get()
    assert [row["kode"] for row in evaluation.facts["indikator"]] == ["ADM-1", "ADM-2", "ADM-4", "ADM-5", "TBH-1"]
    assert "perubahan SKP 2" in evaluation.evidence["indikator.ADM-4.target"]["source"]
    letter = db.Letter.get(db.Letter.case == case_id(agreed), db.Letter.kind == "dokumen_evaluasi").content
    assert [row["code"] for row in letter["indicators"]] == ["ADM-1", "ADM-2", "ADM-4", "ADM-5", "TBH-1"]
    assert any(WHY in note for note in letter["notes"])
    with pytest.raises(ConflictError, match="penilaian_sudah_mulai"):
        amending.propose(agreed.context("budi"), case_id(agreed), amendment())


def test_refused_or_withdrawn_nothing_changes(agreed: Any) -> None:
    budi, kabid = agreed.context("budi"), agreed.context("kabid")
    amending.propose(budi, case_id(agreed), amendment())
    with pytest.raises(ConflictError, match="perubahan_menunggu"):
        amending.propose(kabid, case_id(agreed), amendment())
    with pytest.raises(InputError, match="alasan_terlalu_pendek"):
        amending.answer(kabid, case_id(agreed), False, "tidak")
    amending.answer(kabid, case_id(agreed), False, "Mesin cadangan sudah tersedia sejak Maret")
    amending.propose(budi, case_id(agreed), amendment())
    amending.answer(budi, case_id(agreed), False)
    assert [version.state for version in plan(agreed).versions] == ["disepakati", "ditolak", "ditarik"]
    assert target(agreed, "ADM-4") == (120, 20)
    with pytest.raises(NotFoundError, match="tidak_ada_perubahan_menunggu"):
        amending.answer(kabid, case_id(agreed), True)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"edits": {"ADM-4": Edit(weight=Fraction(25))}}, "bobot_bukan_100"),
        ({"edits": {"ADM-4": Edit(target=Fraction(0))}}, "target_tidak_sah"),
        ({"edits": {"ADM-4": Edit(target=Fraction(1, 3))}}, "target_tidak_sah"),
        ({"edits": {"ADM-4": Edit(target=Fraction(120))}}, "tidak_ada_perubahan"),
        ({"edits": {"XX": Edit(target=Fraction(1))}}, "indikator_tidak_ada"),
        ({"edits": {}, "removed": ("ADM-5",)}, "butir_tim_evaluasi"),
        (
            {"edits": {}, "added": (NewItem("ADM-1", "x", "lebih_tinggi", Fraction(1), Fraction(5), ""),)},
            "indikator_baru_tidak_sah",
        ),
        ({"edits": {"ADM-4": Edit(weight=Fraction(0)), "ADM-1": Edit(weight=Fraction(50))}}, "bobot_tidak_sah"),
        ({"since": date(2026, 7, 1)}, "tanggal_di_luar_periode"),
        ({"reason": "rusak"}, "alasan_terlalu_pendek"),
    ],
)
def test_what_cannot_be_meant_is_refused(agreed: Any, changes: dict[str, Any], code: str) -> None:
    with pytest.raises((InputError, NotFoundError), match=code):
        amending.propose(agreed.context("budi"), case_id(agreed), amendment(**changes))
    assert len(plan(agreed).versions) == 1


def test_never_before_agreement_nor_once_the_assessment_has_begun(town: Any) -> None:
    with pytest.raises(ConflictError, match="rencana_belum_disepakati"):
        amending.propose(town.context("budi"), case_id(town), amendment())
    town.until("budi", "lapor_realisasi")
    back_to(town, SINCE)
    amending.propose(town.context("budi"), case_id(town), amendment())
    town.do("budi", "lapor_realisasi", "budi", pernyataan_realisasi=True)
    with pytest.raises(ConflictError, match="penilaian_sudah_mulai"):
        amending.answer(town.context("kabid"), case_id(town), True)
    assert target(town, "ADM-4") == (120, 20)


# ── the bounds of the rules ───────────────────────────────────────────────────────────────────────────────────────────
def agree(town: Any, **changes: Any) -> None:
    amending.propose(town.context("budi"), case_id(town), amendment(**changes))
    amending.answer(town.context("kabid"), case_id(town), True)


def test_until_when_is_asked_at_proposal_and_at_agreement(agreed: Any) -> None:
    """Three quarters of 1 January to 30 June: 135 of 181 days, 15 May."""
    limits = amending.limits(agreed.context("budi"), case_id(agreed))
    assert limits is not None
    assert (limits.last_day, limits.in_time, limits.left) == (date(2026, 5, 15), True, 2)
    back_to(agreed, date(2026, 5, 15))
    amending.propose(agreed.context("budi"), case_id(agreed), amendment())
    back_to(agreed, date(2026, 5, 16))
    with pytest.raises(ConflictError, match="perubahan_terlambat"):
        amending.answer(agreed.context("kabid"), case_id(agreed), True)
    assert target(agreed, "ADM-4") == (120, 20)
    amending.answer(agreed.context("budi"), case_id(agreed), False)  # taken back, which is always possible
    assert not amending.may_amend(agreed.context("budi"), load_case(case_id(agreed)))
    with pytest.raises(ConflictError, match="perubahan_terlambat"):
        amending.propose(agreed.context("budi"), case_id(agreed), amendment())


def test_how_often_counts_what_was_agreed_only(agreed: Any) -> None:
    agree(agreed)
    amending.propose(agreed.context("budi"), case_id(agreed), amendment(edits={"ADM-4": Edit(target=Fraction(160))}))
    amending.answer(agreed.context("kabid"), case_id(agreed), False, "Mesin cadangan sudah tersedia")
    agree(agreed, edits={"ADM-4": Edit(target=Fraction(140))})
    with pytest.raises(ConflictError, match="perubahan_habis"):
        amending.propose(agreed.context("budi"), case_id(agreed), amendment(edits={"ADM-4": Edit(target=Fraction(130))}))


@pytest.mark.parametrize(
    ("changes", "allowed"),
    [
        ({"edits": {"ADM-4": Edit(target=Fraction(150))}}, False),  # minutes: more is easier
        ({"edits": {"ADM-4": Edit(target=Fraction(100))}}, True),
        ({"edits": {"ADM-1": Edit(target=Fraction(90))}}, True),  # another one, whose actual nobody knows
        ({"edits": {"ADM-4": Edit(weight=Fraction(10)), "ADM-1": Edit(weight=Fraction(40))}}, False),
        ({"edits": {"ADM-1": Edit(weight=Fraction(50))}, "removed": ("ADM-4",)}, False),
    ],
)
def test_what_is_known_makes_nothing_easier(agreed: Any, changes: dict[str, Any], allowed: bool) -> None:
    item = db.PlanItem.get(db.PlanItem.case == case_id(agreed), db.PlanItem.code == "ADM-4")
    at = agreed.clock.now()
    db.Measurement.create(plan_item=item, value=Fraction(148), evidence={}, recorded_by="sistem", recorded_at=at)
    with nullcontext() if allowed else pytest.raises(InputError, match="realisasi_sudah_diketahui"):
        amending.propose(agreed.context("budi"), case_id(agreed), amendment(**changes))
    assert len(plan(agreed).versions) == 1 + allowed


def test_an_actual_that_becomes_known_in_between_stops_the_agreement(agreed: Any) -> None:
    amending.propose(agreed.context("budi"), case_id(agreed), amendment())
    measure.measure_cycle(agreed.context("hr"), agreed.cycle)
    with pytest.raises(InputError, match="realisasi_sudah_diketahui"):
        amending.answer(agreed.context("kabid"), case_id(agreed), True)


def test_the_bounds_are_the_rules(agreed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another answer of the rule, another bound: nothing of it stands in Python."""
    answers = {"hari_terakhir": Fraction(59), "tepat_waktu": False, "sisa": Fraction(7)}
    monkeypatch.setattr(bounds, "decide_with", lambda *_: answers)
    limits = amending.limits(agreed.context("budi"), case_id(agreed))
    assert limits is not None
    assert (limits.last_day, limits.in_time, limits.left) == (date(2026, 2, 28), False, 7)


def test_a_release_without_these_rules_sets_no_bounds(agreed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    release = agreed.city.release()
    policy = agreed.city.policy(release.fingerprint)
    older = replace(policy, decisions={name: one for name, one in policy.decisions.items() if name != bounds.RULE})
    monkeypatch.setattr(type(agreed.city), "policy", lambda *_: older)
    back_to(agreed, date(2026, 6, 30))
    assert amending.limits(agreed.context("budi"), case_id(agreed)) is None
    agree(agreed)
    assert target(agreed, "ADM-4") == (150, 20)
