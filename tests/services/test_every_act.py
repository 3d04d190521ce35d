"""Every act that changes something, as a table: done with every role, with its role in a foreign unit, twice with one key.

An act that `acts.perform` knows and this table does not fails the first test, without being run.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import kinerja.services
from kinerja.core.clock import JAKARTA
from kinerja.core.errors import KinerjaError
from kinerja.core.periods import Period
from kinerja.ingest import load_map, read_events
from kinerja.services import permissions, starting
from kinerja.services.bpmn import migrating, processes
from kinerja.services.casework import amending, cascade, cases, discipline, monitoring, peers, reacting, tasks
from kinerja.services.casework.amendment import Amendment, Edit
from kinerja.services.context import PERMITS, WHOLE_CITY, Actor, Context, allowed
from kinerja.services.cycles import advance, closing, cycle, joblist, pausing, realign, reminders, timers, undated
from kinerja.services.cycles.rehearsal import asked, conduct
from kinerja.services.evaluation import calibration, measure
from kinerja.services.openness import questions, training
from kinerja.services.papers import issue
from kinerja.services.pay import payroll
from kinerja.services.reading import load_case
from kinerja.services.rulebook import publish, selfaudit, simulation
from kinerja.services.staff import accounts, people
from kinerja.services.staff.amend import AMENDABLE, amend
from kinerja.services.staff.people import AssignmentEntry, PersonEntry, UnitEntry
from kinerja.services.stafftables import imports, undo
from kinerja.settings import shipped
from kinerja.store import models as db

OPERATOR, FIELD = "operator_layanan_adminduk", "dukcapil.1"
NEW = "200001012024011009"
WHY = "Alasan yang cukup panjang untuk dicatat"
DAY, NEXT = date(2026, 7, 31), date(2026, 8, 1)
ABSENT = (date(2026, 7, 6), date(2026, 7, 7), date(2026, 7, 8))
UNITS = b"kode,nama,induk\ndukcapil.9,Bidang Impor,dukcapil\n"
SPAN = Period(date(2026, 7, 1), date(2026, 12, 31))

Do = Callable[[Context, Any, str], Any]


def nothing(town: Any) -> None:
    """Nothing has to have happened but the plan of Budi being agreed."""


@dataclass(frozen=True)
class Act:
    """permit: the line of the table. place: "case" (Budi's), "city", "nip" (anybody on record) or the code of a unit.
    by: who does it.

    blank: codes by which those are turned away to whom nothing is in reach, besides `tidak_berwenang`. heavy: done by one only.
    """

    permit: str
    place: str
    do: Do
    before: Callable[[Any], Any] = nothing
    by: str = "hr"
    blank: tuple[str, ...] = ()
    heavy: bool = False

    def where(self, town: Any) -> tuple[Any, Any]:
        """Case and unit as `context.allowed` asks for them."""
        if self.place == "case":
            return load_case(town.number), None
        return None, WHOLE_CITY if self.place == "city" else db.Unit.get(db.Unit.code == self.place)


def who(town: Any, name: str) -> Context:
    """By short name; a role alone: somebody who holds it in the whole city and is no employee."""
    if name in town.nips:
        return town.context(name)
    return town.system if name == "system" else Context(town.city, Actor.of(f"Pejabat {name}", roles=[name]))


def loaded(*names: str) -> Callable[[Any], Any]:
    return lambda town: [processes.load(town.system, shipped("workflows") / name) for name in names]


def also(*steps: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def all_of(town: Any) -> None:
        for step in steps:
            step(town)

    return all_of


# ── what has to have happened ─────────────────────────────────────────────────────────────────────────────────────────
def newcomer(town: Any) -> None:
    people.establish(town.system, people=[PersonEntry(NEW, "Dodi")])


def transferred(town: Any) -> None:
    people.transfer(town.system, town.nips["citra"], "analis_kebijakan", "bkpsdm", NEXT)


def colleagues(town: Any) -> None:
    nips = [f"19950101202001{number:04d}" for number in range(5)]
    seats = [AssignmentEntry(nip, OPERATOR, FIELD, date(2021, 1, 1)) for nip in nips]
    people.establish(town.system, people=[PersonEntry(nip, f"Rekan {nip[-1]}") for nip in nips], assignments=seats)
    loaded("survei-perilaku")(town)


def absent(town: Any) -> None:
    entries = [measure.AttendanceEntry(town.nips["budi"], day, None, absent=True) for day in ABSENT]
    measure.import_attendance(town.system, entries, "presensi Juli")


def excused(town: Any, *, again: bool = False) -> None:
    """A day that had counted turns out to have a reason; again: and then to have none."""
    reacting.look(town.system, town.case_of("budi").id)
    for why in (True, False) if again else (True,):
        entry = measure.AttendanceEntry(town.nips["budi"], ABSENT[0], None, absent=True, excused=why)
        measure.import_attendance(town.system, [entry], f"susulan {why}")
        if why and again:
            reacting.look(town.system, town.case_of("budi").id)


def newer(town: Any) -> None:
    text = town.city.process_version("penilaian-kinerja").files["penilaian-kinerja/process.bpmn"]
    changed = {"penilaian-kinerja/process.bpmn": text.replace('name="Setujui rencana kinerja"', 'name="Sepakati rencana"')}
    processes.change(town.system, "penilaian-kinerja", changed)


def moved(town: Any) -> None:
    newer(town)
    migrating.migrate(town.system, "penilaian-kinerja")


def second_cycle(town: Any) -> None:
    cycle.open_cycle(town.system, "2026-S2", "Semester II", SPAN, "semester")


def all_closed(town: Any) -> None:
    db.Case.update(state="closed").execute()


def late(town: Any) -> None:
    """The result is out and nobody has read it: silence ends the case."""
    to_be_issued(town)
    town.do("hr", "terbitkan", "budi", konfirmasi_terbit=True)
    town.clock.set(town.case_of("budi").next_timer + timedelta(minutes=1))


def before_deadline(town: Any) -> None:
    due = min(task.remind_at for task in db.Task.select().where(db.Task.remind_at.is_null(False)))
    town.clock.set(due + timedelta(minutes=1))


def undue(town: Any, year: int = 2026) -> None:
    """Tasks that wait without a deadline, since a year of which the city knows a calendar, or does not."""
    db.Task.update(due=None, remind_at=None, ready_at=datetime(year, 7, 1, tzinfo=JAKARTA)).where(
        db.Task.state == "ready"
    ).execute()


def disputed(town: Any) -> None:
    monitoring.dispute(town.context("budi"), town.number, "ADM-1", WHY)


def rated(town: Any) -> None:
    db.Case.update(rating="Sangat Baik").execute()
    calibration.record_achievement(town.system, town.cycle, "dukcapil", "Kurang", "LKjIP 2025")


def stopped(town: Any) -> None:
    db.Incident.create(
        case=town.number, code="uji", text_id="uji", text_en="test", particulars={}, occurred_at=town.city.clock.now()
    )


def event(town: Any) -> None:
    training.create(town.system, "sosialisasi", "Apel", datetime(2026, 7, 20, 7, tzinfo=JAKARTA), "Aula", units=["dukcapil"])


def asked_something(town: Any) -> None:
    questions.ask(town.context("budi"), "Kapan penilaian dimulai?")


def submitted(town: Any) -> None:
    row = db.Release.get()
    db.Release.create(
        fingerprint="f" * 64, title="Rancangan", files=row.files, author="Penyusun lain", submitted_at=town.city.clock.now()
    )


def imported(town: Any) -> None:
    imports.take_in(town.system, "unit", UNITS, "unit.csv")


def to_be_issued(town: Any) -> None:
    for doer, task, answers in town.way[2:6]:
        town.do(doer if doer != "self" else "budi", task, "budi", **answers)


def in_its_time(town: Any) -> None:
    """A morning in May, when a plan may still be amended and nothing is measured yet."""
    town.clock.set(datetime(2026, 5, 1, 8, tzinfo=JAKARTA))
    db.Measurement.delete().execute()


def amendment_waits(town: Any) -> None:
    in_its_time(town)
    amending.propose(town.context("budi"), town.number, CHANGE)


def rehearsal_waits(town: Any) -> None:
    asked.begin(town.system, "Gladi", SPAN, 2, 1)


CHANGE = Amendment(WHY, date(2026, 5, 1), {"ADM-4": Edit(target=Fraction(150))})


def new_log(town: Any) -> Any:
    """A log of one request that the city does not know yet, with its map."""
    folder = town.city.folder.parent
    csv, event_map = town.records(folder)
    heading = csv.read_text("utf-8").splitlines()[0]
    times = "2026-03-05T08:00:00,2026-03-05T09:00:00,2026-03-05T12:00:00"
    csv.write_text(f"{heading}\nbaru-1,{town.nips['budi']},ktp_el,{times}\n", "utf-8")
    found = load_map(event_map)
    return read_events(csv, found), found


def newest(model: Any) -> Any:
    return model.select().order_by(model.id.desc()).get()


def amended(what: str, model: Any, name: str, value: Any, pick: Any) -> Do:
    def do(context: Context, town: Any, key: str) -> Any:
        row = model.get(pick())
        return amend(context, what, row.id, 1, {name: value}, key)

    return do


# ── the acts ──────────────────────────────────────────────────────────────────────────────────────────────────────────
ACTS: Mapping[str, Act] = {
    "people.establish": Act(
        "people.edit", FIELD, lambda c, t, k: people.establish(c, [UnitEntry("baru", "Baru", parent=FIELD)], key=k)
    ),
    "people.assign": Act(
        "people.edit", FIELD, lambda c, t, k: people.assign(c, AssignmentEntry(NEW, OPERATOR, FIELD, NEXT), k), newcomer
    ),
    "people.end_assignment": Act(
        "people.edit", FIELD, lambda c, t, k: people.end_assignment(c, t.nips["citra"], OPERATOR, FIELD, DAY, k)
    ),
    "people.transfer": Act(
        "people.edit", FIELD, lambda c, t, k: people.transfer(c, t.nips["citra"], "analis_kebijakan", "bkpsdm", NEXT, key=k)
    ),
    "people.leave": Act("people.edit", FIELD, lambda c, t, k: people.leave(c, t.nips["citra"], DAY, key=k)),
    "people.absence": Act("people.edit", FIELD, lambda c, t, k: people.record_absence(c, t.nips["citra"], SPAN, key=k)),
    "people.end_absence": Act(
        "people.edit", FIELD, lambda c, t, k: people.end_absence(c, t.nips["citra"], SPAN.first, DAY, k),
        lambda t: people.record_absence(t.system, t.nips["citra"], SPAN),
    ),
    "people.conflict": Act(
        "conflict.declare", "case", lambda c, t, k: people.declare_conflict(c, t.nips["budi"], t.nips["citra"], DAY, key=k)
    ),
    "people.end_conflict": Act(
        "people.edit", FIELD, lambda c, t, k: people.end_conflict(c, t.nips["budi"], t.nips["citra"], NEXT, k),
        lambda t: people.declare_conflict(t.system, t.nips["budi"], t.nips["citra"], DAY),
    ),
    "unit.amend": Act("people.edit", FIELD, amended("unit", db.Unit, "name", "Bidang Lain", lambda: db.Unit.code == FIELD)),
    "position.amend": Act(
        "people.edit", FIELD, amended("position", db.Position, "formation", 9, lambda: db.Position.code == OPERATOR)
    ),
    "person.amend": Act("people.edit", FIELD, amended("person", db.Person, "rank", "II/c", lambda: db.Person.name == "Budi")),
    "assignment.amend": Act(
        "people.edit", FIELD,
        amended("assignment", db.Assignment, "last", DAY, lambda: db.Assignment.person == db.Person.get(db.Person.name == "Budi")),
    ),
    "people.import": Act(
        "people.import", "dukcapil", lambda c, t, k: imports.take_in(c, "unit", UNITS, "unit.csv", key=k), blank=("baris_ditolak",)
    ),
    "people.undo": Act("people.import", "city", lambda c, t, k: undo.undo(c, newest(db.Import).id, k), imported),
    "people.align": Act("cycle.open", "bkpsdm", lambda c, t, k: realign.align(c, t.nips["citra"], k), transferred),
    "people.hand_over": Act(
        "cycle.open", FIELD, lambda c, t, k: realign.hand_over(c, t.nips["kabid"], k),
        lambda t: people.leave(t.system, t.nips["kabid"], date(2026, 7, 19)),
    ),
    "account.create": Act(
        "accounts.edit", "city", lambda c, t, k: accounts.create_account(c, "baru", "x", key=k), by="administrator"
    ),
    "account.roles": Act(
        "accounts.edit", "city", lambda c, t, k: accounts.set_roles(c, "hr", [("auditor", "")], k), by="administrator"
    ),
    "process.load": Act(
        "process.load", "city", lambda c, t, k: processes.load(c, shipped("workflows") / "pembinaan", k), by="administrator"
    ),
    "process.migrate": Act(
        "process.migrate", "city", lambda c, t, k: migrating.migrate(c, "penilaian-kinerja", key=k), newer, by="administrator"
    ),
    "process.migrate.undo": Act(
        "process.migrate", "city", lambda c, t, k: migrating.undo(c, newest(db.CaseMove).batch, k), moved, by="administrator"
    ),
    "cycle.open": Act("cycle.open", "city", lambda c, t, k: cycle.open_cycle(c, "2026-S2", "S II", SPAN, "semester", key=k)),
    "cycle.undo": Act("cycle.open", "city", lambda c, t, k: cycle.undo_open(c, "2026-S2", k), second_cycle),
    "cycle.close": Act("cycle.close", "city", lambda c, t, k: cycle.close_cycle(c, t.cycle, k), all_closed),
    "cycle.advance": Act(
        "cycle.advance", FIELD, lambda c, t, k: advance.advance(c, t.cycle, key=k), late, blank=("tidak_ada_yang_dimajukan",)
    ),
    "cycle.rehearse": Act("cycle.rehearse", "city", lambda c, t, k: conduct.rehearse(c, "Gladi", SPAN, 1, 1), heavy=True),
    "cycle.rehearse.ask": Act("cycle.rehearse", "city", lambda c, t, k: asked.begin(c, "Gladi", SPAN, 2, 1, key=k)),
    "cycle.rehearse.again": Act(
        "cycle.rehearse", "city", lambda c, t, k: asked.again(c, newest(db.Job).id, k), rehearsal_waits
    ),
    "case.pause": Act("case.pause", "case", lambda c, t, k: pausing.pause(c, t.number, WHY, k)),
    "case.end": Act("case.end", "case", lambda c, t, k: closing.end_case(c, t.number, WHY, k)),
    "case.resume": Act(
        "case.pause", "case", lambda c, t, k: pausing.resume(c, t.number, k), lambda t: pausing.pause(t.system, t.number, WHY)
    ),
    "case.start": Act(
        "case.start", FIELD,
        lambda c, t, k: starting.start(c, "pembinaan", "pembinaan:uji", "Uji", NEXT, NEXT, nip=t.nips["budi"], key=k),
        loaded("pembinaan"),
    ),
    "case.note": Act(
        "case.note", "case", lambda c, t, k: monitoring.note(c, t.number, "umpan_balik", WHY, key=k), by="kabid"
    ),
    "case.assume": Act("case.assume", "case", lambda c, t, k: cases.assume(c, t.number, [], k)),
    "process.timer": Act("cycle.advance", "case", lambda c, t, k: timers.fire_one(c, t.number), late),
    "task.remind": Act("process.load", "city", lambda c, t, k: reminders.remind(c), before_deadline, by="system"),
    "task.date": Act("process.load", "city", lambda c, t, k: undated.date_tasks(c), undue, by="system"),
    "task.undated": Act("process.load", "city", lambda c, t, k: undated.date_tasks(c), lambda t: undue(t, 2040), by="system"),
    "reaction.round": Act("process.load", "city", lambda c, t, k: reacting.daily(c), by="system"),
    "reaction.fire": Act(
        "process.load", "city", lambda c, t, k: reacting.look(c, t.number), also(loaded("berkas-disiplin"), absent), by="system"
    ),
    "reaction.lapse": Act(
        "process.load", "city", lambda c, t, k: reacting.look(c, t.number), also(loaded("berkas-disiplin"), absent, excused),
        by="system",
    ),
    "reaction.stand": Act(
        "process.load", "city", lambda c, t, k: reacting.look(c, t.number),
        also(loaded("berkas-disiplin"), absent, lambda t: excused(t, again=True)), by="system",
    ),
    "incident.settle": Act("incident.settle", "case", lambda c, t, k: tasks.resume(c, newest(db.Incident).id, k), stopped),
    "measure.import": Act("measure.import", "city", lambda c, t, k: measure.import_events(c, *new_log(t), key=k)),
    "attendance.import": Act(
        "measure.import", "city",
        lambda c, t, k: measure.import_attendance(c, [measure.AttendanceEntry(t.nips["budi"], DAY, 5)], "presensi", k),
    ),
    "measure.cycle": Act("measure.import", "city", lambda c, t, k: measure.measure_cycle(c, t.cycle, k)),
    "measure.record": Act(
        "measure.record", "case", lambda c, t, k: measure.record(c, t.number, "ADM-1", Fraction(90), "BA 1", key=k)
    ),
    "measure.dispute": Act(
        "measure.dispute", "case", lambda c, t, k: monitoring.dispute(c, t.number, "ADM-1", WHY, key=k), by="kabid"
    ),
    "measure.decide": Act(
        "measure.decide", "case", lambda c, t, k: monitoring.decide_dispute(c, newest(db.Dispute).id, True, WHY, k), disputed,
        by="kadis",
    ),
    "plan.serve": Act("plan.serve", "case", lambda c, t, k: cascade.serve(c, t.number, "ADM-1", "-", k), by="budi"),
    "plan.amend": Act("plan.amend", "case", lambda c, t, k: amending.propose(c, t.number, CHANGE, k), in_its_time, by="budi"),
    "plan.answer": Act(
        "plan.amend", "case", lambda c, t, k: amending.answer(c, t.number, False, WHY, k), amendment_waits, by="kabid"
    ),
    "peers.ask": Act("peers.ask", "case", lambda c, t, k: peers.ask(c, t.number, k), colleagues),
    "discipline.begin": Act(
        "discipline.prepare", "case", lambda c, t, k: discipline.begin(c, t.number, k), also(loaded("berkas-disiplin"), absent)
    ),
    "achievement.record": Act(
        "achievement.record", "dukcapil",
        lambda c, t, k: calibration.record_achievement(c, t.cycle, "dukcapil", "Baik", "LKjIP 2025", k),
    ),
    "calibration.override": Act(
        "calibration.override", "dukcapil", lambda c, t, k: calibration.set_aside(c, t.cycle, "dukcapil", WHY, key=k), rated,
        by="tim",
    ),
    "letter.issue": Act(
        "letter.issue", "case", lambda c, t, k: issue.issue_unit(c, t.cycle, "dukcapil", k), to_be_issued,
        blank=("tidak_ada_yang_siap",),
    ),
    "pay.open": Act(
        "pay.open", "dukcapil", lambda c, t, k: payroll.open_run(c, "dukcapil", "2026-06", k), loaded("pembayaran-tpp")
    ),
    "training.create": Act(
        "training.edit", "dukcapil",
        lambda c, t, k: training.create(
            c, "sosialisasi", "Apel", datetime(2026, 8, 3, 8, tzinfo=JAKARTA), "Aula", units=["dukcapil"], key=k
        ),
    ),
    "training.call_off": Act("training.edit", "dukcapil", lambda c, t, k: training.call_off(c, 1, k), event),
    "training.attendance": Act(
        "training.edit", "dukcapil", lambda c, t, k: training.record_attendance(c, 1, [t.nips["budi"]], "daftar", k), event
    ),
    "training.answer": Act(
        "training.edit", "city", lambda c, t, k: questions.answer(c, 1, "Mulai Januari", key=k), asked_something
    ),
    "training.ask": Act("", "nip", lambda c, t, k: questions.ask(c, "Kapan mulai menilai?", key=k), by="citra"),
    "training.acknowledge": Act(
        "", "nip", lambda c, t, k: training.acknowledge(c, f"release:{t.city.release().fingerprint}", k), by="citra"
    ),
    "rules.simulate": Act(
        "simulation.run", "city", lambda c, t, k: simulation.keep(c, t.city.policy(t.city.release().fingerprint), key=k), heavy=True
    ),
    "rules.submit": Act(
        "rules.submit", "city", lambda c, t, k: publish.submit(c, shipped("rules"), key=k), by="pejabat_kebijakan", heavy=True
    ),
    "rules.decide": Act(
        "rules.approve", "city", lambda c, t, k: publish.refuse(c, "f" * 64, WHY, k), submitted, by="pejabat_penetap"
    ),
    "rules.withdraw": Act(
        "rules.approve", "city", lambda c, t, k: publish.withdraw(c, "f" * 64, WHY, k), submitted, by="pejabat_penetap"
    ),
    "audit.recompute": Act("ledger.verify", "city", lambda c, t, k: selfaudit.audit(c, 1, k), by="auditor"),
}  # fmt: skip
BY_DUTY = {"task.complete"}
"""Not by a line of the table but by the lane of the task and the duties: tests/services/test_duties.py."""
INNER = {"cycle.open.batch", "cycle.open.end", "cycle.advance.batch", "cycle.advance.end", "cycle.rehearse.end"}
"""Parts of a job that was begun by an act, in the name of who began it."""


# ── the table is whole ────────────────────────────────────────────────────────────────────────────────────────────────
def performed() -> set[str]:
    """The names under which the services do things, read from their source."""
    found: set[str] = set()
    for path in Path(kinerja.services.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "perform":
                name = node.args[1]
                found |= set(spelled(name))
    return found


def spelled(name: ast.expr) -> Iterator[str]:
    if isinstance(name, ast.Constant):
        yield str(name.value)
        return
    assert isinstance(name, ast.JoinedStr), ast.dump(name)
    text = ast.unparse(name)
    kinds = {"f'{what}.amend'": AMENDABLE, "f'{kind.name}.batch'": joblist.KINDS, "f'{kind.name}.end'": joblist.KINDS}
    yield from (f"{kind}.{text.rstrip(chr(39)).rpartition('.')[2]}" for kind in kinds[text])


def test_every_act_has_its_line() -> None:
    assert performed() == {*ACTS, *BY_DUTY, *INNER}
    assert {act.permit for act in ACTS.values()} - {""} <= {permit.act for permit in PERMITS}


# ── done by everybody ─────────────────────────────────────────────────────────────────────────────────────────────────
def actors(town: Any) -> Iterator[Actor]:
    """Each role alone: in the whole city, in another unit only; the people of the case; a colleague; somebody from outside."""
    for role in permissions.ROLES:
        yield Actor.of(f"Pejabat {role}", roles=[role])
        yield Actor.of(f"Pejabat {role} unit lain", roles=[role], units=["setda.lain"])
    for name in ("budi", "kabid", "kadis", "citra"):
        yield Actor(name, town.nips[name])
    yield Actor("Orang luar")


@pytest.fixture
def ready(town: Any) -> Any:
    people.establish(town.system, [UnitEntry("setda.lain", "Bagian Lain", parent="setda")])
    town.until("budi", "lapor_realisasi")
    town.number = int(town.case_of("budi").id)
    return town


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(ACTS))
def test_an_act_is_refused_to_all_but_its_own_and_done_once(ready: Any, name: str) -> None:
    """Every actor tries; then one who may does it, and again with the same key: one entry in the ledger, nothing changed twice."""
    act = ACTS[name]
    act.before(ready)
    wrong = []
    for actor in actors(ready):
        context = Context(ready.city, actor)
        may = bool(actor.nip) if act.place == "nip" else allowed(context, act.permit, *act.where(ready))
        if may and act.heavy:
            continue
        code = refusal(ready, lambda context=context: act.do(context, ready, "coba"))
        turned_away = code in ("tidak_berwenang", "bukan_pegawai", *act.blank)
        if turned_away is may:
            wrong.append((actor.name, code or "done"))
    assert not wrong

    before, seq = entries(name), newest_entry()
    act.do(who(ready, act.by), ready, "kunci")
    assert entries(name) == before + 1, "one entry in the ledger"
    assert db.LedgerEntry.get(db.LedgerEntry.act == name, db.LedgerEntry.seq > seq).actor == who(ready, act.by).actor.id
    state = snapshot()
    if name not in WITHOUT_KEY:
        act.do(who(ready, act.by), ready, "kunci")
        assert snapshot() == state, "the same key again changes nothing"


WITHOUT_KEY = {"cycle.rehearse"}
"""A rehearsal on a copy may be played as often as one likes; each is kept."""


def entries(name: str) -> int:
    return int(db.LedgerEntry.select().where(db.LedgerEntry.act == name).count())


def newest_entry() -> int:
    return int(db.LedgerEntry.select().order_by(db.LedgerEntry.seq.desc()).get().seq)


def snapshot() -> dict[str, list[Any]]:
    """Every row of every table."""
    return {model._meta.table_name: list(model.select().order_by(model._meta.primary_key).tuples()) for model in db.MODELS}


def refusal(town: Any, call: Callable[[], Any]) -> str:
    """The code of whatever the call was refused with, "" for none; what it did is undone."""

    class Undone(Exception):
        pass

    code = ""
    try:
        with town.city.store.transaction():
            try:
                call()
            except KinerjaError as error:
                code = error.code
            raise Undone
    except Undone:
        pass
    return code
