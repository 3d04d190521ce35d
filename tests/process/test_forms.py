"""Forms: what people type becomes exact values or named errors, all at once; files are read strictly."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import InputError
from kinerja.process import Form, FormError, ProcessDefinition, shown
from kinerja.process.formfile import check_form
from kinerja.process.forms import Criterion, Text

HEAD = "form: coba\ntitle: {id: Coba, en: Try}\nintro: {id: Coba., en: Try.}\nfields:\n"


def form(*fields: str, tail: str = "") -> Form:
    return sound(HEAD + "".join(f"  {field}\n" for field in fields) + tail, "coba.yaml")


def sound(text: str, file: str) -> Form:
    found, problems = check_form(text, file)
    assert problems == ()
    assert found is not None
    return found


def number(scale: int = 2, span: str = "-1000000..1000000") -> Form:
    return form(f"n: {{label: {{id: N, en: N}}, type: number, scale: {scale}, range: {span}}}")


def vocabulary(name: str) -> tuple[str, ...]:
    return {"kasus.perilaku_kerja": ("di_atas", "sesuai", "di_bawah")}[name]


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("76,5", "76.5"),
        ("76.5", "76.5"),
        ("1.234", "1234"),
        ("1.234,5", "1234.5"),
        ("999.999", "999999"),
        ("-3", "-3"),
        ("+3", "3"),
        (" 0,10 ", "0.1"),
        ("0.25", "0.25"),
        ("1 000", "1000"),
        ("12", "12"),
    ],
)
def test_numbers_are_read_as_people_write_them(typed: str, value: str) -> None:
    assert number().clean({"n": typed}) == {"n": Fraction(value)}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("tujuh", "angka_tidak_sah"),
        ("7,,5", "angka_tidak_sah"),
        ("1,234,567", "angka_tidak_sah"),
        ("1.23,4", "angka_tidak_sah"),
        ("nan", "angka_tidak_sah"),
        ("0x10", "angka_tidak_sah"),
        ("٣", "angka_tidak_sah"),
        ("1/3", "angka_tidak_sah"),
        ("76,505", "terlalu_banyak_desimal"),
        ("1e-9", "terlalu_banyak_desimal"),
        ("9999999", "di_luar_rentang"),
        ("1e300", "di_luar_rentang"),
    ],
)
def test_bad_numbers_are_named(typed: str, code: str) -> None:
    with pytest.raises(FormError) as error:
        number().clean({"n": typed})
    assert error.value.fields["n"].code == code


def test_a_number_that_reads_two_ways_is_asked_back() -> None:
    with pytest.raises(FormError) as error:
        number(scale=3).clean({"n": "1.234"})
    assert error.value.fields["n"].code == "angka_mendua"
    assert "1234 atau 1,234" in error.value.fields["n"].text_id
    assert number(scale=3).clean({"n": "0.234"}) == {"n": Fraction("0.234")}
    assert number(scale=3).clean({"n": "1,234"}) == {"n": Fraction("1.234")}


def test_exact_values_of_programs_are_taken_and_floats_are_not() -> None:
    assert number().clean({"n": Fraction("76.5")}) == {"n": Fraction("76.5")}
    assert number().clean({"n": 7}) == {"n": Fraction(7)}
    with pytest.raises(FormError) as error:
        number().clean({"n": 76.5})
    assert error.value.fields["n"].code == "tipe_salah"


@pytest.mark.parametrize(("typed", "day"), [("2026-12-31", 31), ("31-12-2026", 31), ("31/12/2026", 31), ("1.12.2026", 1)])
def test_dates_in_both_notations(typed: str, day: int) -> None:
    assert form("t: {label: {id: T, en: T}, type: date}").clean({"t": typed}) == {"t": date(2026, 12, day)}


@pytest.mark.parametrize("typed", ["31-02-2026", "2026-13-01", "kemarin", "2026-1-1"])
def test_bad_dates(typed: str) -> None:
    with pytest.raises(FormError) as error:
        form("t: {label: {id: T, en: T}, type: date}").clean({"t": typed})
    assert error.value.fields["t"].code == "tanggal_tidak_sah"


def test_texts_are_tidied_and_measured() -> None:
    f = form("s: {label: {id: S, en: S}, type: long_text, min_length: 5, max_length: 12}")
    assert f.clean({"s": "  satu\r\ndua  "}) == {"s": "satu\ndua"}
    for typed, code in [("abcd", "terlalu_pendek"), ("x" * 13, "terlalu_panjang"), ("ab\x00cdef", "huruf_tidak_sah")]:
        with pytest.raises(FormError) as error:
            f.clean({"s": typed})
        assert error.value.fields["s"].code == code


def test_a_required_box_must_be_ticked() -> None:
    f = form("b: {label: {id: B, en: B}, type: boolean, required: true}")
    assert f.clean({"b": "ya"}) == {"b": True}
    assert f.clean({"b": "on"}) == {"b": True}
    for typed in ({}, {"b": ""}, {"b": "tidak"}, {"b": False}):
        with pytest.raises(FormError) as error:
            f.clean(typed)
        assert error.value.fields["b"].code == "belum_disetujui"
    with pytest.raises(FormError):
        f.clean({"b": "mungkin"})


REASON = "Dua puluh berkas diperiksa, tiga kurang lengkap."


def opened(appraisal: ProcessDefinition) -> Form:
    """The form of the evaluation team with one criterion, as rules might state it."""
    criterion = Criterion("kebenaran", Text("Kebenaran", "Correctness"), Fraction(0), Fraction(100), 2)
    return appraisal.form_of("nilai_mutu").opened(lambda decision: (criterion,) if decision == "skor_mutu" else ())


def test_all_errors_at_once_with_their_fields(appraisal: ProcessDefinition) -> None:
    with pytest.raises(FormError) as error:
        opened(appraisal).clean({"skor_mutu_kebenaran": "101", "skor_mutu_kebenaran_komentar": "bagus", "kalibrasi": "naik"})
    assert {name: found.code for name, found in error.value.fields.items()} == {
        "skor_mutu_kebenaran": "di_luar_rentang",
        "skor_mutu_kebenaran_komentar": "terlalu_pendek",
        "skor_mutu_kebenaran_bukti": "belum_diisi",
        "alasan_kalibrasi": "belum_diisi",
        "bukti_kalibrasi": "belum_diisi",
    }
    assert error.value.details["fields"]["skor_mutu_kebenaran"]["id"] == "harus antara 0 dan 100"
    assert "\n" not in error.value.line()


def test_an_unlisted_name_is_ignored(appraisal: ProcessDefinition) -> None:
    cleaned = appraisal.form_of("setujui_skp").clean({"keputusan_skp": "setuju", "status": "closed", "role": "administrator"})
    assert {name: value for name, value in cleaned.items() if value is not None} == {"keputusan_skp": "setuju"}
    assert not {"status", "role"} & cleaned.keys()


def test_a_reason_is_asked_only_where_it_is_needed(appraisal: ProcessDefinition) -> None:
    f = appraisal.form_of("setujui_penilaian")
    assert f.clean({"keputusan_atasan": "setuju"})["alasan_atasan"] is None
    with pytest.raises(FormError) as error:
        f.clean({"keputusan_atasan": "tinjau_ulang", "alasan_atasan": "   "})
    assert list(error.value.fields) == ["alasan_atasan"]


def test_choices_come_from_the_vocabulary(appraisal: ProcessDefinition) -> None:
    f = appraisal.form_of("nilai_perilaku")
    question = f.fields["perilaku_kerja"]
    assert [(option.value, option.label.id) for option in question.choices(vocabulary)] == [
        ("di_atas", "Di atas ekspektasi"),
        ("sesuai", "Sesuai ekspektasi"),
        ("di_bawah", "Di bawah ekspektasi"),
    ]
    assert question.choices(lambda _name: ("baru_sekali",))[0].label.id == "Baru sekali"
    given = {"perilaku_kerja": "sesuai", "alasan_perilaku": "Tiga kali mengambil alih loket saat rekan sakit."}
    assert f.clean(given, vocabulary)["perilaku_kerja"] == "sesuai"
    with pytest.raises(FormError) as error:
        f.clean(given | {"perilaku_kerja": "luar_biasa"}, vocabulary)
    assert error.value.fields["perilaku_kerja"].code == "nilai_tidak_dikenal"
    with pytest.raises(FormError) as error:
        f.clean(given)
    assert error.value.fields["perilaku_kerja"].code == "kosakata_tidak_ada"


def test_records_become_judgements(appraisal: ProcessDefinition) -> None:
    f = opened(appraisal)
    moved = {"kalibrasi": "naik", "alasan_kalibrasi": "Dua loket dijaga sendiri.", "bukti_kalibrasi": "BA 2/2026"}
    stem = "skor_mutu_kebenaran"
    values = f.clean({"skor_mutu": "99", stem: "76,5", f"{stem}_komentar": REASON, f"{stem}_bukti": "BA 1/2026"} | moved)
    assert (values["skor_mutu"], values[stem]) == (None, Fraction("76.5"))  # nobody types the total
    assert f.judgements(values) == (
        {
            "peran": "tim_evaluasi",
            "aspek": "hasil_kerja",
            "nilai": "naik",
            "alasan": moved["alasan_kalibrasi"],
            "bukti": "BA 2/2026",
        },
    )
    assert f.defaults() == {"kalibrasi": "tetap"}


def test_answers_are_shown_as_people_read_them(appraisal: ProcessDefinition) -> None:
    fields = opened(appraisal).fields
    assert shown(fields["kalibrasi"], "naik") == "Naik satu tingkat"
    assert shown(fields["kalibrasi"], "naik", "en") == "One step up"
    assert shown(fields["skor_mutu_kebenaran"], Fraction("1076.5")) == "1.076,5"
    assert shown(fields["skor_mutu_kebenaran"], Fraction("1076.5"), "en") == "1076.5"
    assert shown(fields["bukti_kalibrasi"], None) == "–"
    assert shown(fields["bukti_kalibrasi"], date(2026, 3, 13)) == "13 Maret 2026"


MALFORMED = [
    ("form: coba\n", "belum ada"),
    (HEAD, "diharapkan"),
    (HEAD + "  s: {type: text}\n", "label"),
    (HEAD + "  s: {label: {id: S, en: S}, type: teks}\n", "type"),
    (HEAD + "  s: {label: {id: S}, type: text}\n", "dua bahasa"),
    (HEAD + "  s: {label: {id: S, en: S}, type: text, wajib: true}\n", "wajib"),
    (HEAD + "  s: {label: {id: S, en: S}, type: text, required: ya}\n", "true atau false"),
    (HEAD + "  s: {label: {id: S, en: S}, type: text, range: 0..1}\n", "tidak berlaku"),
    (HEAD + "  s: {label: {id: S, en: S}, type: number, range: 5..1}\n", "rentang"),
    (HEAD + "  s: {label: {id: S, en: S}, type: number, scale: dua}\n", "bilangan bulat"),
    (HEAD + "  s: {label: {id: S, en: S}, type: choice}\n", "pilihan"),
    (HEAD + "  s: {label: {id: S, en: S}, type: choice, options: [{value: a}]}\n", "value dan label"),
    (HEAD + "  s: {label: {id: S, en: S}, type: text, required_when: t = 1}\n", "tidak ditanyakan"),
    (HEAD + "  s: {label: {id: S, en: S}, type: text, required_when: '= ='}\n", "required_when"),
    (HEAD + "  s s: {label: {id: S, en: S}, type: text}\n", "nama isian"),
    (
        HEAD + "  s: {label: {id: S, en: S}, type: text}\nrecords:\n  - {peran: a, aspek: b, nilai: x, alasan: s}\n",
        "tidak ditanyakan",
    ),
    (HEAD + "  s: {label: {id: S, en: S}, type: text}\nrecords:\n  - {peran: a}\n", "peran, aspek, nilai, alasan"),
    (HEAD + "  s: {label: {id: S, en: S}, type: text}\n  s: {label: {id: S, en: S}, type: text}\n", "dua kali"),
    (HEAD + "  s: &a {label: {id: S, en: S}, type: text}\n", "jangkar"),
    (HEAD + "  s: {label: {id: S, en: S}, type: text\n", ""),
    ("", "kosong"),
]


@pytest.mark.parametrize(("text", "words"), MALFORMED)
def test_a_malformed_form_is_told_with_its_line(text: str, words: str) -> None:
    _, problems = check_form(text, "coba.yaml")
    assert problems
    assert all(isinstance(problem, InputError) for problem in problems)
    assert any(words in problem.text_id for problem in problems), [problem.text_id for problem in problems]
    assert all(problem.place is not None and problem.place.file == "coba.yaml" for problem in problems)


PLAN = HEAD + "  ya: {label: {id: Ya, en: Yes}, type: boolean}\n  kata: {label: {id: Kata, en: Word}, type: text}\n"


def test_a_form_says_what_it_does_to_the_plan() -> None:
    step = sound(PLAN + "plan: {act: propose, understood: ya, says: [kata], when: ya = true}\n", "coba.yaml").plan
    assert step is not None
    assert (step.act, step.understood, step.says) == ("propose", "ya", ("kata",))
    assert [step.agreed({"ya": ticked}, None) for ticked in (True, False)] == [True, False]


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        ("{act: sepakati}", "act harus salah satu dari propose, agree"),
        ("{act: propose, understood: kata}", "“kata” harus bertipe boolean"),
        ("{act: propose, says: [tidak_ada]}", "“tidak_ada” tidak ditanyakan"),
        ("{act: agree, expectations: {loyal: kata}}", "“kata” belum punya default"),
        ("{act: agree, when: lain = 1}", "when memakai “lain”"),
        ("{act: agree, baca: ya}", "“baca” tidak dikenal"),
    ],
)
def test_a_plan_step_that_cannot_be_meant_is_told(plan: str, words: str) -> None:
    _, problems = check_form(PLAN + f"plan: {plan}\n", "coba.yaml")
    assert any(words in problem.text_id for problem in problems), [problem.text_id for problem in problems]


def test_every_shipped_form_speaks_both_languages_and_says_why(root: Path) -> None:
    files = sorted((root / "workflows").glob("*/forms/*.yaml"))
    assert files
    for path in files:
        f = sound(path.read_text("utf-8"), path.name)
        assert len(f.intro.id) > 60, path
        assert len(f.next.id) > 40, path
        for words in (f.title, f.intro, f.next, f.submit, *(field.label for field in f.fields.values())):
            assert words.id, path
            assert words.en, path
            assert words.id != words.en, (path, words.id)


@pytest.mark.parametrize("given", [object(), ["a"], {"a": 1}, b"a"])
def test_what_is_no_text_is_refused(given: Any) -> None:
    with pytest.raises(FormError) as error:
        form("a: {label: {id: A, en: A}, type: text}").clean({"a": given})
    assert error.value.fields["a"].code == "tipe_salah"


def test_a_stored_day_is_shown_in_words() -> None:
    day = form("hari: {label: {id: Hari, en: Day}, type: date}").fields["hari"]
    assert shown(day, "2026-07-28") == shown(day, date(2026, 7, 28)) == "28 Juli 2026"
    assert shown(day, "2026-07-28", "en") == "2026-07-28"
