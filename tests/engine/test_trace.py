"""Traces: complete, in order, readable in both languages, and true to the file and line."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest

from kinerja.core import exactjson
from kinerja.core.errors import InputError
from kinerja.core.exactjson import dumps, loads
from kinerja.core.findings import Finding, TraceEntry
from kinerja.engine import Engine, draw, explain
from kinerja.engine.scripts import decimal_comma
from kinerja.engine.wording import name_id, plain, value_en, value_id
from kinerja.policy import Policy
from kinerja.policy.model import Label

from .cases import city_documents, documents
from .test_engine import case

ROOT = Path(__file__).parents[2]


def entry(finding: Finding, output: str, item: str = "") -> TraceEntry:
    return next(one for one in finding.trace if one.output == output and one.item == item)


@pytest.fixture(scope="module")
def finding(city_engine: Engine) -> Finding:
    return city_engine.evaluate(case())


def test_a_row_reads_as_a_sentence(finding: Finding) -> None:
    one = entry(finding, "predikat")
    assert one.kind == "row"
    assert one.ref == "predikat_kinerja#5"
    start = "Predikat kinerja Baik karena hasil kerja = sesuai dan rating perilaku kerja = sesuai (baris 5; "
    assert one.text_id.startswith(start)
    assert f"{one.place.file}:{one.place.line}" in one.text_id
    assert "PermenPANRB 6/2022" in one.text_id
    assert one.text_en.startswith("Performance rating Baik because work result = sesuai and ")


def test_a_step_reads_as_a_sentence_with_indonesian_numbers(finding: Finding) -> None:
    one = entry(finding, "disiplin")
    assert one.kind == "step"
    assert "TPP disiplin kerja = Rp 2.146.794, dihitung dari “round half up(" in one.text_id
    assert "pagu = 5.532.975" in one.text_id
    assert "Rp 2,146,794" in one.text_en
    assert {(i.name, i.source) for i in one.inputs} >= {
        ("pagu", "tpp_dasar.tpp_dasar"),
        ("persen_disiplin", "tpp_bulanan.persen_disiplin"),
        ("porsi_produktivitas", "parameter.porsi_produktivitas"),
    }


def test_of_a_formula_with_choices_the_part_that_was_computed_is_shown(city_engine: Engine) -> None:
    document = case()
    document["indikator"][1] |= {"polaritas": "lebih_rendah", "realisasi": None}
    finding = city_engine.evaluate(document)
    taken = entry(finding, "mentah", "A").brief_id
    assert taken.startswith(
        "mentah [A] = 100, dihitung dari “realisasi / target * 100” dengan target = 95, realisasi = 95, karena polaritas"
    )
    assert "else" not in taken
    assert entry(finding, "mentah", "B").brief_id == "mentah [B] tidak ada, karena realisasi = null."
    rest = entry(city_engine.evaluate(case()), "nilai_hasil_kerja")
    assert "karena bobot_dinilai = 100" in rest.brief_id


def test_keyed_parameters_show_the_key_that_was_looked_up(finding: Finding) -> None:
    names = {i.name: i.value for i in entry(finding, "tpp_dasar").inputs}
    assert names["tarif_kelas(9)"] == 9_360_000


def test_called_decisions_stand_before_their_caller_with_their_row(finding: Finding) -> None:
    order = [(one.decision, one.output) for one in finding.trace]
    calls = [index for index, pair in enumerate(order) if pair == ("potongan_terlambat", "potongan_persen")]
    assert len(calls) == 3
    assert max(calls) < order.index(("tpp_bulanan", "potongan"))


def test_what_was_asked_in_three_ways_names_three_sources(city_engine: Engine) -> None:
    """One decision in a case, alone, and called by another, with the same inputs: whatever is kept of it, each says where from."""
    late = {"pagu": 1_000_000, "persen_predikat": 100, "menit_terlambat": [45], "hari_absen": 0}
    for _ in range(2):
        alone = entry(city_engine.decide("potongan_terlambat", {"menit_terlambat": 45}), "potongan_persen")
        assert {one.source for one in alone.inputs} == {"masukan.menit_terlambat"}
        called = entry(city_engine.decide("tpp_bulanan", late), "potongan_persen")
        assert {one.source for one in called.inputs} == {"panggilan.menit_terlambat"}
        rated = entry(city_engine.evaluate(case()), "predikat")
        assert {one.source for one in rated.inputs} == {"hasil_kerja_akhir.hasil_kerja_akhir", "kasus.perilaku_kerja"}
        given = {one.name: one.value for one in rated.inputs}
        by_itself = entry(city_engine.decide("predikat_kinerja", given), "predikat")
        assert {one.source for one in by_itself.inputs} == {f"masukan.{name}" for name in given}
        assert by_itself.value == rated.value


def test_places_are_true_to_the_files(finding: Finding) -> None:
    for one in finding.trace:
        line = (ROOT / "rules" / one.place.file.removeprefix("rules/")).read_text().split("\n")[one.place.line - 1]
        if one.kind == "step":
            assert one.output in line or "formula" in line, (one.output, line)
        else:
            assert line.strip().startswith("|"), (one.output, line)


@pytest.mark.parametrize("rules", ["city", "all"])
def test_nothing_printed_lacks_its_reason(rules: str, engine: Engine, city_engine: Engine) -> None:
    """Every output and item output has an entry with its value; each source of an entry is there too, or is a fact or parameter."""
    machine, cases = (city_engine, city_documents(15, 4)) if rules == "city" else (engine, documents(15, 4))
    walked = 0
    for finding in machine.evaluate_many(cases):
        if not isinstance(finding, Finding):
            continue
        walked += 1
        for name, value in finding.outcome.outputs.items():
            assert any(one.output == name and one.value == plain(value) and not one.item for one in finding.trace), name
        for items in finding.outcome.items.values():
            for item in items:
                key, *names = item
                for name in names:
                    assert entry(finding, name, item[key]).value == plain(item[name])
        seen: set[str] = set()
        facts = {f"{e.name}.{f}" for e in machine.policy.vocabulary.entities.values() for f in e.facts} | set(
            machine.policy.vocabulary.entities
        )
        for one in finding.trace:
            assert one.text_id.endswith((").", "."))
            assert one.text_en
            assert one.brief_id.endswith(".")
            assert ".yaml" not in one.brief_id + one.brief_en
            assert one.text_id.startswith(one.brief_id.partition(" Perhatian:")[0].rstrip("."))
            assert one.place.line > 0
            assert one.citations
            for given in one.inputs:
                known = given.source in seen | facts or given.source.startswith(("parameter.", "panggilan.")) or given.value == ()
                assert known, (one.decision, one.output, given.source)
            seen.add(f"{one.decision}.{one.output}")
        exactjson.dumps(finding.as_json())
    assert walked > 5


def test_the_trace_follows_the_agenda(finding: Finding) -> None:
    decisions = list(dict.fromkeys(one.decision for one in finding.trace))
    assert (
        decisions.index("capaian_indikator")
        < decisions.index("nilai_hasil_kerja")
        < decisions.index("hasil_kerja")
        < decisions.index("predikat_kinerja")
    )


def test_a_printed_figure_that_suggests_another_band_is_flagged(city_engine: Engine) -> None:
    finding = city_engine.decide("mutu_pelayanan", {"ikm": Fraction("88.305")})
    assert finding.outcome.outputs["mutu"] == "B"
    one = entry(finding, "mutu")
    assert "Perhatian: angka tercetak 88,31 tampak seperti baris 1; yang dibandingkan 88,305." in one.text_id
    assert "88.31" in one.text_en
    assert len(finding.warnings) == 1
    assert city_engine.decide("mutu_pelayanan", {"ikm": Fraction("88.31")}).warnings == ()
    assert city_engine.decide("mutu_pelayanan", {"ikm": Fraction("88.294")}).warnings == ()


def test_explain_keeps_what_an_output_rests_on(finding: Finding) -> None:
    outputs = [one.output for one in explain(finding, "predikat")]
    assert outputs[-1] == "predikat"
    assert outputs[0] == "mentah"
    assert "nilai_hasil_kerja" in outputs
    assert "tpp_bruto" not in outputs
    assert [one.decision for one in explain(finding, "tpp_dasar")] == ["tpp_dasar"]
    assert "potongan_persen" in [one.output for one in explain(finding, "disiplin")]
    with pytest.raises(InputError) as refusal:
        explain(finding, "gaji")
    assert "predikat" in refusal.value.remedy_id


def test_the_graph_is_drawn_with_the_values_of_the_case(finding: Finding, city: Policy) -> None:
    svg = draw(finding.trace, "Kasus <uji>", city)
    root = fromstring(svg)
    assert root.tag.endswith("svg")
    texts = ["".join(node.itertext()) for node in root.iter() if node.tag.endswith("text")]
    for what, value in [
        ("Predikat kinerja", "Baik"), ("B", "102,11 %"), ("Kelas jabatan", "9"), ("B: Target", "95"), ("TPP bruto", None),
    ]:  # fmt: skip
        places = [place for place, text in enumerate(texts) if text == what]
        assert places, what
        assert value is None or any(texts[place + 1] == value for place in places), what
    assert "predikat_kinerja.yaml:" in svg
    assert "Kasus &lt;uji&gt;" in svg
    assert "style=" not in svg
    assert draw(finding.trace) == draw(finding.trace)
    assert draw(()).startswith("<svg")
    boxes = [node for node in root.iter() if node.tag.endswith("rect")]
    assert len({(box.get("x"), box.get("y")) for box in boxes}) == len(boxes)


def test_boxes_of_the_graph_do_not_overlap(finding: Finding, city: Policy) -> None:
    for output in ("predikat", "tpp_bruto", "nilai_hasil_kerja"):
        root = fromstring(draw(explain(finding, output), "", city, "en"))
        boxes = [
            [float(node.get(side) or 0) for side in ("x", "y", "width", "height")]
            for node in root.iter()
            if node.tag.endswith("rect")
        ]
        for one, other in combinations(boxes, 2):
            apart = any(one[n] + one[n + 2] <= other[n] or other[n] + other[n + 2] <= one[n] for n in (0, 1))
            assert apart, (output, one, other)


def test_a_drawing_shows_what_is_absent_where_an_item_has_no_answer(city_engine: Engine, city: Policy) -> None:
    given = case()
    items = [{**item, "realisasi": None} if item["kode"] == "B" else item for item in given["indikator"]]
    found = city_engine.evaluate({**given, "indikator": items})
    drawn = draw(explain(found, "predikat"), "", city, "en")
    texts = ["".join(node.itertext()) for node in fromstring(drawn).iter() if node.tag.endswith("text")]
    assert texts[texts.index("B: Actual") + 1] == "none"
    assert "A: Upper target" not in texts, "an absent fact that says nothing"


def test_a_drawing_speaks_both_languages_and_names_bare_what_it_has_no_words_for(finding: Finding, city: Policy) -> None:
    english = draw(finding.trace, "", city, "en")
    assert "How this case is computed" in english
    assert "Performance rating" in english or "rating" in english.lower()
    bare = draw(finding.trace)
    assert "predikat kinerja" in bare
    assert "mentah" in bare, "without a policy nobody knows which steps are outputs"
    assert "mentah" not in english


def test_a_trace_survives_its_json(finding: Finding, city: Policy) -> None:
    again = tuple(TraceEntry.of_json(loads(dumps(entry.as_json()))) for entry in finding.trace)
    assert dumps([entry.as_json() for entry in again]) == dumps([entry.as_json() for entry in finding.trace])
    assert draw(again, "", city) == draw(finding.trace, "", city)


@pytest.mark.parametrize(
    ("value", "unit", "indonesian", "english"),
    [
        (Fraction("1234567.5"), "", "1.234.567,5", "1,234,567.5"),
        (Fraction(-5), "", "-5", "-5"),
        (Fraction(3_920_964), "rupiah", "Rp 3.920.964", "Rp 3,920,964"),
        (Fraction(-79_075), "rupiah", "-Rp 79.075", "-Rp 79,075"),
        (Fraction("97.25"), "persen", "97,25 persen", "97.25 percent"),
        (Fraction(1, 3), "", "≈ 0,3333 (tepatnya 1/3)", "≈ 0.3333 (exactly 1/3)"),
        (None, "", "tidak ada", "none"),
        (True, "", "ya", "yes"),
        ("di_atas", "", "di atas", "di atas"),
        ((Fraction(10), None), "", "10; tidak ada", "10; none"),
        ((), "", "kosong", "empty"),
        (({"a": 1},), "", "1 butir", "1 items"),
    ],
)
def test_values_in_words(value: object, unit: str, indonesian: str, english: str) -> None:
    assert value_id(value, unit) == indonesian
    assert value_en(value, unit) == english


def test_labels_begin_small_unless_they_are_names() -> None:
    assert name_id(Label("Hasil kerja", "")) == "hasil kerja"
    assert name_id(Label("TPP dasar", "")) == "TPP dasar"
    assert name_id(Label("Indeks Kepuasan Masyarakat", "")) == "Indeks Kepuasan Masyarakat"


def test_decimal_points_of_conditions_become_commas() -> None:
    assert decimal_comma("[76.61..88.31)") == "[76,61..88,31)"
    assert decimal_comma("[90..110)") == "[90..110)"


def test_a_fact_says_where_its_evidence_lies(finding: Finding) -> None:
    capaian = entry(finding, "mentah", "A")
    assert {given.name: given.evidence for given in capaian.inputs}["realisasi"] == "bukti_dukung"
    weighted = entry(finding, "bobot_dinilai")
    assert weighted.inputs[0].evidence == "standar_kinerja"
    assert TraceEntry.of_json(loads(dumps(capaian.as_json()))).as_json() == capaian.as_json()
    assert all(given.evidence for one in finding.trace for given in one.inputs if given.source.startswith("kasus."))


def test_an_output_of_items_is_explained_for_each_of_them(finding: Finding) -> None:
    items = [one.item for one in explain(finding, "capaian") if one.output == "capaian"]
    assert items == [str(one["kode"]) for one in finding.outcome.items["indikator"]]


def test_each_file_of_a_trace_is_where_it_says(finding: Finding) -> None:
    for one in finding.trace:
        assert (ROOT / one.place.file).is_file(), one


def test_no_text_of_a_drawing_runs_into_another(finding: Finding, city: Policy) -> None:
    """By the width of a sign in the widest usual typeface (DejaVu Sans): 6.8 pixels at twelve, 7.6 in bold; a line has 244."""
    for language in ("id", "en"):
        widths: dict[tuple[float, float], float] = defaultdict(float)
        for text in fromstring(draw(explain(finding, "tpp_bruto"), "", city, language)).iter("{http://www.w3.org/2000/svg}text"):
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            line = (x - 244 if text.get("text-anchor") == "end" else x, y)
            widths[line] += len(text.text or "") * (7.6 if text.get("font-weight") == "600" else 6.8)
        assert max(widths.values()) <= 244
