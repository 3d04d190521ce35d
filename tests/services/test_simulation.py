"""A draft simulated on the city's own people: months and their attendance, kept once, asked for before a release, seen by few."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from kinerja.policy import Policy, load_policy
from kinerja.services.context import Actor, Context
from kinerja.services.cycles import closing
from kinerja.services.evaluation import decide, measure
from kinerja.services.pay import budgets
from kinerja.services.reading import load_case
from kinerja.services.rulebook import forecast, publish, simulation
from kinerja.services.rulebook.roster import roster
from kinerja.settings import shipped
from kinerja.store import models as db


def someone(town: Any, *roles: str, units: tuple[str, ...] = (), name: str = "Seseorang") -> Context:
    return Context(town.city, Actor.of(name, roles=roles, units=units))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine tenths of the allowance for Baik, instead of all."""
    folder = tmp_path_factory.mktemp("rancangan") / "rules"
    shutil.copytree(shipped("rules"), folder)
    file = folder / "incentives" / "persen_tpp.yaml"
    text = file.read_text("utf-8")
    for old, new in (
        ("| Baik            | 100    |", "| Baik            | 90     |"),
        ("{given: {predikat: Baik}, expect: {persen: 100}}", "{given: {predikat: Baik}, expect: {persen: 90}}"),
    ):
        assert old in text
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def draft(folder: Path) -> Policy:
    return load_policy(folder)


def test_a_draft_meets_the_city_month_by_month(town: Any, draft: Policy) -> None:
    town.until("budi", "terbitkan")
    officer = someone(town, "pejabat_kebijakan")
    found = simulation.preview(officer, draft)
    assert found is not None
    document = found.document
    assert (document["employees"], document["months"], document["cases"]) == (1, 6, 6)
    assert (found.cycle, document["release"], document["draft"]) == (town.cycle, town.city.release().fingerprint, draft.fingerprint)
    assert document["population"]["left_out"]["fakta_hilang"] >= 1, "cases without a behaviour rating cannot be computed"
    months = {one["month"]: one["before"] for one in document["by_month"]}
    assert list(months) == [f"2026-0{month}" for month in range(1, 7)]
    evaluation = db.Evaluation.select().get()
    assert months["2026-06"] == evaluation.finding["outputs"]["tpp_bruto"], "the month that was evaluated, to the rupiah"
    assert months["2026-06"] < months["2026-05"], "two days absent in June alone"
    total = next(m for m in document["money"] if m["output"] == "tpp_bruto" and not m["group"])
    assert total["before"] == sum(months.values())
    assert total["yearly"]["before"] == 2 * total["before"]
    assert total["change"] < 0
    assert db.Simulation.select().count() == 0, "a preview keeps nothing"


def test_the_population_follows_the_records(town: Any) -> None:
    town.until("budi", "terbitkan")
    policy = town.city.policy(town.city.release().fingerprint)
    first = roster(town.city, policy)
    again = roster(town.city, policy)
    assert first == again
    measure.import_attendance(
        town.system, [measure.AttendanceEntry(town.nips["budi"], town.period.first.replace(day=5), 75)], "lagi.csv"
    )
    later = roster(town.city, policy)
    assert first is not None
    assert later is not None
    assert later.facts != first.facts
    assert later.folder != first.folder
    town.until("sari", "terbitkan")
    grown = roster(town.city, policy)
    assert grown is not None
    assert len(grown.members) == len(later.members) + 1


def test_it_is_kept_once_and_asked_for_before_a_release(town: Any, draft: Policy) -> None:
    town.until("budi", "terbitkan")
    officer = someone(town, "pejabat_kebijakan")
    with pytest.raises(ConflictError) as caught:
        simulation.require_for(officer, draft.fingerprint)
    assert caught.value.code == "belum_disimulasikan"
    first = simulation.keep(officer, draft, key="satu")
    assert first is not None
    simulation.require_for(officer, draft.fingerprint)
    assert simulation.keep(officer, draft, key="satu") == first
    again = simulation.keep(officer, draft)
    assert again is not None
    assert again.values == first.values
    assert db.Simulation.select().count() == 1
    kept = simulation.latest(officer, draft.fingerprint)
    assert kept is not None
    assert (kept.id, kept.made_by) == (first.values["simulation"], "Seseorang")
    preview = simulation.preview(officer, draft)
    assert preview is not None
    assert kept.document == preview.document, "what is stored reads back digit for digit"
    assert [one.id for one in simulation.listed(officer)] == [kept.id]
    entry = db.LedgerEntry.select().where(db.LedgerEntry.act == "rules.simulate").count()
    assert entry == 2
    with pytest.raises(NotFoundError):
        simulation.get(officer, 99)


def test_names_are_for_those_who_may_see_people(town: Any, draft: Policy) -> None:
    town.until("budi", "terbitkan")
    receipt = simulation.keep(someone(town, "pejabat_kebijakan"), draft)
    assert receipt is not None
    kept = receipt.values["simulation"]
    [one] = simulation.movers(someone(town, "bkpsdm"), kept)
    assert (one.nip, one.name, one.agency, one.case) == (town.nips["budi"], "Budi", "dukcapil", town.case_of("budi").id)
    assert one.money_after < one.money_before
    assert [m.nip for m in simulation.movers(someone(town, "bkpsdm", units=("dukcapil",)), kept)] == [one.nip]
    assert simulation.movers(someone(town, "bkpsdm", units=("bkpsdm",)), kept) == ()
    for role in ("pejabat_kebijakan", "tim_evaluasi"):
        with pytest.raises(ForbiddenError):
            simulation.movers(someone(town, role), kept)
    with pytest.raises(ForbiddenError):
        simulation.preview(someone(town, "tim_evaluasi"), draft)
    with pytest.raises(ForbiddenError):
        simulation.keep(someone(town, "auditor"), draft)
    assert simulation.get(someone(town, "auditor"), kept).id == kept


def test_a_city_without_cases_has_nothing_to_simulate_on(quiet: Any, draft: Policy) -> None:
    officer = someone(quiet, "pejabat_kebijakan")
    assert simulation.preview(officer, draft) is None
    assert simulation.keep(officer, draft) is None
    simulation.require_for(officer, draft.fingerprint)


def test_the_budget_of_the_city_is_watched(town: Any, draft: Policy) -> None:
    town.until("budi", "terbitkan")
    file = town.city.folder / budgets.FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[tpp.2026]\nbasis = "Perda APBD 2026"\ntotal = 1_000_000\n[tpp.2026.units]\ndukcapil = 900_000_000\n', "utf-8")
    found = simulation.preview(someone(town, "pejabat_kebijakan"), draft)
    assert found is not None
    assert [(c["unit"], c["exceeded"]) for c in found.document["budget"]["ceilings"]] == [("", True), ("dukcapil", False)]
    assert found.document["budget"]["basis"] == "Perda APBD 2026"
    officer = someone(town, "pejabat_kebijakan")
    first = simulation.keep(officer, draft)
    file.write_text(file.read_text("utf-8").replace("900_000_000", "800_000_000"), "utf-8")
    second = simulation.keep(officer, draft)
    assert first is not None
    assert second is not None
    assert second.values["simulation"] != first.values["simulation"], "another budget is another comparison"
    file.write_text("[tpp.2026.units]\ndukcapil = 1.5\n", "utf-8")
    with pytest.raises(InputError, match="rupiah"):
        simulation.preview(someone(town, "pejabat_kebijakan"), draft)


@pytest.mark.parametrize(
    "text",
    ["[tpp.2026", "[upah.2026]\nbasis = 'x'\n", "[tpp.2026]\npagu = 3\n", "[tpp.2026]\ntotal = -1\n", "[tpp.2026]\nbasis = 3\n",
     "[tpp.2026]\nunits = 3\n", "[tpp.2026.units]\ndinkes = true\n"],
)  # fmt: skip
def test_a_budget_that_is_wrong_names_its_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "anggaran.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        budgets.read_budget(file, 2026)
    assert caught.value.code == "anggaran_salah"
    assert caught.value.place is not None
    assert caught.value.place.file == str(file)


@pytest.mark.postgres
def test_the_same_on_postgresql(postgres_town: Any, draft: Policy) -> None:
    town = postgres_town
    town.until("budi", "terbitkan")
    receipt = simulation.keep(someone(town, "pejabat_kebijakan"), draft)
    assert receipt is not None
    assert len(simulation.movers(someone(town, "bkpsdm"), receipt.values["simulation"])) == 1


# ── forecast against actual ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.slow
def test_after_the_cycle_the_forecast_stands_beside_what_was_decided(town: Any, draft: Policy, folder: Path) -> None:
    """Budi is evaluated, a draft is simulated on him and published; then his actual changes, and Sari comes in."""
    town.until("budi", "nilai_mutu")
    town.do("tim", "nilai_mutu", "budi", **town.way[5][2])
    officer, signatory = someone(town, "pejabat_kebijakan", name="Penyusun"), someone(town, "pejabat_penetap", name="Penetap")
    with pytest.raises(NotFoundError) as caught:
        forecast.actual(officer, town.cycle)
    assert caught.value.code == "belum_ada_perkiraan"
    receipt = simulation.keep(officer, draft)
    assert receipt is not None
    fingerprint = publish.submit(officer, folder).values["fingerprint"]
    assert fingerprint == draft.fingerprint
    publish.approve(signatory, fingerprint)
    case = load_case(town.case_of("budi").id)
    decide.evaluate_case(town.system, case)
    as_forecast = forecast.actual(officer, town.cycle)
    [whole, *_] = as_forecast.agencies
    assert whole.reasons == {forecast.SAME: 1}
    assert whole.money[0] == whole.money[1]
    item = db.PlanItem.select().where(db.PlanItem.case == case.id, db.PlanItem.source != "tim_evaluasi").first()
    measure.record(town.system, case.id, item.code, 0, "koreksi.xlsx")
    decide.evaluate_case(town.system, case)
    town.until("sari", "terbitkan")
    later = forecast.actual(officer, town.cycle)
    [whole, together] = later.agencies
    assert whole.reasons == {forecast.RESULT: 1, forecast.NEW: 1}
    assert (whole.people, together.agency) == ((1, 2), "…"), "an agency of two people does not stand alone"
    outputs = [row.finding["outputs"] for row in db.Evaluation.select().order_by(db.Evaluation.id)]
    assert whole.money == (outputs[1]["tpp_bruto"], outputs[2]["tpp_bruto"] + outputs[3]["tpp_bruto"])
    assert "1 pegawai: realisasi berubah." in later.sentences()
    assert "1 employees: not in the forecast." in later.sentences("en")
    assert forecast.cycles(officer) == ((town.cycle, "Semester I Tahun 2026"),)
    document = later.as_json()
    assert document["agencies"][0]["people"] == {"forecast": 1, "actual": 2, "change": 1}
    with pytest.raises(ForbiddenError):
        forecast.actual(someone(town, "tim_evaluasi"), town.cycle)
    closing.end_case(town.context("hr"), case.id, "Pegawai pindah ke kabupaten lain sebelum hasil ditetapkan")
    assert forecast.actual(officer, town.cycle).agencies[0].reasons == {forecast.NEW: 1, forecast.GONE: 1}
