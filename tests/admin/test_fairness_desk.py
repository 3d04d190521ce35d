"""“Kalibrasi dan keadilan”: charts beside the pattern, recording the achievement, setting the pattern aside with a reason."""

from __future__ import annotations

import pytest

from kinerja.store import models as db


@pytest.fixture
def rated(own_console):
    """Twelve rated people in the registry, three elsewhere."""
    given = own_console.small.case_of("operator")
    first = db.Case.get_by_id(given)
    at = own_console.city.clock.now()
    for number in range(15):
        person = db.Person.create(nip=f"19900101202001{number:04d}", name=f"Pegawai {number:02d}")
        unit = db.Unit.get(db.Unit.code == ("dukcapil" if number < 12 else "bkpsdm"))
        post = db.Position.get_or_create(code="uji", unit=unit, defaults={"title": "Uji", "job_class": 6})[0]
        case = db.Case.create(
            cycle=first.cycle_id, person=person, position=post, unit=unit, agency=unit, first=first.first, last=first.last,
            appraiser=first.appraiser_id, superior=first.superior_id, process=first.process_id, rating="Baik", opened_at=at,
        )  # fmt: skip
        author = first.appraiser.nip if number < 12 else "x"
        db.Judgement.create(case=case, role="pejabat_penilai", aspect="perilaku_kerja", value="sesuai", author=author, judged_at=at)
    return own_console


def test_small_units_are_not_to_be_found(rated):
    """Three people are hidden, and the twelve with them: the rest of fifteen would tell."""
    page = rated.sign_in("tim").get("/keadilan/").text
    assert "Disdukcapil" not in page
    assert "Kelompok di bawah 5 orang disembunyikan" in page
    assert rated.sign_in("tim").get("/keadilan/2026-S1/bkpsdm").status_code == 404


def test_achievement_pattern_and_reason(rated):
    """From nothing on record to set aside, by the hands that may; each step shows on the page."""
    db.Case.update(rating=None).where(db.Case.agency == db.Unit.get(db.Unit.code == "bkpsdm").id).execute()
    hr, tim = rated.sign_in("hr"), rated.sign_in("tim")
    address = "/keadilan/2026-S1/dukcapil"
    assert "capaian belum dicatat" in hr.get("/keadilan/").text
    assert "Kesampingkan dengan alasan" not in tim.get(address).text
    assert tim.post(address + "/capaian", kunci="a1", capaian="Baik", bukti="LKjIP").status_code == 403
    assert hr.post(address + "/capaian", kunci="a2", capaian="Baik", bukti=" ").status_code == 400
    assert hr.post(address + "/capaian", kunci="a3", capaian="Baik", bukti="LKjIP 2025").status_code == 302
    page = tim.get(address).text
    assert "di luar pola" in page
    assert 'class="band"' in page
    assert "100,0%" in page
    assert hr.post(address + "/kesampingkan", kunci="b1", alasan="Semua target tercapai tanpa kecuali").status_code == 403
    short = tim.post(address + "/kesampingkan", kunci="b2", alasan="<b>ya</b>")
    assert short.status_code == 400
    assert "&lt;b&gt;ya&lt;/b&gt;" in short.text
    assert tim.post(address + "/kesampingkan", kunci="", alasan="Semua target tercapai tanpa kecuali").status_code == 400
    for _ in range(2):  # sent twice: one record
        assert (
            tim.post(address + "/kesampingkan", kunci="b3", alasan="Semua target tercapai <i>tanpa</i> kecuali").status_code == 302
        )
    assert db.PatternOverride.select().count() == 1
    page = tim.get(address).text
    assert "dikesampingkan dengan alasan" in page
    assert "&lt;i&gt;tanpa&lt;/i&gt;" in page
    assert "dikesampingkan dengan alasan" in hr.get("/keadilan/").text


def test_an_unknown_cycle_is_not_found(console):
    assert console.sign_in("tim").get("/keadilan/2099-S9/dukcapil").status_code == 404


def test_a_survey_is_asked_for_on_the_case(own_console):
    """Three people work together there: the office is told why nobody is asked; others are not offered it."""
    small = own_console.small
    small.advance(own_console.city, "operator", "lapor_realisasi")
    case = small.case_of("operator")
    hr = own_console.sign_in("hr")
    assert f'action="/survei/{case}"' in hr.get(f"/kasus/{case}").text
    assert "/survei/" not in own_console.sign_in("penilai").get(f"/kasus/{case}").text
    assert own_console.sign_in("penilai").post(f"/survei/{case}").status_code == 403
    answer = hr.post(f"/survei/{case}")
    assert answer.status_code == 409
    assert "tidak dapat dirahasiakan" in answer.text
