"""A plan until both agree: the standard read, the talk, the expected behaviour, who agreed and when."""

from __future__ import annotations

from typing import Any

import pytest

from kinerja.core.errors import ForbiddenError
from kinerja.process import FormError
from kinerja.services import notices
from kinerja.services.casework import monitoring, plans, tasks
from kinerja.services.papers import planpaper
from kinerja.services.reading import load_case
from kinerja.store import models as db

VALUES = ["berorientasi_pelayanan", "akuntabel", "kompeten", "harmonis", "loyal", "adaptif", "kolaboratif"]
RETURNED = "Target ADM-4 belum dibahas bersama"


def plan(town: Any, who: str, of: str = "budi") -> Any:
    return plans.plan_of(town.context(who), town.case_of(of).id)


def test_reading_the_standard_is_on_record_with_who_and_when(town: Any) -> None:
    assert plan(town, "budi").understood is None
    [task] = town.desk("budi", "budi")
    with pytest.raises(FormError):
        tasks.complete(town.context("budi"), task.id, {"sudah_baca_standar": False})
    at = town.clock.now()
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    assert plan(town, "kabid").understood == ("Budi", at)
    assert db.Acknowledgement.select().where(db.Acknowledgement.person == town.case_of("sari").person_id).count() == 0


def test_both_agree_and_the_version_is_kept(town: Any) -> None:
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    found = plan(town, "budi")
    assert (found.agreed, [version.state for version in found.versions]) == (False, ["diusulkan"])
    town.do("kabid", "setujui_skp", "budi", keputusan_skp="setuju")
    [version] = plan(town, "budi").versions
    assert (version.proposed_name, version.proposed_role) == ("Budi", "pegawai")
    assert (version.answered_name, version.answered_role, version.state) == ("Kabid", "pejabat_penilai", "disepakati")
    assert [(row["kode"], row["target"]) for row in version.items] == [
        (item.code, item.target) for item in plan(town, "budi").items
    ]


def test_what_each_side_says_reaches_the_other_and_a_returned_plan_comes_again(town: Any) -> None:
    """The reason for returning a plan is read by the employee at once, not with the result."""
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True, usulan_skp="ADM-4: 150 menit, mesin cetak hanya satu")
    town.do("kabid", "setujui_skp", "budi", keputusan_skp="perbaiki", catatan_skp=RETURNED)
    found = plan(town, "budi")
    assert [(said.author_name, said.text) for said in found.talk] == [
        ("Budi", "ADM-4: 150 menit, mesin cetak hanya satu"), ("Kabid", RETURNED),
    ]  # fmt: skip
    assert (found.agreed, [version.state for version in found.versions]) == (False, ["dikembalikan"])
    monitoring.note(town.context("budi"), found.case, plans.TALK, "Baik, kita bahas Senin pagi", "ADM-4")
    assert any("catatan baru" in notice.text for notice in notices.mine(town.context("kabid")))
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    town.do("kabid", "setujui_skp", "budi", keputusan_skp="setuju")
    assert [version.state for version in plan(town, "budi").versions] == ["disepakati"]


def test_the_talk_ends_when_both_have_agreed(town: Any) -> None:
    town.until("budi", "lapor_realisasi")
    with pytest.raises(ForbiddenError, match="bukan_catatan_anda"):
        monitoring.note(town.context("budi"), town.case_of("budi").id, plans.TALK, "Saya ingin mengubah target")
    monitoring.note(town.context("budi"), town.case_of("budi").id, "umpan_balik", "Antrean pagi perlu satu loket lagi")


def test_expected_behaviour_has_seven_values_and_the_appraiser_changes_its_words(town: Any) -> None:
    first = plan(town, "budi").expectations
    assert [one.value for one in first] == VALUES
    assert all(one.text and one.guide_id and not one.own for one in first)
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    words = "Latih dua rekan baru di loket sampai mandiri"
    town.do("kabid", "setujui_skp", "budi", keputusan_skp="setuju", ekspektasi_kompeten=words)
    own = {one.value: one for one in plan(town, "budi").expectations}
    assert (own["kompeten"].text, own["kompeten"].own) == (words, True)
    assert own["loyal"].text == next(one.text for one in first if one.value == "loyal")
    assert not any(one.own for one in plan(town, "sari", "sari").expectations)


def test_the_document_prints_what_was_expected(town: Any) -> None:
    town.do("budi", "susun_skp", "budi", sudah_baca_standar=True)
    words = "Latih dua rekan baru di loket sampai mandiri"
    town.do("kabid", "setujui_skp", "budi", keputusan_skp="setuju", ekspektasi_kompeten=words)
    [waiting] = town.desk("budi", "budi")
    assert waiting.task == "lapor_realisasi"
    for who, task, answers in town.way[2:7]:
        town.do("budi" if who == "self" else who, task, "budi", **answers)
    content = db.Letter.get(db.Letter.case == town.case_of("budi").id, db.Letter.kind == "dokumen_evaluasi").content
    said = {one["value"]: one["expectation"] for one in content["expectations"]}
    assert (len(said), said["Kompeten"]) == (7, words)


def test_a_plan_is_read_by_those_who_may_read_the_case(town: Any) -> None:
    with pytest.raises(ForbiddenError):
        plan(town, "citra")


def test_the_plan_on_paper_says_what_was_agreed_served_and_expected(town: Any) -> None:
    town.until("budi", "lapor_realisasi")
    case = load_case(town.case_of("budi").id)
    form = planpaper.plan_form(town.context("budi"), case)
    assert {row.result.split()[0]: row.aspect for row in form.rows}["ADM-5"] == "kualitas", "the column Aspek is not left blank"
    assert all(row.aspect for row in form.rows)
    assert [(row.result.split()[0], row.superior_result.split()[0]) for row in form.rows][:4] == [
        ("ADM-1", "KBD-1"), ("ADM-2", "KBD-1"), ("ADM-3", "KBD-1"), ("ADM-4", "KBD-2"),
    ]  # fmt: skip
    assert form.rows[3].indicator.startswith("Median menit sejak berkas lengkap")
    assert (form.agreed, len(form.expectations), form.notes) == (town.clock.now().date(), 7, ())
    assert planpaper.plan_pdf(town.context("budi"), case.id).startswith(b"%PDF-")
    with pytest.raises(ForbiddenError):
        planpaper.plan_pdf(town.context("citra"), case.id)
