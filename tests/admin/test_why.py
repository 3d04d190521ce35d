"""“Mengapa?” names and measures things as the rule files of the evaluation's own release do, the rating first."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest
from flask import g

from kinerja.services.reading import evaluation_view, latest_evaluation
from kinerja_admin import why


@pytest.fixture
def evaluation(ready_console):
    return evaluation_view(latest_evaluation(ready_console.small.case_of("operator")))


def explained(console, evaluation, language: str) -> dict[str, why.Part]:
    with console.app.test_request_context():
        g.language = language
        return {part.decision: part for part in why.parts(evaluation)}


def test_the_rating_comes_first_then_what_it_rests_on(ready_console, evaluation):
    order = list(explained(ready_console, evaluation, "id"))
    assert order[0] == "predikat_kinerja"
    assert order.index("hasil_kerja_akhir") < order.index("hasil_kerja") < order.index("nilai_hasil_kerja")
    assert order.index("nilai_hasil_kerja") < order.index("capaian_indikator")
    assert set(order) == {entry["decision"] for entry in evaluation.trace}


def test_labels_and_units_are_those_of_the_rule_files(ready_console, evaluation):
    policy = ready_console.city.policy(evaluation.release)
    money = explained(ready_console, evaluation, "id")["tpp_bulanan"]
    (decision,) = policy.decisions["tpp_bulanan"]
    gross = next(output for output in decision.outputs if output.name == "tpp_bruto")
    said = next(reason for reason in money.reasons if reason.label == gross.label.id)
    assert said.value.startswith("Rp\u00a0")
    assert money.title == decision.label.id
    english = explained(ready_console, evaluation, "en")["tpp_bulanan"]
    assert any(reason.label == gross.label.en for reason in english.reasons)


def test_items_are_counted_and_each_basis_is_named_once(ready_console, evaluation):
    part = explained(ready_console, evaluation, "id")["capaian_indikator"]
    assert part.items == 5
    assert part.value == ""
    assert {reason.item for reason in part.reasons} == {"ADM-1", "ADM-2", "ADM-3", "ADM-4", "ADM-5"}
    named = [(citation["instrument"], citation.get("part")) for citation in part.citations]
    assert len(named) == len(set(named)) > 0


def test_rows_say_their_sentence_and_steps_their_inputs(ready_console, evaluation):
    parts = explained(ready_console, evaluation, "id")
    (row,) = parts["predikat_kinerja"].reasons
    assert row.row
    assert row.text["id"]
    assert "decisions/predikat_kinerja.yaml" in row.file
    assert int(row.line) > 0
    step = parts["capaian_indikator"].reasons[0]
    assert not step.row
    assert {"Target", "Realisasi"} <= {used.label for used in step.inputs}


def test_without_the_release_the_console_has_words_of_its_own(ready_console, evaluation, monkeypatch):
    monkeypatch.setattr(why, "_policy", lambda release: None)
    part = explained(ready_console, evaluation, "id")["predikat_kinerja"]
    assert part.title == "Predikat kinerja"
    assert part.value == "Baik"


# ── links and pictures ────────────────────────────────────────────────────────────────────────────────────────────────
def test_every_figure_of_the_result_leads_to_its_trace(ready_console, evaluation):
    """Rating, score, money and credit points at the head of the page are links to a part of the trace that says that value."""
    number = ready_console.small.case_of("operator")
    page = ready_console.sign_in("hr").get(f"/kasus/{number}").text
    head = re.search(r'<dl class="figures">.*?</dl>', page, re.S).group(0)
    figures = [re.sub(r"<[^>]+>", " ", one) for one in re.findall(r"<dd>.*?</dd>", head, re.S)]
    assert len(figures) >= 3
    linked = re.findall(r'<a class="because" href="(#mengapa-\w+)">([^<]+)</a>', head)
    left = re.sub(r'<a class="because".*?</a>|<dt>.*?</dt>|<[^>]+>', " ", head, flags=re.S)
    assert not re.search(r"\d|Baik|Kurang|sesuai", left), left
    parts = explained(ready_console, evaluation, "id")
    for place, text in linked:
        part = parts[place.removeprefix("#mengapa-")]
        assert f'id="{place[1:]}"' in page
        said = [reason.value for reason in part.reasons]
        assert any(shown(text) in shown(value) or shown(value) in shown(text) for value in said), (text, said)
        assert all(reason.file and int(reason.line) and part.citations for reason in part.reasons)


def shown(text: str) -> str:
    return text.replace("\u00a0", " ").replace("dari pagu ", "").lower()


def test_the_way_of_the_case_is_drawn_for_those_who_may_read_it(ready_console):
    number = ready_console.small.case_of("operator")
    answer = ready_console.sign_in("hr").get(f"/kasus/{number}/mengapa.svg")
    assert answer.mimetype == "image/svg+xml"
    ElementTree.fromstring(answer.text)
    assert "Predikat kinerja" in answer.text
    money = ready_console.sign_in("auditor").get(f"/kasus/{number}/mengapa.svg?keluaran=tpp_bruto").text
    assert "Tarif dasar kelas jabatan" in money
    assert ready_console.sign_in("hr").get(f"/kasus/{number}/mengapa.svg?keluaran=gaji").status_code == 400
    assert ready_console.sign_in("operator").get(f"/kasus/{number}/mengapa.svg").status_code == 404, "not decided yet"
    assert ready_console.sign_in("asing").get(f"/kasus/{number}/mengapa.svg").status_code == 403
    assert f"/kasus/{number}/mengapa.svg?keluaran=predikat" in ready_console.sign_in("hr").get(f"/kasus/{number}").text
