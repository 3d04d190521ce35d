"""After a transfer in mid-cycle the case is cut, the new post gets its own appraiser, and nothing decided is touched."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kinerja.core.errors import ForbiddenError
from kinerja.services.casework import cascade, tasks
from kinerja.services.cycles import realign
from kinerja.services.papers import issue
from kinerja.services.posts import profile
from kinerja.services.staff import people
from kinerja.services.staff.people import AssignmentEntry
from kinerja.store import models as db

OPERATOR = ("operator_layanan_adminduk", "dukcapil.1")


def parts(town: Any, name: str) -> list[tuple[date, date, str]]:
    person = people.person_by_nip(town.nips[name])
    return [(case.first, case.last, case.appraiser.name) for case in person.cases.order_by(db.Case.first)]


def test_a_transfer_cuts_the_case_and_opens_the_second(town: Any) -> None:
    hr, nip = town.context("hr"), town.nips["citra"]
    town.until("citra", "lapor_realisasi")
    assert realign.preview(hr, nip) == ()
    people.transfer(hr, nip, "analis_kebijakan", "bkpsdm", date(2026, 4, 15))
    seen = realign.preview(hr, nip)
    assert [(move.kind, move.first, move.last) for move in seen] == [
        ("dibuka", date(2026, 4, 15), date(2026, 6, 30)), ("dipotong", date(2026, 1, 1), date(2026, 4, 14)),
    ]  # fmt: skip
    assert parts(town, "citra") == [(date(2026, 1, 1), date(2026, 6, 30), "Kabid")]  # a preview changes nothing
    receipt = realign.align(hr, nip, key="a1")
    assert receipt.values == {"cut": 1, "opened": 1, "left": 0}
    assert realign.align(hr, nip, key="a1").seq == receipt.seq
    assert parts(town, "citra") == [(date(2026, 1, 1), date(2026, 4, 14), "Kabid"), (date(2026, 4, 15), date(2026, 6, 30), "Kaban")]
    first, second = people.person_by_nip(nip).cases.order_by(db.Case.first)
    assert {task.task for task in first.tasks.where(db.Task.state == "ready")} == {"lapor_realisasi"}  # what was done stays done
    assert {task.task for task in second.tasks.where(db.Task.state == "ready")} == {"susun_skp"}
    assert {item.standard for item in second.items}.isdisjoint({item.standard for item in first.items})
    assert realign.preview(hr, nip) == ()
    [period] = profile.person_page(hr, nip).periods
    assert [(line.days, line.months, line.case, line.appraiser) for line in period.lines] == [
        (104, 3, first.id, "Kabid"), (77, 3, second.id, "Kaban"),
    ]  # fmt: skip
    assert period.days == 181


def test_the_letter_of_a_part_names_the_others_and_the_sum(town: Any) -> None:
    from kinerja.core.periods import Period

    hr, nip = town.context("hr"), town.nips["citra"]
    people.transfer(hr, nip, "analis_kebijakan", "bkpsdm", date(2026, 4, 15))
    people.record_absence(hr, nip, Period(date(2026, 2, 2), date(2026, 2, 13)), "cuti sakit")
    people.assign(hr, AssignmentEntry(nip, "kepala_bidang", "dukcapil.1", date(2026, 3, 1), date(2026, 3, 20), "plh"))
    realign.align(hr, nip)
    case = people.person_by_nip(nip).cases.order_by(db.Case.first).first()
    for who, task, answers in town.way[:-1]:
        name = "citra" if who == "self" else who
        for view in town.desk(name, "citra"):
            if (view.task, view.case_id) == (task, case.id):
                tasks.complete(town.context(name), view.id, answers)
    notes = db.Letter.get(db.Letter.case == case.id).content["notes"]
    assert "77 hari (3 bulan) sebagai Analis Kebijakan Ahli Pertama" in notes[1]
    assert "104 + 77 = 181 hari, 3 + 3 = 6 bulan" in notes[1]
    assert "Plh. Kepala Bidang Dafduk" in notes[2]
    assert "(20 hari)" in notes[2]
    assert "cuti sakit, 12 dari 104 hari" in notes[3]


def test_what_is_decided_is_left_and_named(town: Any) -> None:
    hr, nip = town.context("hr"), town.nips["sari"]
    town.until("sari", "terbitkan")
    [unit] = issue.issuing_units(hr, town.cycle)
    issue.issue_unit(hr, town.cycle, unit)
    people.transfer(hr, nip, "analis_kebijakan", "bkpsdm", date(2026, 5, 1))
    kinds = {move.kind: move for move in realign.preview(hr, nip)}
    assert set(kinds) == {"sudah_dinilai", "dibuka"}
    receipt = realign.align(hr, nip)
    assert receipt.values == {"cut": 0, "opened": 1, "left": 1}
    assert town.case_of("sari").last == date(2026, 6, 30)


def test_entry_and_retirement_in_mid_period(town: Any) -> None:
    hr = town.context("hr")
    people.establish(hr, people=[people.PersonEntry("200001012026031009", "Baru", "CPNS")])
    people.assign(hr, AssignmentEntry("200001012026031009", *OPERATOR, date(2026, 3, 10)))
    assert realign.align(hr, "200001012026031009").values["opened"] == 1
    case = people.person_by_nip("200001012026031009").cases.get()
    assert (case.first, case.last) == (date(2026, 3, 10), date(2026, 6, 30))
    people.leave(hr, town.nips["budi"], date(2026, 5, 31))
    realign.align(hr, town.nips["budi"])
    assert town.case_of("budi").last == date(2026, 5, 31)


def test_cases_of_an_appraiser_who_left_pass_to_the_next_authority(town: Any) -> None:
    hr, kabid = town.context("hr"), town.nips["kabid"]
    town.until("sari", "nilai_perilaku")
    assert realign.hand_over(hr, kabid).values["cases"] == 0  # still in office
    people.leave(hr, kabid, date(2026, 7, 10))
    served = cascade.links_of(town.case_of("sari").id)[0]
    assert {link.person for link in served.values()} == {"Kabid"}
    values = realign.hand_over(hr, kabid).values
    assert (values["cases"], values["let_go"]) == (3, 0)
    case = town.case_of("sari")
    upward = cascade.links_of(case.id)[0]
    assert {code: (link.person, link.code) for code, link in upward.items()} == {
        code: ("Kadis", {"KBD-1": "KPD-1", "KBD-2": "KPD-2"}[link.code]) for code, link in served.items()
    }, "the results of the head above, as the standard says"
    assert (case.appraiser.name, case.superior.name) == ("Kadis", "Sekda")
    assert "jabatan Kepala Bidang Dafduk lowong" in case.chain_note
    town.do("kadis", "nilai_perilaku", "sari", perilaku_kerja="sesuai", alasan_perilaku="Mengambil alih loket saat rekan sakit")


def test_a_link_with_no_result_to_lead_to_is_let_go(town: Any) -> None:
    hr, kabid = town.context("hr"), town.nips["kabid"]
    town.until("sari", "nilai_perilaku")
    db.PlanItem.update(dropped_at=town.clock.now()).where(db.PlanItem.case == town.case_of("kadis").id).execute()
    people.leave(hr, kabid, date(2026, 7, 10))
    values = realign.hand_over(hr, kabid).values
    assert values["let_go"] == 5
    assert values["led"] == 0
    assert cascade.links_of(town.case_of("sari").id)[0] == {}


def test_only_those_who_open_cycles_align(town: Any) -> None:
    for act in (realign.preview, realign.align, realign.hand_over):
        with pytest.raises(ForbiddenError):
            act(town.context("kadis"), town.nips["sari"])
