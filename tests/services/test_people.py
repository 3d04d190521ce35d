"""Dated acts on people: what is refused and what is named instead, what they reach back to, and what the history keeps of them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from kinerja.cli.main import main
from kinerja.core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from kinerja.core.periods import Period
from kinerja.services.posts import orgmap, profile
from kinerja.services.staff import duties, history, people
from kinerja.services.staff.people import AssignmentEntry
from kinerja.services.staff.splitting import spans_of
from kinerja.store import models as db
from kinerja.store.queries import Seat

HALF = Period(date(2026, 1, 1), date(2026, 6, 30))
OPERATOR = ("operator_layanan_adminduk", "dukcapil.1")


def seats_of(nip: str) -> list[tuple[str, date, date | None, str]]:
    query = db.Assignment.select(db.Position.code, db.Assignment.first, db.Assignment.last, db.Assignment.kind).join(db.Position)
    query = query.switch(db.Assignment).join(db.Person).where(db.Person.nip == nip)
    return list(query.order_by(db.Assignment.first, db.Assignment.id).tuples())


def test_a_transfer_ends_the_old_post_the_day_before(bare: Any) -> None:
    nip = bare.nips["citra"]
    people.transfer(bare.context("hr"), nip, "analis_kebijakan", "bkpsdm", date(2026, 4, 15), key="k1")
    assert seats_of(nip) == [
        ("operator_layanan_adminduk", date(2020, 1, 1), date(2026, 4, 14), "definitif"),
        ("analis_kebijakan", date(2026, 4, 15), None, "definitif"),
    ]
    again = people.transfer(bare.context("hr"), nip, "analis_kebijakan", "bkpsdm", date(2026, 4, 15), key="k1")
    assert again.act == "people.transfer"
    assert len(seats_of(nip)) == 2
    with pytest.raises(ConflictError) as refused:
        people.transfer(bare.context("hr"), nip, "analis_kebijakan", "bkpsdm", date(2026, 5, 1))
    assert refused.value.code == "pindah_ke_jabatan_sama"
    with pytest.raises(InputError) as early:
        people.transfer(bare.context("hr"), nip, *OPERATOR, date(2026, 4, 15))
    assert early.value.code == "pindah_sebelum_mulai"
    with pytest.raises(ForbiddenError):
        people.transfer(bare.context("kadis"), nip, *OPERATOR, date(2026, 6, 1))


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (("sari", "kepala_bidang", "dukcapil.1", "definitif"), "rangkap_definitif"),
        (("sari", "kepala_bidang", "dukcapil.1", "plt"), "plt_belum_lowong"),
        (("kabid", "kepala_perangkat_daerah", "dukcapil", "raja"), "nilai_tidak_dikenal"),
    ],
)
def test_seats_that_cannot_be_are_refused_with_what_to_do(bare: Any, entry: tuple[str, str, str, str], code: str) -> None:
    name, post, unit, kind = entry
    with pytest.raises(InputError) as refused:
        people.assign(bare.context("hr"), AssignmentEntry(bare.nips[name], post, unit, date(2026, 3, 1), kind=kind))
    assert refused.value.code == code
    assert len(seats_of(bare.nips[name])) == 1


def test_plt_in_a_vacant_post_plh_for_one_who_is_away(bare: Any) -> None:
    hr = bare.context("hr")
    people.leave(hr, bare.nips["kabid"], date(2026, 2, 28))
    with pytest.raises(InputError) as refused:
        people.assign(hr, AssignmentEntry(bare.nips["sari"], "kepala_bidang", "dukcapil.1", date(2026, 3, 1), kind="plh"))
    assert refused.value.code == "plh_lowong"
    people.assign(hr, AssignmentEntry(bare.nips["sari"], "kepala_bidang", "dukcapil.1", date(2026, 3, 1), kind="plt"))
    page = profile.person_page(hr, bare.nips["budi"])
    assert page.appraiser is not None
    assert (page.appraiser.name, page.appraiser.acting, page.appraiser.since) == ("Sari", "plt", date(2026, 3, 1))
    assert "Plt. Sari" in page.appraiser.why[0]


def test_a_vacancy_names_the_next_lawful_authority_and_why(bare: Any) -> None:
    people.leave(bare.context("hr"), bare.nips["kabid"], date(2026, 2, 28))
    page = profile.person_page(bare.context("budi"), bare.nips["budi"])
    assert page.appraiser is not None
    assert page.superior is not None
    assert (page.appraiser.name, page.superior.name) == ("Kadis", "Sekda")
    assert "jabatan Kepala Bidang Dafduk lowong" in page.appraiser.why[0]


def test_everyone_may_declare_their_own_tie_and_nobody_elses(bare: Any) -> None:
    sari, kabid = bare.nips["sari"], bare.nips["kabid"]
    with pytest.raises(ForbiddenError):
        people.declare_conflict(bare.context("budi"), sari, kabid, date(2026, 1, 1))
    people.declare_conflict(bare.context("sari"), sari, kabid, date(2026, 1, 1))
    with pytest.raises(ConflictError):
        people.declare_conflict(bare.context("kabid"), kabid, sari, date(2026, 1, 1))
    page = profile.person_page(bare.context("sari"), sari)
    assert page.appraiser is not None
    assert page.appraiser.name == "Kadis"
    assert "benturan kepentingan" in page.appraiser.why[0]
    with pytest.raises(ForbiddenError):
        people.end_conflict(bare.context("sari"), sari, kabid, date(2026, 8, 1))
    people.end_conflict(bare.context("hr"), kabid, sari, date(2026, 7, 1))
    assert profile.person_page(bare.context("sari"), sari).ties[0].last == date(2026, 7, 1)


def test_a_tie_declared_after_the_period_keeps_a_judge_from_it_too(town: Any) -> None:
    town.until("budi", "nilai_mutu")
    assert [view.task for view in town.desk("tim", "budi")] == ["nilai_mutu"]
    people.declare_conflict(town.context("tim"), town.nips["tim"], town.nips["budi"], town.city.today())
    assert town.desk("tim", "budi") == []
    task = db.Task.get(db.Task.task == "nilai_mutu", db.Task.case == town.case_of("budi"))
    refused = duties.why_not(town.context("tim"), task, town.case_of("budi"))
    assert refused is not None
    assert (refused.code, refused.details["alternative"]) == ("benturan_kepentingan", "Tim2")


def test_absences_do_not_overlap_and_may_end_early(bare: Any) -> None:
    hr, sari = bare.context("hr"), bare.nips["sari"]
    people.record_absence(hr, sari, Period(date(2026, 5, 4), date(2026, 5, 15)), "cuti sakit")
    with pytest.raises(ConflictError):
        people.record_absence(hr, sari, Period(date(2026, 5, 15), date(2026, 5, 16)))
    people.end_absence(hr, sari, date(2026, 5, 4), date(2026, 5, 8))
    people.record_absence(hr, sari, Period(date(2026, 5, 15), date(2026, 5, 16)))
    with pytest.raises(NotFoundError):
        people.end_absence(hr, sari, date(2026, 5, 5), date(2026, 5, 8))
    assert [away.days for away in profile.person_page(hr, sari).absences] == [2, 5]


def test_a_person_page_is_for_them_and_hr(bare: Any) -> None:
    for reader in ("sari", "hr"):
        assert profile.person_page(bare.context(reader), bare.nips["sari"]).name == "Sari"
    for stranger in ("budi", "tim"):
        with pytest.raises(ForbiddenError):
            profile.person_page(bare.context(stranger), bare.nips["sari"])
        with pytest.raises(ForbiddenError):
            history.history_of(bare.context(stranger), "person", people.person_by_nip(bare.nips["sari"]).id)


def test_a_back_dated_change_lists_the_cases_it_reaches(town: Any) -> None:
    hr, kabid, sari = town.context("hr"), town.nips["kabid"], town.nips["sari"]
    future = people.leave(hr, town.nips["tim2"], date(2026, 12, 31))
    assert future.values["touched"] == []
    own = people.end_assignment(hr, sari, *OPERATOR, date(2026, 5, 31))
    assert own.values["touched"] == [town.case_of("sari").id]
    led = people.leave(hr, kabid, date(2026, 3, 31))
    assert set(led.values["touched"]) == {town.case_of(name).id for name in ("sari", "budi", "citra", "kabid")}
    person, post = people.person_by_nip(kabid), db.Position.get(db.Position.code == "kepala_bidang")
    change = people.AssignmentChange(person.id, post.id, (date(2020, 1, 1), None), (date(2020, 1, 1), date(2026, 3, 31)))
    found = people.touched_by(hr, [change])
    assert {one.person: one.why[1] for one in found} == {
        "Kabid": "the days that change lie in their own period",
        **dict.fromkeys(("Sari", "Budi", "Citra"), "appraised by the holder of the post that changes"),
    }
    with pytest.raises(ForbiddenError):
        people.touched_by(town.context("sari"), [change])


D = date
NONE = None


@pytest.mark.parametrize(
    ("before", "after", "days"),
    [
        (NONE, (D(2026, 1, 1), D(2026, 1, 31)), ((D(2026, 1, 1), D(2026, 1, 31)),)),
        ((D(2026, 1, 1), NONE), (D(2026, 1, 1), D(2026, 3, 31)), ((D(2026, 4, 1), D.max),)),
        ((D(2026, 1, 1), NONE), (D(2026, 2, 1), NONE), ((D(2026, 1, 1), D(2026, 1, 31)),)),
        ((D(2026, 1, 1), NONE), (D(2026, 1, 1), NONE), ()),
        (NONE, NONE, ()),
    ],
)
def test_the_days_that_a_change_adds_or_takes(before: Any, after: Any, days: Any) -> None:
    assert people.AssignmentChange(1, 1, before, after).days == days


SPANS = st.lists(
    st.tuples(st.dates(D(2025, 6, 1), D(2026, 12, 31)), st.none() | st.integers(0, 400)).map(
        lambda pair: (pair[0], None if pair[1] is None else pair[0] + timedelta(days=pair[1]))
    ),
    max_size=7,
)


@given(SPANS)
def test_days_and_months_always_sum_to_the_period(held: list[tuple[date, date | None]]) -> None:
    seats = [Seat(1, "1", "A", n, "J", 1, False, "definitif", first, last) for n, (first, last) in enumerate(held)]
    spans = spans_of(seats, HALF)
    assert sum(span.period.days for span in spans) == HALF.days
    assert sum(span.months for span in spans) == HALF.months
    assert sum(span.share for span in spans) == 1
    for span in spans:  # every day is with the seat that began last of those that hold it, or with none
        for day in (span.period.first, span.period.last):
            holding = [seat for seat in seats if seat.holds(day)]
            assert span.seat == max(holding, key=lambda seat: (seat.first, seat.position), default=None)


def test_an_earlier_seat_counts_again_after_a_later_one_ended() -> None:
    seats = [
        Seat(1, "1", "A", 1, "J", 1, False, "definitif", D(2020, 1, 1), None),
        Seat(1, "1", "A", 2, "K", 1, False, "definitif", D(2026, 3, 1), D(2026, 3, 31)),
    ]
    assert [(span.seat and span.seat.position, span.period.days, span.months) for span in spans_of(seats, HALF)] == [
        (1, 59, 2), (2, 31, 1), (1, 91, 3),
    ]  # fmt: skip


def test_the_map_counts_seats_up_the_tree(bare: Any) -> None:
    hr = bare.context("hr")
    people.leave(hr, bare.nips["sari"], date(2026, 6, 30))
    people.assign(hr, AssignmentEntry(bare.nips["budi"], "kepala_bidang", "dukcapil.1", date(2026, 7, 1), kind="plh"))
    people.record_absence(hr, bare.nips["kabid"], Period(date(2026, 7, 1), date(2026, 7, 31)), "cuti besar")
    [dinas] = orgmap.position_map(bare.context("sari"), "dukcapil")
    assert (dinas.formation, dinas.filled, dinas.vacant) == (5, 4, 1)
    [bidang] = dinas.below
    head, operators = bidang.posts
    assert [(one.name, one.acting, one.away) for one in head.holders] == [("Kabid", "", "cuti besar"), ("Budi", "plh", "")]
    assert (operators.formation, operators.filled, operators.vacant, head.vacant) == (3, 2, 1, 0)
    [before] = orgmap.position_map(hr, "dukcapil", date(2026, 6, 30))
    assert before.vacant == 0
    [whole] = orgmap.position_map(hr)
    assert whole.formation == sum(post.formation for unit in orgmap.flat([whole]) for post in unit.posts) == 12
    with pytest.raises(NotFoundError):
        orgmap.position_map(hr, "antah")


def test_the_history_keeps_before_after_who_and_when(bare: Any) -> None:
    from kinerja.services.staff.amend import amend
    from kinerja.services.stafftables import imports as staff_import
    from kinerja.services.stafftables import undo as staff_undo

    hr, sari = bare.context("hr"), bare.nips["sari"]
    person = people.person_by_nip(sari)
    amend(hr, "person", person.id, 1, {"name": "Sari D.", "rank": "Penata, III/c"})
    taken = staff_import.take_in(hr, "pegawai", f"nip,nama\n{sari},Sari Dewi\n".encode(), "p.csv")
    staff_undo.undo(hr, taken.id)
    people.transfer(hr, sari, "analis_kebijakan", "bkpsdm", date(2026, 4, 15))
    found = history.history_of(hr, "person", person.id)
    assert [change.act[1] for change in found] == [
        "transferred", "import taken back", "changed by an import", "person amended",
    ]  # fmt: skip
    assert found[3].values == (("name", "Sari", "Sari D."),)
    assert found[2].values == (("name", "Sari D.", "Sari Dewi"),)
    assert found[1].values == (("name", "Sari Dewi", "Sari D."),)
    assert ("unit", "Bidang Pelayanan Pendaftaran Penduduk", "Badan Kepegawaian") in found[0].values
    assert {change.by for change in found} == {bare.nips["hr"]}
    people.establish(hr, units=[people.UnitEntry("baru", "Unit Baru", parent="setda")])
    [made] = history.history_of(hr, "unit", history.find("unit", "baru"))
    assert ("name", None, "Unit Baru") in made.values


# ── the command line ──────────────────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def run(bare: Any) -> Any:
    folder = bare.city.folder
    (folder / "kinerja.toml").write_text(
        '[city]\nname = "Kota"\n\n[web]\nsecret = "rahasia-untuk-uji-saja"\n\n[store]\nurl = "sqlite:kota.db"\n', "utf-8"
    )

    def command(*words: str) -> Any:
        return CliRunner().invoke(main, ["people", *words, "--city", str(folder)], catch_exceptions=False)

    yield command
    bare.city.store.activate()


def test_the_command_line_does_what_the_services_do(bare: Any, run: Any, tmp_path: Any) -> None:
    sari = bare.nips["sari"]
    made = run("transfer", sari, "analis_kebijakan", "bkpsdm", "--from", "2026-04-15", "--as", "hr", "--json")
    assert json.loads(made.stdout)["act"] == "people.transfer"
    refused = run("assign", sari, "kepala_bidang", "dukcapil.1", "--from", "2026-05-01", "--as", "hr")
    assert (refused.exit_code, "rangkap_definitif" in refused.stderr) == (2, True)
    assert run("absence", sari, "--from", "2026-05-04", "--to", "2026-05-08", "--as", "hr").exit_code == 0
    assert run("declare", sari, bare.nips["kabid"], "--as", "sari").exit_code == 0
    shown = run("show", sari, "--as", "hr").stdout
    assert "Analis Kebijakan" in shown
    assert "benturan kepentingan (keluarga) dengan Kabid" in shown
    document = json.loads(run("show", sari, "--as", "hr", "--json").stdout)
    assert document["appraiser"]["name"] == "Kaban"
    assert "1 kursi" in run("vacancies", "--as", "hr").stdout
    assert "lowong 1" in run("map", "--unit", "dukcapil", "--as", "sari").stdout
    listed = json.loads(run("positions", "dukcapil", "--as", "hr", "--json").stdout)
    assert {post["code"]: post["filled"] for post in listed}["operator_layanan_adminduk"] == 2
    assert "dipindahkan" in run("history", "person", sari, "--as", "hr").stdout

    file = tmp_path / "unit.xlsx"
    assert run("template", "unit", str(file)).exit_code == 0
    assert run("template", "unit", str(file), "--filled", "--as", "hr").exit_code == 0
    seen = run("import", "unit", str(file), "--preview", "--as", "hr", "--json")
    assert {row["action"] for row in json.loads(seen.stdout)["rows"]} == {"tetap"}
    rows = tmp_path / "unit.csv"
    rows.write_text("kode,nama,induk\ndinsos,Dinas Sosial,setda\ndinsos.1,Bidang,tiada\n", "utf-8")
    told = run("import", "unit", str(rows), "--preview", "--as", "hr").stdout
    assert "baris 3: ditolak  induk: unit “tiada” tidak ada" in told
    taken = run("import", "unit", str(rows), "--as", "hr", "--json")
    number = json.loads(taken.stdout)["id"]
    assert "dinsos" in {unit.code for unit in db.Unit.select()}
    assert "1 ditambah" in run("imports", "--as", "hr").stdout
    assert run("undo", str(number), "--as", "hr").exit_code == 0
    assert "dinsos" not in {unit.code for unit in db.Unit.select()}
    assert "diurungkan" in run("imports", "--as", "hr").stdout
