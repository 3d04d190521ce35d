"""The table of permissions is what services do: every act with every role, the reference page, and who sees what of a case when.

Where the page differs from what services do, the failure shows both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import kinerja.services
from kinerja.core.errors import ForbiddenError, KinerjaError
from kinerja.process.forms import Text
from kinerja.services import permissions
from kinerja.services.casework import cases, evidence, monitoring, peers, tasks
from kinerja.services.context import PERMITS, WHOLE_CITY, Actor, Context, allowed
from kinerja.services.custody import Upload
from kinerja.services.cycles import closing, cycle, joblist, pausing
from kinerja.services.evaluation import calibration, measure
from kinerja.services.openness import audit, fairness, training, uptake
from kinerja.services.papers import issue
from kinerja.services.posts import orgmap, profile, vacancies
from kinerja.services.reading import load_case
from kinerja.services.rulebook import effects, releases, simulation
from kinerja.services.staff import accounts, people
from kinerja.services.staff.establish import UnitEntry, establish
from kinerja.store import models as db

PAGE = Path(__file__).resolve().parents[2] / "docs" / "permissions.md"
SOURCE = Path(kinerja.services.__file__).parents[1]
ROLES = permissions.ROLES
OUTSIDE = Actor("Orang luar")
PDF = Upload("bukti.pdf", b"%PDF-1.7 x")


# ── the page ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def rows_of(page: str, heading: str) -> list[list[str]]:
    part = page.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines[2:]]


def test_the_page_is_the_table() -> None:
    marks = {True: "✓", False: ""}
    wanted = [
        [f"`{line.act}`", line.words.en, marks[line.everyone], *(marks[role in line.roles] for role in ROLES),
         *(marks[one in line.relations] for one in permissions.RELATIONS)]
        for line in permissions.table()
    ]  # fmt: skip
    assert rows_of(PAGE.read_text("utf-8"), "Acts") == wanted


def test_every_act_is_asked_somewhere_and_every_act_asked_is_in_the_table() -> None:
    """No line without a service behind it, and no service that asks for an act that nobody may do."""
    text = "\n".join(path.read_text("utf-8") for path in SOURCE.rglob("*.py") if path.name not in ("context.py", "permissions.py"))
    asked = set(re.findall(r'(?:require|allowed)\(\s*(?:context|who|context\(\)),\s*"([a-z]+\.[a-z]+)"', text))
    known = {permit.act for permit in PERMITS}
    assert asked <= known
    assert {act for act in known if f'"{act}"' not in text} == set()
    assert {permit.role for permit in PERMITS} <= {*ROLES, "*"}
    assert {*ROLES, "pegawai"} == set(db.ROLES)  # everyone with a NIP is one
    assert all(isinstance(words, Text) and words.id and words.en for words in permissions.ACTS.values())


# ── every act with every role ─────────────────────────────────────────────────────────────────────────────────────────
Call = Callable[[Context, Any], Any]
CASE, UNIT, CITY = "case", "unit", "city"
CALLS: dict[str, tuple[str, Call]] = {
    "people.edit": (UNIT, lambda c, t: establish(c, [UnitEntry("baru", "Baru", parent="dukcapil.1")])),
    "people.read": (CASE, lambda c, t: profile.person_page(c, t.nips["budi"])),
    "people.map": ("", lambda c, t: orgmap.position_map(c)),
    "vacancy.read": ("", lambda c, t: vacancies.vacancies(c)),
    "conflict.declare": (CASE, lambda c, t: people.declare_conflict(c, t.nips["budi"], t.nips["citra"], date(2026, 1, 1))),
    "accounts.edit": (CITY, lambda c, t: accounts.create_account(c, "baru", "x")),
    "cycle.open": (CITY, lambda c, t: cycle.preview(c, "2026-S2", "Semester II", t.period)),
    "cycle.close": (CITY, lambda c, t: cycle.close_cycle(c, t.cycle)),
    "case.end": (CASE, lambda c, t: closing.end_case(c, t.number, "Berhenti atas permintaan sendiri")),
    "case.pause": (CASE, lambda c, t: pausing.pause(c, t.number, "Sakit lama di rumah sakit")),
    "jobs.read": ("", lambda c, t: joblist.job(c, t.job)),
    "case.read": (CASE, lambda c, t: cases.case_page(c, t.number)),
    "overview.read": ("", lambda c, t: cycle.list_cycles(c)),
    "measure.import": (CITY, lambda c, t: measure.measure_cycle(c, t.cycle)),
    "measure.record": (CASE, lambda c, t: measure.record(c, t.number, "ADM-1", Fraction(1), "BA 1")),
    "case.assume": (CASE, lambda c, t: cases.assume(c, t.number, [])),
    "incident.settle": ("", lambda c, t: cases.incidents(c)),
    "letter.issue": ("", lambda c, t: issue.issuing_units(c, t.cycle)),
    "rules.read": ("", lambda c, t: releases.log(c)),
    "rules.effects": ("", lambda c, t: effects.of_policy(c, t.city.policy(t.city.release().fingerprint))),
    "simulation.read": ("", lambda c, t: simulation.listed(c)),
    "case.note": (CASE, lambda c, t: monitoring.note(c, t.number, "umpan_balik", "Sudah baik sekali")),
    "measure.dispute": (CASE, lambda c, t: monitoring.dispute(c, t.number, "ADM-1", "Bukan saya yang menangani")),
    "training.read": ("", lambda c, t: training.events(c)),
    "training.adoption": ("", lambda c, t: uptake.adoption(c)),
    "peers.ask": (CASE, lambda c, t: peers.ask(c, t.number)),
    "peers.read": (CASE, lambda c, t: peers.survey(c, t.number)),
    "fairness.read": ("", lambda c, t: fairness.report(c, t.cycle)),
    "achievement.record": (
        UNIT,
        lambda c, t: calibration.record_achievement(c, t.cycle, "dukcapil", "Baik", "Laporan kinerja 2025"),
    ),
    "ledger.verify": ("", lambda c, t: audit.verify_ledger(c)),
}


def actors(town: Any) -> Iterator[Actor]:
    """Each role alone in the whole city, in another unit only, the people of the case, and somebody from outside."""
    for role in ROLES:
        yield Actor.of(f"Pejabat {role}", roles=[role])
        yield Actor.of(f"Pejabat {role} unit lain", roles=[role], units=["bkpsdm"])
    for name in ("budi", "kabid", "kadis", "citra"):
        yield Actor(name, town.nips[name])
    yield OUTSIDE


def test_every_act_is_refused_exactly_to_those_whom_the_table_leaves_out(town: Any) -> None:
    town.until("budi", "nilai_perilaku")
    town.number = int(town.case_of("budi").id)
    town.job = db.Job.select().first().id
    case = load_case(town.number)
    wrong = []
    places = {UNIT: case.unit, CITY: WHOLE_CITY}
    for act, (subject, call) in CALLS.items():
        for actor in actors(town):
            context = Context(town.city, actor)
            may = allowed(context, act, case if subject == CASE else None, places.get(subject))
            refused = refusal(town, lambda context=context, call=call: call(context, town))
            if (refused == "tidak_berwenang") if may else not refused:
                wrong.append((act, actor.name, "allowed but refused" if may else "let in"))
    assert not wrong, "\n".join(map(str, wrong))


def refusal(town: Any, call: Callable[[], Any]) -> str:
    """The code of the refusal, "" for none; whatever the call did is undone."""

    class Undone(Exception):
        pass

    code = ""
    try:
        with town.city.store.transaction():
            try:
                call()
            except ForbiddenError as error:
                code = error.code
            except KinerjaError:
                pass
            raise Undone
    except Undone:
        pass
    return code


# ── who sees what of a case, and from when ────────────────────────────────────────────────────────────────────────────
READERS = ("budi", "kabid", "kadis", "tim", "hr", "auditor", "citra")
STATES = ("lapor_realisasi", "nilai_perilaku", "nilai_mutu", "terbitkan", "baca_hasil")
WORDS = {
    "lapor_realisasi": "execution", "nilai_perilaku": "assessment", "nilai_mutu": "evaluation", "terbitkan": "computed",
    "baca_hasil": "published",
}  # fmt: skip
FIELDS: dict[str, Callable[[Context, int], bool]] = {
    "indicators, actuals, their evidence": lambda c, case: bool(cases.case_page(c, case).items),
    "remarks, disputes, their evidence": lambda c, case: bool(monitoring.monitoring(c, case).notes),
    "behaviour as the appraiser rated it, reason": lambda c, case: judged(c, case, "perilaku_kerja"),
    "rubric of the team: scores, comments, total": lambda c, case: judged(c, case, "mutu"),
    "evidence of the rubric": lambda c, case: any(view.name == PDF.name for view in evidence.files(c, case)),
    "computation, trace": lambda c, case: cases.case_page(c, case).evaluation is not None,
    "rating": lambda c, case: cases.case_page(c, case).case.rating is not None,
    "rating in lists": lambda c, case: any(one.id == case and one.rating for one in cases.list_cases(c)),
    "letters": lambda c, case: bool(cases.case_page(c, case).letters),
}


def judged(context: Context, case: int, aspect: str) -> bool:
    return any(view.aspect == aspect for view in cases.case_page(context, case).judgements)


@pytest.mark.slow
def test_who_sees_what_of_a_case_from_when(town: Any) -> None:
    """Each reader looks at each field in each state; what once was visible stays so."""
    first: dict[tuple[str, str], str] = {}
    number = int(town.case_of("budi").id)
    readers = {name: town.context(name) for name in READERS if name != "auditor"}
    readers["auditor"] = Context(town.city, Actor.of("Auditor", roles=["auditor"]))
    monitoring.note(town.context("kabid"), number, "umpan_balik", "Antrean Kamis sudah berkurang")
    for who, task, answers in town.way:
        if task in STATES:
            for name, reader in readers.items():
                for field, look in FIELDS.items():
                    seen = refusable(lambda look=look, reader=reader: look(reader, number))
                    if seen:
                        first.setdefault((field, name), WORDS[task])
                    assert seen or (field, name) not in first, (field, name, task)
        given = dict(answers) | ({"skor_mutu_kebenaran_bukti": PDF} if task == "nilai_mutu" else {})
        [ready] = [view for view in town.desk(who if who != "self" else "budi", "budi") if view.task == task]
        tasks.complete(readers.get(who, town.context(who if who != "self" else "budi")), ready.id, given)
    found = [[field, *(first.get((field, name), "–") for name in READERS)] for field in FIELDS]
    assert rows_of(PAGE.read_text("utf-8"), "A case: who sees what, from when") == found, "\n".join(
        f"| {' | '.join(row)} |" for row in found
    )


def refusable(look: Callable[[], bool]) -> bool:
    try:
        return look()
    except ForbiddenError:
        return False
