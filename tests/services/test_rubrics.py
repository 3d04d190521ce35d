"""The quality rubric: criteria from the rules, a score with comment and evidence for each, a total that nobody types."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import IncidentError, RuleError
from kinerja.policy import load_policy
from kinerja.process import FormError
from kinerja.services.casework import cases, tasks
from kinerja.services.evaluation import rubrics
from kinerja.settings import shipped
from kinerja.store import models as db

CRITERIA = ("kebenaran", "kelengkapan", "kegunaan")
COMMENT = "Dua puluh berkas diperiksa satu per satu"


def filled(*scores: str) -> dict[str, str]:
    given = {"kalibrasi": "tetap"}
    for name, score in zip(CRITERIA, scores, strict=True):
        stem = f"skor_mutu_{name}"
        given |= {stem: score, f"{stem}_komentar": f"{COMMENT}: {name}", f"{stem}_bukti": f"BA {name}"}
    return given


def waiting(town: Any) -> Any:
    town.until("budi", "nilai_mutu")
    [found] = town.desk("tim", "budi")
    return found


def test_the_form_asks_what_the_rules_name(town: Any) -> None:
    task = waiting(town)
    form = tasks.page(town.context("tim"), task.id).form
    assert form is not None
    asked = [name for name, question in form.fields.items() if question.part == "skor_mutu"]
    assert asked == [f"skor_mutu_{name}{tail}" for name in CRITERIA for tail in ("", "_komentar", "_bukti")]
    first = form.fields["skor_mutu_kebenaran"]
    assert (first.label.id, first.low, first.high, first.scale) == ("Kebenaran", 0, 100, 2)


def test_every_gap_is_named_at_its_field(town: Any) -> None:
    task = waiting(town)
    given = filled("90", "70", "100,5") | {"skor_mutu_kebenaran_bukti": " ", "skor_mutu_kelengkapan_komentar": ""}
    with pytest.raises(FormError) as caught:
        tasks.complete(town.context("tim"), task.id, given)
    assert {name: error.code for name, error in caught.value.fields.items()} == {
        "skor_mutu_kebenaran_bukti": "belum_diisi",
        "skor_mutu_kelengkapan_komentar": "belum_diisi",
        "skor_mutu_kegunaan": "di_luar_rentang",
    }
    assert "Kebenaran: bukti" in caught.value.line("id")
    assert "Correctness: evidence" in caught.value.line("en")
    assert db.RubricRating.select().count() == 0


def test_the_rules_make_the_total_whatever_is_typed(town: Any) -> None:
    task = waiting(town)
    tasks.complete(town.context("tim"), task.id, filled("90", "70", "60") | {"skor_mutu": "100"})
    page = cases.case_page(town.context("hr"), town.case_of("budi").id)
    [judged] = [view for view in page.judgements if view.aspect == "mutu"]
    assert judged.value == Fraction(75)  # 90·40 % + 70·30 % + 60·30 %
    assert judged.rubric is not None
    assert [(one["criterion"], one["score"], one["evidence"]) for one in judged.rubric.scores] == [
        ("kebenaran", 90, "BA kebenaran"), ("kelengkapan", 70, "BA kelengkapan"), ("kegunaan", 60, "BA kegunaan"),
    ]  # fmt: skip
    [entry] = [entry for entry in judged.rubric.trace if entry["output"] == "skor_mutu"]
    assert entry["file"].endswith("skor_mutu.yaml")
    assert {given["name"]: given["value"] for given in entry["inputs"]}["kebenaran"] == 90
    assert entry["citations"]
    assert "Kebenaran 90: " in judged.reason
    assert judged.evidence == "BA kebenaran; BA kelengkapan; BA kegunaan"
    [item] = [item for item in page.items if item.source == "tim_evaluasi"]
    assert item.actual == 75  # the total is what the evaluation uses


def test_the_employee_reads_it_once_it_is_decided(town: Any) -> None:
    tasks.complete(town.context("tim"), waiting(town).id, filled("90", "70", "60"))
    number = town.case_of("budi").id
    assert not [view for view in cases.case_page(town.context("budi"), number).judgements if view.aspect == "mutu"]
    town.do("hr", "terbitkan", "budi", konfirmasi_terbit=True)
    [judged] = [view for view in cases.case_page(town.context("budi"), number).judgements if view.aspect == "mutu"]
    assert judged.rubric is not None
    assert judged.rubric.total == 75


def test_what_was_rated_is_never_changed(town: Any) -> None:
    tasks.complete(town.context("tim"), waiting(town).id, filled("90", "70", "60"))
    with pytest.raises(Exception, match="refused"), town.city.store.transaction():
        db.RubricRating.update(total=Fraction(100)).execute()


def test_a_rubric_that_the_engines_cannot_total_holds_the_task_and_goes_on_later(
    town: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = waiting(town)

    def failing(*_: Any) -> Any:
        raise IncidentError("mesin_mati", "mesin mati", "the engine died")

    with monkeypatch.context() as patch:
        patch.setattr(town.city, "decide", failing)
        receipt = tasks.complete(town.context("tim"), task.id, filled("90", "70", "60"))
    assert receipt.held is not None
    assert db.Judgement.select().where(db.Judgement.task == task.id).count() == 0
    assert tasks.resume(town.context("hr"), receipt.held).held is None
    [mutu] = db.Judgement.select().where(db.Judgement.task == task.id, db.Judgement.aspect == "mutu")
    assert (mutu.value, mutu.author) == (75, db.Task.get_by_id(task.id).done_by)  # still the words of whoever wrote them
    assert town.case_of("budi").rating is not None


def test_a_criterion_that_is_no_number_is_refused() -> None:
    policy = load_policy(shipped("rules"))
    with pytest.raises(RuleError, match="rubrik_tidak_sah"):
        rubrics.criteria(policy.decision("tingkat_ekspektasi")[0])


def test_a_criterion_added_to_the_rules_is_asked(tmp_path: Path) -> None:
    rules = shutil.copytree(shipped("rules"), tmp_path / "aturan")
    file = rules / "decisions" / "skor_mutu.yaml"
    more = "  kerapian: {type: number, scale: 1, range: 0..10, label: {id: Rapi, en: Neat}}\noutputs:"
    text = file.read_text("utf-8").replace("outputs:", more).replace("given: {", "given: {kerapian: 5, ")
    file.write_text(text, "utf-8")
    asked = rubrics.criteria(load_policy(rules).decision("skor_mutu")[0])
    assert [one.name for one in asked] == [*CRITERIA, "kerapian"]
    assert (asked[-1].high, asked[-1].scale, asked[-1].label.en) == (10, 1, "Neat")
