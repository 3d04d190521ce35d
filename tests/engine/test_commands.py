"""decide, evaluate, whatif and explain on the command line: shapes, order, exit statuses, one clear line for each error."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kinerja.cli import main

RULES = str(Path(__file__).parents[2] / "rules")
CASE: dict[str, Any] = {
    "kasus": {
        "kelas_jabatan": 9, "jenjang": "Ahli Muda", "bulan": 12, "perilaku_kerja": "di_atas", "menit_terlambat": [10, 45, None],
        "hari_absen": 0,
    },
    "indikator": [
        {"kode": "A", "polaritas": "lebih_tinggi", "target": 95, "target_atas": None, "realisasi": 100.5, "bobot": 60},
        {"kode": "B", "polaritas": "lebih_rendah", "target": 10, "target_atas": None, "realisasi": 9, "bobot": 40},
    ],
}  # fmt: skip


def run(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, [*arguments, "--rules", RULES], input=text)


def written(folder: Path, name: str, value: Any) -> str:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return str(path)


def test_decide_in_words_and_as_json() -> None:
    words = run("decide", "mutu_pelayanan", "--input", '{"ikm": 88.305}')
    assert words.exit_code == 0
    assert words.stdout.startswith("mutu: B\n")
    assert "mutu_pelayanan.yaml:" in words.stdout
    answer = json.loads(run("decide", "mutu_pelayanan", "--input", '{"ikm": 88.305}', "--json").stdout)
    assert answer["outputs"] == {"mutu": "B"}
    assert answer["rows"] == [{"decision": "mutu_pelayanan", "rows": ["mutu_pelayanan#2"]}]
    assert answer["trace"][0]["citations"][0]["instrument"] == "PermenPANRB 14/2017"
    assert answer["release"]["in_force"] is True
    assert answer["warnings"]


def test_numbers_are_exact_both_ways() -> None:
    answer = run("decide", "angka_kredit", "--input", '{"jenjang": "Pemula", "predikat": "Kurang", "bulan": 4}', "--json")
    assert '"angka_kredit": 0.63' in answer.stdout


@pytest.mark.slow
def test_decide_reads_a_file(tmp_path: Path) -> None:
    assert "mutu: A" in run("decide", "mutu_pelayanan", "--input", "@" + written(tmp_path, "i.json", {"ikm": 90})).stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        (("decide", "mutu_pelayanan", "--input", '{"ikm": 101}'), "di_luar_rentang", "ikm"),
        (("decide", "mutu_pelayanan", "--input", '{"ikm": "A"}'), "tipe_salah", "ikm"),
        (("decide", "mutu_pelayanan"), "fakta_hilang", "ikm"),
        (("decide", "mutu_pelayanan", "--input", "{"), "json_tidak_sah", "--input:1"),
        (("decide", "mutu_pelayanan", "--input", "[1]"), "bentuk_salah", "objek"),
        (("decide", "mutu", "--input", "{}"), "keputusan_tidak_dikenal", "mutu_pelayanan"),
        (("decide", "mutu_pelayanan", "--input", "@tidak-ada.json"), "berkas_tidak_terbaca", "tidak-ada.json"),
        (("decide", "mutu_pelayanan", "--input", '{"ikm": 90}', "--on", "kemarin"), "tanggal_tidak_sah", "kemarin"),
        (("decide",), "argumen_kurang", "--batch"),
        (("evaluate",), "argumen_kurang", "kinerja evaluate"),
        (("evaluate", "tidak-ada.json"), "berkas_tidak_terbaca", "tidak-ada.json"),
        (("whatif", "tidak-ada.json"), "berkas_tidak_terbaca", "tidak-ada.json"),
        (("explain", "tidak-ada.json"), "berkas_tidak_terbaca", "tidak-ada.json"),
    ],
)
def test_an_error_is_one_line_and_exit_status_two(arguments: tuple[str, ...], code: str, word: str) -> None:
    plain = run(*arguments)
    assert plain.exit_code == 2
    assert plain.stdout == ""
    assert len(plain.stderr.strip().split("\n")) == 1
    assert code in plain.stderr
    assert word in plain.stderr
    document = json.loads(run(*arguments, "--json").stdout)
    assert document["error"]["code"] == code


def test_decide_batch_answers_each_in_order(tmp_path: Path) -> None:
    questions = [
        {"id": "a", "decision": "mutu_pelayanan", "given": {"ikm": 90}, "expect": "ignored"},
        {"id": "b", "decision": "mutu_pelayanan", "given": {"ikm": 190}},
        {"id": 3, "decision": "tidak_ada", "given": {}},
        {"id": "d"},
        "bukan objek",
        {"id": "f", "decision": "persen_tpp", "given": {"predikat": "Butuh Perbaikan"}},
    ]
    result = run("decide", "--batch", written(tmp_path, "b.json", questions))
    assert result.exit_code == 0
    answers = json.loads(result.stdout)["results"]
    assert [answer["id"] for answer in answers] == ["a", "b", 3, "d", None, "f"]
    assert answers[0] == {"id": "a", "outputs": {"mutu": "A"}}
    assert [answer.get("error", {}).get("code") for answer in answers[1:5]] == [
        "di_luar_rentang", "keputusan_tidak_dikenal", "bentuk_salah", "bentuk_salah",
    ]  # fmt: skip
    assert answers[5]["outputs"] == {"persen": 80}
    assert run("decide", "--batch", written(tmp_path, "c.json", {"a": 1})).exit_code == 2


def test_evaluate_a_file_and_standard_input(tmp_path: Path) -> None:
    name = written(tmp_path, "f.json", CASE)
    answer = json.loads(run("evaluate", name, "--json").stdout)
    assert answer["outputs"]["predikat"] == "Baik"
    assert answer["outputs"]["tpp_dasar"] == 5532975
    assert answer["indikator"] == [{"kode": "A", "capaian": 105.79}, {"kode": "B", "capaian": 110}]
    assert {"outputs", "indikator", "trace", "release"} <= set(answer)
    piped = run("evaluate", "-", "--json", text=json.dumps(CASE))
    assert json.loads(piped.stdout)["outputs"] == answer["outputs"]
    assert "predikat: Baik" in run("evaluate", name).stdout


def test_evaluate_errors_name_the_file(tmp_path: Path) -> None:
    broken = {**CASE, "kasus": {**CASE["kasus"], "perilaku_kerja": None}}
    result = run("evaluate", written(tmp_path, "f.json", broken))
    assert result.exit_code == 2
    assert "f.json" in result.stderr
    assert "fakta_hilang" in result.stderr
    assert "perilaku_kerja" in result.stderr


def test_evaluate_batch_answers_a_line_a_case(tmp_path: Path) -> None:
    spoiled = {**CASE, "indikator": []}
    lines = [json.dumps({"id": 1, **CASE}), json.dumps({"id": 2, **spoiled}), "{", "", "[1]", json.dumps({"id": "akhir", **CASE})]
    result = run("evaluate", "--batch", written(tmp_path, "b.jsonl", "\n".join(lines) + "\n"))
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.strip().split("\n")]
    assert [answer["id"] for answer in answers] == [1, 2, None, None, "akhir"]
    assert answers[0]["outputs"]["predikat"] == "Baik"
    assert [answer["error"]["code"] for answer in answers[1:4]] == ["tanpa_indikator", "json_tidak_sah", "bentuk_salah"]
    assert "b.jsonl:3" in answers[2]["error"]["place"]
    assert answers[4]["outputs"] == answers[0]["outputs"]


def test_whatif_and_explain(tmp_path: Path) -> None:
    name = written(tmp_path, "f.json", CASE)
    answer = json.loads(run("whatif", name, "--json").stdout)
    assert (answer["now"], answer["next"]) == ("Baik", "Sangat Baik")
    assert answer["changes"][0]["fact"].startswith("indikator.")
    words = run("whatif", name, "--open", "B")
    assert "Agar naik dari Baik ke Sangat Baik: B dari 9 menjadi" in words.stdout
    assert "To rise from Baik to Sangat Baik: B from 9 to" in run("whatif", name, "--open", "B", "--english").stdout
    why = json.loads(run("explain", name, "--output", "tpp_dasar", "--json").stdout)
    assert [entry["decision"] for entry in why["trace"]] == ["tpp_dasar"]
    assert "Predikat kinerja Baik karena" in run("explain", name).stdout
    assert run("explain", name, "--output", "gaji").exit_code == 2
    picture = tmp_path / "why.svg"
    run("explain", name, "--svg", str(picture))
    drawn = picture.read_text("utf-8")
    assert "Predikat kinerja = Baik" in drawn
    assert "predikat_kinerja.yaml:" in drawn


@pytest.mark.slow
def test_a_day_outside_the_rules_is_flagged() -> None:
    answer = json.loads(run("decide", "mutu_pelayanan", "--input", '{"ikm": 90}', "--on", "2000-01-01", "--json").stdout)
    assert answer["release"]["in_force"] is False
    assert answer["release"]["on"] == "2000-01-01"
