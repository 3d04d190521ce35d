"""Releases, cycles, measurements and letters' marks: what cases rest on."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, FindingsError, ForbiddenError, InputError, KinerjaError, NotFoundError, Place
from kinerja.core.periods import Period
from kinerja.ingest import load_map, read_events
from kinerja.policy import load_policy
from kinerja.services.casework import cases
from kinerja.services.context import Actor, Context
from kinerja.services.cycles import cycle
from kinerja.services.cycles.cycle import Selection
from kinerja.services.evaluation import measure
from kinerja.services.openness import audit, overview
from kinerja.services.rulebook import publish, simulation
from kinerja.services.staff import people
from kinerja.settings import shipped
from kinerja.store import models as db


def author(town: Any, name: str = "Penyusun") -> Context:
    return Context(town.city, Actor.of(name, roles=["pejabat_kebijakan", "pejabat_penetap"]))


def changed_rules(folder: Path, file: str, old: str, new: str) -> Path:
    import shutil

    target = folder / "aturan"
    shutil.copytree(shipped("rules"), target)
    path = target / file
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
    return target


def submitted(town: Any, rules: Path) -> str:
    """The fingerprint of rules simulated and submitted."""
    simulation.keep(author(town), load_policy(rules))
    return str(publish.submit(author(town), rules).values["fingerprint"])


@pytest.mark.slow
# ── releases ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_author_may_not_approve(quiet: Any, tmp_path: Path) -> None:
    rules = changed_rules(tmp_path, "standards/layanan_adminduk.yaml", "target: 95\n    weight: 30", "target: 96\n    weight: 30")
    submitted = publish.submit(author(quiet), rules, "Target dinaikkan")
    fingerprint = submitted.values["fingerprint"]
    with pytest.raises(ForbiddenError) as caught:
        publish.approve(author(quiet), fingerprint)
    assert caught.value.code == "pengaju_adalah_penyetuju"
    assert "pejabat penetap lain" in caught.value.remedy_id
    publish.approve(author(quiet, "Penetap"), fingerprint)
    assert publish.current(quiet.system).fingerprint == fingerprint
    with pytest.raises(ConflictError):
        publish.approve(author(quiet, "Penetap lain"), fingerprint)
    with pytest.raises(ConflictError):
        publish.refuse(author(quiet, "Penetap lain"), fingerprint, "terlambat")


@pytest.mark.slow
def test_the_same_rules_are_the_same_release(quiet: Any) -> None:
    again = publish.submit(author(quiet), shipped("rules"))
    assert again.values["state"] == "published"
    assert again.values["new"] is False
    assert len(publish.releases(quiet.system)) == 1


def test_rules_with_errors_change_nothing(quiet: Any, tmp_path: Path) -> None:
    before = db.LedgerEntry.select().count()
    broken = changed_rules(tmp_path, "decisions/hasil_kerja.yaml", "decision: hasil_kerja", "decision: hasil_kerja\nentah: 1")
    with pytest.raises(FindingsError) as caught:
        publish.submit(author(quiet), broken)
    assert caught.value.exit_status == 1
    assert str(caught.value.place).startswith(str(broken / "decisions/hasil_kerja.yaml"))
    assert db.LedgerEntry.select().count() == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("decisions/mutu_pelayanan.yaml", "expect: {mutu: B", "expect: {mutu: A"),
        ("reactions/absen_pp94.yaml", 'expect: ["2026:4"]', 'expect: ["2026:3"]'),
    ],
)
def test_a_case_that_is_not_answered_as_written_stops_the_release(
    quiet: Any, tmp_path: Path, file: str, old: str, new: str
) -> None:
    rules = changed_rules(tmp_path, file, old, new)
    with pytest.raises(FindingsError) as caught:
        publish.submit(author(quiet), rules)
    assert caught.value.code == "contoh_gagal"
    assert caught.value.place is not None
    assert file in caught.value.place.file


@pytest.mark.slow
def test_a_case_stays_explained_by_the_release_it_was_evaluated_on(town: Any, tmp_path: Path) -> None:
    town.until("budi", "terbitkan")
    old = cases.case_page(town.context("hr"), town.case_of("budi").id).evaluation
    rules = changed_rules(tmp_path, "standards/layanan_adminduk.yaml", "target: 95\n    weight: 30", "target: 99\n    weight: 30")
    publish.approve(author(town, "Penetap"), submitted(town, rules))
    assert old is not None
    assert cases.case_page(town.context("hr"), town.case_of("budi").id).evaluation == old
    assert audit.recompute_all(town.system) == (1, ())


def test_a_threshold_in_a_rule_file_moves_the_rating(town: Any, tmp_path: Path) -> None:
    rules = changed_rules(tmp_path, "decisions/hasil_kerja.yaml", "[90..110)", "[10..110)")
    text = (rules / "decisions/hasil_kerja.yaml").read_text("utf-8")
    text = text[: text.index("cases:")].replace("< 90", "< 10").replace("[0..90)", "[0..10)")
    (rules / "decisions/hasil_kerja.yaml").write_text(text, "utf-8")
    for name in ("sari", "budi"):
        if name == "budi":
            publish.approve(author(town, "Penetap"), submitted(town, rules))
        town.until(name, "nilai_mutu")
        measured = {item.code: item.id for item in cases.case_page(town.context("hr"), town.case_of(name).id).items}
        for code in ("ADM-1", "ADM-2", "ADM-3"):
            db.Measurement.create(
                plan_item=measured[code], value=40, evidence={"source": "uji"}, recorded_by="uji", recorded_at=town.clock.now()
            )
        town.do("tim", "nilai_mutu", name, **town.way[5][2])
    assert town.case_of("sari").rating == "Butuh Perbaikan"
    assert town.case_of("budi").rating == "Baik"


# ── cycles ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_preview_names_obstacles_and_opens_nothing(quiet: Any) -> None:
    db.Position.update(code="tanpa_standar").where(db.Position.code == "analis_kebijakan").execute()
    seen = cycle.preview(quiet.context("hr"), quiet.cycle, "S1", quiet.period)
    assert db.Cycle.select().count() == 0
    refused = {plan.person: plan.obstacles[0][0] for plan in seen.refused}
    assert "tidak ada standar kinerja" in refused["Hr"]
    assert "rules/standards/" in refused["Hr"]
    assert "tidak ada atasan pejabat penilai yang sah" in refused["Sekda"]
    ready = {plan.person: plan for plan in seen.ready}
    assert (ready["Budi"].appraiser, ready["Budi"].superior, ready["Budi"].standard) == ("Kabid", "Kadis", "layanan_adminduk")
    assert {plan.person for plan in seen.ready} & {plan.person for plan in seen.refused} == set()


def test_opening_sets_up_plans_from_the_standard(quiet: Any) -> None:
    receipt = cycle.open_cycle(quiet.context("hr"), quiet.cycle, "S1", quiet.period, "semester", Selection(units=("dukcapil",)))
    assert receipt.values == {"cycle": quiet.cycle, "opened": 5, "refused": 0}
    items = list(db.PlanItem.select().where(db.PlanItem.case == quiet.case_of("budi").id).order_by(db.PlanItem.ordinal))
    [standard] = [one for one in publish.policy(quiet.system).standards if one.name == "layanan_adminduk"]
    assert [(row.code, row.target, row.weight) for row in items] == [
        (one.code, one.target, one.weight) for one in standard.indicators
    ]
    assert sum(row.weight for row in items) == 100
    assert "layanan_adminduk.yaml:" in items[0].place
    with pytest.raises(ConflictError):
        cycle.open_cycle(quiet.context("hr"), quiet.cycle, "S1", quiet.period)
    with pytest.raises(ForbiddenError):
        cycle.open_cycle(quiet.context("budi"), "lain", "S1", quiet.period)


def test_nobody_to_appraise_is_said(quiet: Any) -> None:
    people.establish(quiet.system, units=[people.UnitEntry("kosong", "Unit Kosong", parent="setda")])
    for unit, code in (("kosong", "siklus_kosong"), ("tidak-ada", "unit_tidak_ada")):
        with pytest.raises(KinerjaError, match=code):
            cycle.open_cycle(quiet.context("hr"), quiet.cycle, "S1", quiet.period, selection=Selection(units=(unit,)))
    assert db.Cycle.select().count() == 0


def test_a_cycle_closes_when_its_cases_are_closed(town: Any) -> None:
    with pytest.raises(ConflictError) as caught:
        cycle.close_cycle(town.context("hr"), town.cycle)
    assert caught.value.details["open"] == db.Case.select().count()
    db.Case.update(state="closed").execute()
    cycle.close_cycle(town.context("hr"), town.cycle)
    assert cycle.status(town.context("hr"), town.cycle).state == "closed"


# ── measurements ──────────────────────────────────────────────────────────────────────────────────────────────────────
def test_importing_the_same_file_again_changes_nothing(town: Any, tmp_path: Path) -> None:
    source = db.Import.get(db.Import.kind == "kejadian")
    before = (db.ServiceEvent.select().count(), db.LedgerEntry.select().count())
    csv, event_map = town.records(tmp_path)
    loaded = load_map(event_map)
    report = measure.import_events(town.system, read_events(csv, loaded), loaded)
    assert (report.unchanged, report.id, report.sha256) == (True, source.id, source.sha256)
    assert (db.ServiceEvent.select().count(), db.LedgerEntry.select().count()) == before


def test_a_changed_file_with_known_requests_is_refused(town: Any, tmp_path: Path) -> None:
    csv, event_map = town.records(tmp_path)
    csv.write_text(csv.read_text("utf-8").replace("T12:00:00", "T11:00:00"), "utf-8")
    loaded = load_map(event_map)
    with pytest.raises(ConflictError) as caught:
        measure.import_events(town.system, read_events(csv, loaded), loaded)
    assert caught.value.code == "permohonan_sudah_ada"
    assert db.Import.select().count() == 1


def test_measuring_again_keeps_the_earlier_figures(town: Any) -> None:
    item = db.PlanItem.get(db.PlanItem.case == town.case_of("sari").id, db.PlanItem.code == "ADM-1")
    measure.measure_cycle(town.system, town.cycle)
    values = [row.value for row in db.Measurement.select().where(db.Measurement.plan_item == item.id)]
    assert values == [Fraction(90), Fraction(90)]


def test_a_report_needs_evidence_and_the_right_source(town: Any) -> None:
    kabid = town.case_of("kabid").id
    with pytest.raises(InputError) as caught:
        measure.record(town.context("kabid"), kabid, "KBD-1", Fraction(92), "  ")
    assert caught.value.code == "bukti_wajib"
    measure.record(town.context("kabid"), kabid, "KBD-1", Fraction("92.5"), "Laporan kinerja bidang 2026", key="k")
    [item] = [item for item in cases.case_page(town.context("kabid"), kabid).items if item.code == "KBD-1"]
    assert item.evidence is not None
    assert (item.actual, item.evidence.source) == (Fraction("92.5"), "Laporan kinerja bidang 2026")
    with pytest.raises(ConflictError):
        measure.record(town.context("budi"), town.case_of("budi").id, "ADM-1", Fraction(100), "kata saya")
    with pytest.raises(ForbiddenError):
        measure.record(town.context("sari"), kabid, "KBD-1", Fraction(100), "kata saya")
    with pytest.raises(NotFoundError):
        measure.record(town.context("kabid"), kabid, "TIDAK-ADA", Fraction(1), "x")
    with pytest.raises(InputError):
        measure.record(town.context("kabid"), kabid, "KBD-1", Fraction(1, 3), "x")


def test_an_assumption_stands_in_only_where_nothing_is_recorded(town: Any) -> None:
    given = [
        {"fact": "hari_absen", "label": "Hari absen", "value": 0, "text": "0 hari", "reason": "catatan tidak memuat presensi"},
        {
            "fact": "menit_terlambat",
            "label": "Keterlambatan",
            "value": [],
            "text": "tidak ada",
            "reason": "catatan tidak memuat presensi",
        },
    ]
    for name in ("citra", "budi"):
        cases.assume(town.context("hr"), town.case_of(name).id, given)
        town.until(name, "baca_hasil")
    found = {name: cases.case_page(town.context("hr"), town.case_of(name).id).evaluation for name in ("citra", "budi")}
    assert found["budi"].facts["kasus"]["hari_absen"] == 2  # type: ignore[union-attr]
    assert found["citra"].facts["kasus"]["hari_absen"] == 0  # type: ignore[union-attr]
    letter = db.Letter.get(db.Letter.case == town.case_of("citra").id)
    assert [entry["fact"] for entry in letter.content["assumptions"]] == ["Hari absen", "Keterlambatan"]


@pytest.mark.parametrize(
    ("fact", "value", "code"),
    [("hari_abse", 0, "fakta_tidak_dikenal"), ("hari_absen", -1, "di_luar_rentang"), ("hari_absen", "nol", "tipe_salah")],
)
def test_an_assumption_that_the_rules_could_not_read_is_refused_where_it_was_written(
    town: Any, fact: str, value: Any, code: str
) -> None:
    given = [{"fact": fact, "label": "x", "value": value, "text": "x", "reason": "x", "place": Place("peta.yaml", 7)}]
    with pytest.raises(InputError) as caught:
        cases.assume(town.context("hr"), town.case_of("budi").id, given)
    assert (caught.value.code, str(caught.value.place)) == (code, "peta.yaml:7")
    assert cases.case_page(town.context("hr"), town.case_of("budi").id).assumptions == ()


def test_cases_are_found_by_a_whole_nip(town: Any) -> None:
    nip = town.nips["budi"]
    assert len(nip) == 18
    assert [case.nip for case in cases.list_cases(town.context("hr"), cases.Filter(text=nip))] == [nip]


# ── marks of letters ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_letter_on_rules_nobody_adopted_is_a_sample_without_number(town: Any) -> None:
    db.Release.update(adopted=False).execute()
    town.until("budi", "baca_hasil")
    letters = list(db.Letter.select())
    assert [(letter.sample, letter.ordinal) for letter in letters] == [(True, None)] * 2
    assert all(letter.content["sample"] and letter.content["sample_reason"] for letter in letters)
    assert db.NumberRegister.select().count() == 0


def test_a_demo_numbers_its_samples_in_its_own_register(town: Any) -> None:
    from dataclasses import replace

    town.city.settings = replace(town.city.settings, register="DEMO")
    town.until("budi", "baca_hasil")
    town.until("sari", "baca_hasil")
    numbers = [letter.number for letter in db.Letter.select().where(db.Letter.kind == "keputusan_predikat").order_by(db.Letter.id)]
    assert numbers == ["800.1.13/Kep.1-Disdukcapil/2026/DEMO", "800.1.13/Kep.2-Disdukcapil/2026/DEMO"]
    assert all(letter.sample for letter in db.Letter.select())


def test_the_head_of_an_agency_is_decided_one_level_up(town: Any) -> None:
    for code in ("KPD-1", "KPD-2", "KPD-3", "KPD-4"):
        item = db.PlanItem.get_or_none(db.PlanItem.case == town.case_of("kadis").id, db.PlanItem.code == code)
        if item is not None and item.source == "laporan":
            measure.record(town.system, town.case_of("kadis").id, code, item.target, "laporan")
    town.do("kadis", "susun_skp", "kadis", sudah_baca_standar=True)
    town.do("sekda", "setujui_skp", "kadis", keputusan_skp="setuju")
    town.do("kadis", "lapor_realisasi", "kadis", pernyataan_realisasi=True)
    town.do("sekda", "nilai_perilaku", "kadis", **town.way[3][2])
    wali = Context(town.city, Actor.of("Wali Kota", "wali-kota"))
    from kinerja.services.casework import tasks

    [task] = [view for view in tasks.desk(wali) if view.nip == town.nips["kadis"]]
    tasks.complete(wali, task.id, {"keputusan_atasan": "setuju"})
    if town.desk("tim", "kadis"):
        town.do("tim", "nilai_mutu", "kadis", **town.way[5][2])
    town.do("hr", "terbitkan", "kadis", konfirmasi_terbit=True)
    decree = db.Letter.get(db.Letter.kind == "keputusan_predikat")
    assert decree.unit.code == "setda"
    assert decree.content["signatory"]["name"] == "Sekda"


def test_the_overview_counts_without_names(town: Any) -> None:
    town.until("budi", "baca_hasil")
    seen = overview.overview(town.context("hr"), town.cycle)
    assert seen.cases == db.Case.select().count() == sum(seen.by_stage.values())
    assert (seen.evaluations, seen.by_rating, seen.letters, seen.incidents) == (1, {"Baik": 1}, 2, 0)
    outputs = cases.case_page(town.context("hr"), town.case_of("budi").id).evaluation.outputs  # type: ignore[union-attr]
    assert seen.allowance == outputs["tpp_bruto"]
    assert seen.waiting["ktp_el"] == Fraction("98.5")
    assert "Budi" not in repr(seen)
    with pytest.raises(ForbiddenError):
        overview.overview(town.context("budi"), town.cycle)


def test_selection_by_person(quiet: Any) -> None:
    chosen = Selection(people=(quiet.nips["budi"],))
    seen = cycle.preview(quiet.context("hr"), quiet.cycle, "S1", Period(date(2026, 1, 1), date(2026, 6, 30)), chosen)
    assert [plan.person for plan in seen.ready] == ["Budi"]
