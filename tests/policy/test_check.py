"""Each mistake an officer can make has its code, and stands at its line."""

from __future__ import annotations

import os
import time
from datetime import date

import pytest

from kinerja.core.errors import FindingsError
from kinerja.policy import Severity, check_policy, load_policy

from .conftest import AUTHORITY, INDEKS, POTONGAN, STANDAR, Rules


def test_the_city_is_clean(rules: Rules) -> None:
    report = rules.check()
    assert report.errors == ()
    assert report.policy is not None
    assert report.policy.order == ("capaian", "nilai", "potongan", "predikat", "tunjangan")
    assert {found.code for found in report.diagnostics} == {"R070", "R082"}


P, C, N, D, T, V = (
    "decisions/predikat.yaml",
    "decisions/capaian.yaml",
    "decisions/nilai.yaml",
    "decisions/potongan.yaml",
    "incentives/tunjangan.yaml",
    "vocabulary.yaml",
)
TARIF_FILE, INDEKS_FILE, STANDAR_FILE = "parameters/tarif.yaml", "parameters/indeks.yaml", "standards/operator.yaml"

MISTAKES = [
    # file, what is written, what is typed instead, code, line
    (P, "decision: predikat", "desision: predikat", "R004", 2),
    (P, "title: Predikat\n", "", "R005", 1),
    (P, "outputs:\n", "cases: none\noutputs:\n", "R006", 9),
    (P, "title: Predikat", "title: &a Predikat", "R007", 1),
    (INDEKS_FILE, "value: 1}", "value: satu}", "R010", 10),
    (INDEKS_FILE, "value: 1}", "value: '1,5'}", "R011", 10),
    (TARIF_FILE, "1: 1000", "1: '1.000.000'", "R015", 12),
    (P, "[50..90)", "[50,5..90)", "R011", 16),
    (P, "from: 2022-01-01", "from: 2022-13-01", "R012", 4),
    (V, "type: number, unit: kelas", "type: angka, unit: kelas", "R013", 9),
    (V, "range: 1..15", "range: 15..1", "R014", 9),
    (V, "values: [di_atas, sesuai, di_bawah]", "values: [di_atas], unit: x", "R016", 10),
    (V, "label: Kelas,", "label: Kelas, dan, ", "R017", 9),
    (P, "perilaku:\n", "perilakuan:\n", "R020", 8),
    (P, "nilai.nilai", "nilai.nilay", "R020", 7),
    (C, "target > 0", "targit > 0", "R020", 11),
    (T, "potongan(m)", "potong(m)", "R020", 10),
    (C, "inputs: [target, realisasi]", "inputs: [target, realisasi, indeks: x]", "R006", 7),
    (D, "terlambat: {type", "indeks: {type", "R022", 7),
    (D, "terlambat: {type", "For: {type", "R023", 7),
    (P, "perilaku:\n", "target:\n", "R024", 8),
    (N, "butir: {from: butir}", "butir: {from: butir}\n  predikat: {from: predikat.predikat}", "R025", 2),
    (T, "potongan(m)", "potongan(m, 1)", "R026", 10),
    (T, "tarif(kelas)", "tarif", "R026", 11),
    (C, "realisasi / target * 100", "realisasi / / 100", "R030", 13),
    (P, "[50..90)", "[50..90", "R031", 16),
    (P, ">= 90    | di_bawah", "≥ 90     | di_bawah", "R019", 15),
    (P, "[50..90)", "50–89.99", "R019", 16),
    (P, "[50..90)", "[50...90)", "R019", 16),
    (P, "< 50 ", "kurang dari 50 ", "R019", 17),
    (P, "| Kurang   |", "| “Kurang” |", "R019", 17),
    (P, AUTHORITY.splitlines()[0], "authority: []", "R050", 3),
    (P, AUTHORITY.splitlines()[0], "authority:", "R050", 3),
    (P, "table: |\n", "table: |\n" + "  | >= 90 | sesuai | Baik | |\n" * 1001, "R084", 12),
    (P, "  | >= 90    | di_bawah        | Cukup    | perilaku    |\n", "  |" + " - |" * 300 + "\n", "R084", 12),
    (D, "[1..30]   | 0.5", "[1..30]   | -", "R031", 13),
    (D, "[1..30]   | 0.5", '[1..30]   | "x"', "R032", 13),
    (C, "min(max(mentah, 0), 120), 2)", '"a", 2)', "R032", 14),
    (T, "tarif(kelas) * indeks", "(tarif(kelas) + kelas) * indeks", "R033", 11),
    (D, "> 30 ", "> 3000 ", "R034", 14),
    (D, "1.25", "12.5", "R034", 14),
    (P, "| di_bawah  ", "| di_bawa   ", "R035", 15),
    (P, "| -               | Cukup ", "| -  | Cukup | x | y ", "R036", 16),
    (P, "outputs:\n", "outputs:\n  lagi: {values: [x]}\n", "R037", 13),
    (C, "  capaian: if mentah", "  capaia: if mentah", "R037", 9),
    (D, "  | 0         | 0      |\n  | [1..30]   | 0.5    |\n  | > 30      | 1.25   |\n", "", "R038", 11),
    (P, "[50..90)", "(90..50)", "R039", 16),
    (D, "table: |", "hit: PRIORITY\ntable: |", "R040", 10),
    (D, "[1..30]", "[1.5..30]", "R041", 13),
    (N, "formula:", "table: x.csv\nformula:", "R042", 13),
    (N, "outputs:\n", "outputs:\n  dua: {type: number, range: 0..1}\n", "R043", 13),
    (D, "| terlambat | persen |", "| telat     | persen |", "R044", 11),
    (P, "authority: [{instrument: Perwali 1/2020, part: Pasal 1, status: policy}]\n", "", "R050", 1),
    (INDEKS_FILE, "to: 2024-12-31", "to: 2025-01-31", "R051", 11),
    (INDEKS_FILE, "to: 2024-12-31", "to: 2024-11-30", "R052", 11),
    (INDEKS_FILE, "to: 2024-12-31", "to: 2021-12-31", "R053", 10),
    (P, "Perwali 1/2020", "Perwali 1/2023", "R054", 4),
    (STANDAR_FILE, "weight: 60", "weight: 59.5", "R060", 7),
    (STANDAR_FILE, "polarity: lebih_tinggi, target: 95", "polarity: rentang, target: 95", "R061", 8),
    (STANDAR_FILE, "statistic: persen_tepat_waktu", "statistic: nilai", "R061", 9),
    (STANDAR_FILE, "statistic: persen_tepat_waktu", "statistic: persen_tepat", "R013", 9),
    (STANDAR_FILE, "kode: A-2", "kode: A-1", "R062", 10),
    (TARIF_FILE, "7: 7000, ", "", "R064", 12),
    (TARIF_FILE, "7: 7000, ", "7.5: 7000, ", "R065", 12),
    (N, "/ 100\n", "/ indeks\n", None, None),
    (C, "mentah: if", "sia_sia: 1\n  mentah: if", "R072", 13),
    (T, " * indeks", "", "R073", None),
    (C, "inputs: [target, realisasi]", "inputs: [target, realisasi, bobot]", "R074", 7),
    (P, "nilai: 90, perilaku: sesuai}, expect: {predikat: Baik}", "nilai: 90}, expect: {predikat: Baik}", "R080", 19),
    (P, "expect: {predikat: Baik}", "expect: {predikat: Bagus}", "R080", 19),
    (C, "error: target_nol", "error: target_nil", "R013", 17),
    (C, "if mentah = null then null", "if not(matches(string(mentah), null)) then null", "R083", 14),
    (V, "goals: {kasus: [predikat, tunjangan]}", "goals: {kasus: [predicat, tunjangan]}", "R020", 22),
    (V, "goals: {kasus: [predikat, tunjangan]}", "goals: {butir: [predikat]}", "R020", 22),
    (INDEKS_FILE, "effective: {from: 2022-01-01}\n", "", "R005", 1),
    (P, "title: Predikat", "title: 12345", "R018", 1),
    (P, "title: Predikat", "title: {id: Predikat, en: '7.5'}", "R018", 1),
    (P, "title: Predikat", f"title: {'panjang ' * 50}", "R018", 1),
    (V, "label: Kelas,", f"label: {'k' * 201},", "R018", 9),
    (P, "instrument: Perwali 1/2020", "instrument: '2020'", "R018", 3),
    (N, "/ 100\n", "/ 0\n", "R046", 12),
    (N, "/ 100\n", "/ 100 + 1 / (3 - 3)\n", "R046", 12),
    (N, "/ 100\n", "/ 100 + 2 ** 100000000\n", "R046", 12),
    (N, "/ 100\n", "/ 1e400\n", "R047", 12),
    (D, "| 1.25 ", "| 1 / 0 ", "R046", 14),
    (D, "> 30 ", "> 1e400", "R047", 14),
    (D, "> 30 ", "> 30 / 0", "R046", 14),
]


@pytest.mark.parametrize(("file", "old", "new", "code", "line"), MISTAKES, ids=[f"{m[3]}-{n}" for n, m in enumerate(MISTAKES)])
def test_mistakes_are_named_at_their_line(rules: Rules, file: str, old: str, new: str, code: str | None, line: int | None) -> None:
    rules.change(file, old, new)
    found = rules.check().diagnostics
    if code is None:
        assert not [d for d in found if d.severity is Severity.ERROR]
        return
    assert code in [d.code for d in found], [d.line("en") for d in found]
    if line is not None:
        assert (file, line) in [(d.place.file, d.place.line) for d in found if d.code == code], [d.line("en") for d in found]


def test_all_mistakes_of_a_file_show_at_once(rules: Rules) -> None:
    rules.change(P, "title: Predikat", "titel: Predikat")
    rules.change(P, "[50..90)", "[50..90")
    rules.change(P, "| di_bawah  ", "| di_bawa   ")
    rules.change(D, "> 30 ", "> 3000 ")
    found = rules.check()
    assert found.policy is None
    assert {d.code for d in found.errors} == {"R004", "R005", "R031", "R035", "R034"}


def test_a_case_is_checked_beside_another_mistake_of_its_file_and_of_others(rules: Rules) -> None:
    rules.change(P, "[50..90)", "[50..90")
    rules.change(P, "expect: {predikat: Baik}", "expect: {predikat: Bagus}")
    rules.change(C, "expect: {capaian: 50}", "expect: {capain: 50}")
    assert {(d.code, d.place.file) for d in rules.check().errors} == {("R031", P), ("R080", P), ("R020", C)}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        (P, "nilai: {from: nilai.nilai}", "nilai: {from: nila.nilai}"),  # a source that is none
        (P, "title: Predikat", "title: Predikat: kinerja"),  # a file that cannot be read
        (N, "formula: sum", "formula: sum(("),
    ],
)
def test_one_mistake_is_told_once_and_where_it_is(rules: Rules, file: str, old: str, new: str) -> None:
    """Not again at `monotone:` of the same file, nor at that of others which rest on what is lost."""
    rules.change(P, "table: |", "monotone: {nilai: up}\ntable: |")
    rules.change(T, "steps:", "monotone: {nilai.nilai: up, predikat: up}\nsteps:")
    assert rules.check().errors == ()
    rules.change(file, old, new)
    assert [d.place.file for d in rules.check().errors] == [file]


def test_what_the_yaml_reader_objects_to_is_said_in_indonesian(rules: Rules) -> None:
    for old, new, said in [
        ("title: Predikat", "title: Predikat: kinerja", "titik dua"),
        ("  perilaku:", "\tperilaku:", "tab"),
        ("title: Predikat", "title: 'Predikat", "tanda kutip"),
        ("inputs:", " inputs:", "inden"),
    ]:
        whole = (rules.root / P).read_text("utf-8")
        rules.change(P, old, new)
        (found,) = [d for d in rules.check().errors if d.code == "R002"]
        assert said in found.text_id, found.text_id
        assert found.text_en != found.text_id
        rules.write(P, whole)


def test_a_long_cell_is_not_repeated_whole(rules: Rules) -> None:
    rules.change(P, "[50..90)", "(" * 5000)
    assert all(len(d.line()) < 500 for d in rules.check().diagnostics)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("values: [Baik, Cukup, Kurang]", "values: [" + ", ".join(f"v{n}" for n in range(50_000)) + "]"),
        ("title: Predikat\n", "title: Predikat\n" + "".join(f"k{n}: x\n" for n in range(80_000))),
    ],
)
def test_long_lists_and_mappings_are_refused_at_once(rules: Rules, old: str, new: str) -> None:
    rules.change(P, old, new)
    begun = time.process_time()
    assert [(d.code, d.place.file) for d in rules.check().errors] == [("R008", P)]
    assert time.process_time() - begun < 2


def test_a_link_out_of_the_folder_and_what_is_no_file_are_refused(rules: Rules, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("luar") / "rahasia.yaml"
    outside.write_text("title: rahasia\n")
    (rules.root / "decisions/tautan.yaml").symlink_to(outside)
    (rules.root / "decisions/putus.yaml").symlink_to("tidak_ada")
    os.mkfifo(rules.root / "decisions/pipa.yaml")
    found = {d.place.file: d for d in rules.check().errors}
    assert {d.code for d in found.values()} == {"R001"}
    assert set(found) == {"decisions/tautan.yaml", "decisions/putus.yaml", "decisions/pipa.yaml"}


def test_a_misspelling_is_answered_with_the_near_word(rules: Rules) -> None:
    rules.change(P, "| di_bawah  ", "| di_bawa   ")
    (found,) = rules.check().errors
    assert "maksud Anda “di_bawah”" in found.text_id
    assert 'did you mean "di_bawah"' in found.text_en
    assert found.line("en").count("\n") == 0


def test_a_decimal_comma_asks_which_number_is_meant(rules: Rules) -> None:
    rules.change(P, "[50..90)", "76,61")
    (found,) = rules.check().errors
    assert found.code == "R011"
    assert found.text_id.startswith("76 atau 61?")
    assert "76.61" in found.remedy_id


def test_a_missing_folder_and_a_missing_vocabulary(rules: Rules) -> None:
    missing = check_policy(rules.root / "nowhere")
    assert [d.code for d in missing.diagnostics] == ["R001"]
    (rules.root / "vocabulary.yaml").unlink()
    report = rules.check()
    assert report.policy is None
    assert [(d.code, d.place.file) for d in report.diagnostics] == [("R001", "vocabulary.yaml")]


def test_load_policy_raises_one_line_with_place_and_remedy(rules: Rules) -> None:
    rules.change(P, "[50..90)", "[50..90")
    with pytest.raises(FindingsError) as caught:
        load_policy(rules.root)
    assert caught.value.code == "aturan_bermasalah"
    assert str(caught.value.place).startswith(f"{rules.root}/decisions/predikat.yaml:16:")
    assert caught.value.remedy_id
    assert len(caught.value.details["diagnostics"]) == 1
    assert "\n" not in caught.value.line()


def test_an_unreadable_file_does_not_accuse_those_who_use_it(rules: Rules) -> None:
    rules.write("decisions/nilai.yaml", "a: [\n")
    assert [d.code for d in rules.check().errors] == ["R002"]


def test_stray_files_are_mentioned_not_read(rules: Rules) -> None:
    rules.write("decisions/lama.yml", "x")
    rules.write("lain/apa.yaml", "x")
    stray = [d for d in rules.check().diagnostics if d.code == "R009"]
    assert [d.place.file for d in stray] == ["decisions/lama.yml", "lain/apa.yaml"]


def test_two_versions_one_after_the_other_and_on_top_of_each_other(rules: Rules) -> None:
    later = POTONGAN.replace("{from: 2022-01-01}", "{from: 2025-01-01}").replace("1.25", "2.5")
    rules.write("decisions/potongan-2025.yaml", later)
    assert [d.code for d in rules.check().errors] == ["R051"]
    rules.change("decisions/potongan.yaml", "{from: 2022-01-01}", "{from: 2022-01-01, to: 2024-12-31}")
    policy = rules.check().policy
    assert policy is not None
    assert [v.effective.first.year for v in policy.decisions["potongan"]] == [2022, 2025]
    assert policy.decision("potongan", date(2024, 12, 31))[0].effective.first.year == 2022
    rules.change("decisions/potongan-2025.yaml", "persen: {", "persentase: {")
    rules.change("decisions/potongan-2025.yaml", "| persen |", "| persentase |")
    assert "R028" in rules.codes()


def test_two_parameters_of_one_name(rules: Rules) -> None:
    rules.write("parameters/indeks2.yaml", INDEKS)
    assert [d.code for d in rules.check().errors] == ["R027"]


def test_standards_of_equal_rank_collide_and_a_narrower_one_overrides(rules: Rules) -> None:
    rules.write("standards/lain.yaml", STANDAR.replace("standard: operator", "standard: lain"))
    assert [d.code for d in rules.check().errors] == ["R063"]
    rules.change("standards/lain.yaml", "positions: [operator]", "positions: [operator], units: [dukcapil]")
    assert rules.check().errors == ()


@pytest.mark.parametrize(
    ("today", "codes"),
    [
        (date(2026, 6, 1), set()),
        (date(2026, 11, 1), {"R057"}),
        (date(2026, 12, 20), {"R057"}),
        (date(2027, 2, 1), {"R056"}),
    ],
)
def test_review_alarms(rules: Rules, today: date, codes: set[str]) -> None:
    found = check_policy(rules.root, today).diagnostics
    assert {d.code for d in found if d.code in ("R055", "R056", "R057")} == codes


@pytest.mark.parametrize(("today", "stage"), [(date(2026, 10, 4), "90"), (date(2026, 12, 2), "30"), (date(2026, 12, 25), "7")])
def test_review_alarm_stages(rules: Rules, today: date, stage: str) -> None:
    (alarm,) = [d for d in check_policy(rules.root, today).diagnostics if d.code == "R057"]
    assert f"the {stage}-day alarm" in alarm.text_en


def test_an_expired_parameter_warns(rules: Rules) -> None:
    rules.change(INDEKS_FILE, "{from: 2025-01-01, value", "{from: 2025-01-01, to: 2026-01-31, value")
    assert "R055" in [d.code for d in check_policy(rules.root, date(2026, 2, 1)).diagnostics]


def test_an_ambiguous_fact_must_be_bound(rules: Rules) -> None:
    rules.change(V, "goals:", "  layanan:\n    label: L\n    facts:\n      ikm: {label: I, type: number, range: 0..1}\ngoals:")
    rules.write(
        "decisions/mutu.yaml",
        f"title: M\ndecision: mutu\n{AUTHORITY}inputs: [ikm]\n"
        "outputs: {m: {type: number, scale: 4, range: 0..100}}\nformula: ikm\n",
    )
    assert [d.code for d in rules.check().errors] == ["R021"]
    rules.change("decisions/mutu.yaml", "inputs: [ikm]", "inputs: {ikm: {from: layanan.ikm}}")
    assert rules.check().errors == ()


def test_goals_may_not_rest_on_another_entity(rules: Rules) -> None:
    rules.change(V, "goals:", "  layanan:\n    label: L\n    facts:\n      antrean: {label: A, type: number, range: 0..1}\ngoals:")
    rules.change(P, "perilaku:\n", "perilaku:\n  antrean:\n")
    rules.change(P, "| nilai    |", "| antrean | nilai    |")
    for row in ("| >= 90    | di_atas", "| >= 90    | di_bawah", "| [50..90) |", "| < 50     |"):
        rules.change(P, row, f"| - {row}")
    assert "R024" in [d.code for d in rules.check().errors]


def test_unquoted_text_without_values(rules: Rules) -> None:
    rules.change(D, "persen: {type: number, unit: persen, scale: 2, range: 0..5}", "persen: {type: text}")
    rules.change(D, "| 0      |", "| nihil  |")
    assert "R045" in rules.codes()


def test_an_output_nobody_reads(rules: Rules) -> None:
    rules.change(D, "outputs:\n", "outputs:\n  sisa: {type: number, scale: 0, range: 0..9}\n")
    rules.change(D, "| persen |", "| persen | sisa |")
    for row in ("| 0      |", "| 0.5    |", "| 1.25   |"):
        rules.change(D, row, row + " 1 |")
    assert "R071" in rules.codes()


def test_a_table_in_a_csv_beside_the_rule_file(rules: Rules) -> None:
    before = rules.check().policy
    head, _, tail = POTONGAN.partition("table: |")
    rules.write("decisions/potongan.yaml", head + "table: potongan.csv\n" + tail[tail.index("monotone") :])
    rules.write("decisions/potongan.csv", "terlambat;persen\n0;0\n[1..30];0.5\n> 30;1.25\n")
    after = rules.check().policy
    assert before is not None
    assert after is not None
    assert before.fingerprint == after.fingerprint
    rules.write("decisions/potongan.csv", "terlambat,persen\n0,0\n[1..30],x\n")
    (found,) = rules.check().errors
    assert (found.code, str(found.place)) == ("R031", "decisions/potongan.csv:3:2") or found.code in ("R020", "R045")
    rules.change("decisions/potongan.yaml", "potongan.csv", "../../secret.csv")
    assert [d.code for d in rules.check().errors] == ["R001"]
