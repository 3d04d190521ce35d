"""Papers for a disciplinary examination: begun where the rules name a band for absences, issued by HR. Never a sanction.

The steps are those of `workflows/berkas-disiplin`. The facts are counted anew whenever they are asked for, so that a reason that
came to light in between is not held against anybody.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ...core.errors import ConflictError, NotFoundError
from ...letters import AbsentDay, Band, Basis, BerkasPemeriksaan
from ...process.calendar import WEEKDAYS
from ...store import models as db
from ...store.queries import objects
from ..acts import Done, perform
from ..context import Context, allowed, require
from ..evaluation.chaining import Answer, ask
from ..papers.contents import authority_of, letterhead, person_of, provenance
from ..papers.letterbook import frame, issuing_unit, signatory_of, written
from ..reading import load_case
from ..staff.duties import require_untied
from ..starting import Subject, start_case
from ..views import Receipt

PROCESS, LETTER, DECISION = "berkas-disiplin", "berkas_pemeriksaan", "hukuman_disiplin"
PREPARE = "siapkan_berkas"
BAND, NONE = f"{DECISION}.hukuman", "tidak_ada"
LOOK_BACK = timedelta(days=750)
"""More than the longest row of days that the rules look at."""


@dataclass(frozen=True, slots=True)
class Absences:
    """What attendance says of a person on a day. days: rows without a valid reason in that day's year; longest: of the longest row
    of working days without one, beginning `since`, also across a year's end."""

    year: int
    days: tuple[Any, ...]
    longest: int
    since: date | None

    @property
    def total(self) -> int:
        return len(self.days)


def absences(person: int, on: date) -> Absences:
    found = db.Attendance.select().where(db.Attendance.person == person, db.Attendance.day.between(on - LOOK_BACK, on))
    longest, since = 0, None
    run: list[date] = []
    days = []
    for row in objects(found.order_by(db.Attendance.day)):
        counted = row.absent and not row.excused
        run = [*run, row.day] if counted else []
        if len(run) > longest:
            longest, since = len(run), run[0]
        if counted and row.day.year == on.year:
            days.append(row)
    return Absences(on.year, tuple(days), longest, since)


def begin(context: Context, case_id: int, key: str | None = None) -> Receipt:
    """Begin the papers about an appraisal case's employee by hand: values {case, new}.

    Raises ConflictError(`tingkat_belum_tercapai`) with what was counted, where the rules name no band.
    """

    def work() -> Done:
        case = load_case(case_id)
        require(context, "discipline.prepare", case)
        require_untied(context, case)
        counted = absences(case.person_id, context.city.today())
        if not _reached(context, counted):
            raise _too_few(counted)
        known = _open(case, counted.year)
        started = known or _start(context, case, counted.year)
        name = case.person.name
        return Done(
            f"case:{case.id}",
            f"Berkas pemeriksaan {name}: " + ("sudah ada" if known else "dimulai"),
            f"Examination papers of {name}: " + ("there already" if known else "begun"),
            payload={"papers": started.id, "days": counted.total, "longest": counted.longest, "new": known is None},
            values={"case": started.id, "new": known is None},
        )

    return perform(context, "discipline.begin", work, key)


def start_papers(context: Context, case: Any) -> int:
    """Start the papers about a case's employee, unless some are under way for the year; the id of their case. For acts of
    services."""
    year = context.city.today().year
    return int((_open(case, year) or _start(context, case, year)).id)


def start_if_reached(context: Context, case: Any) -> int | None:
    """The same once a result is followed up, where the rules name a band and nobody has looked at it; the case begun."""
    counted = absences(case.person_id, context.city.today())
    if not _reached(context, counted) or _begun(case, counted.year):
        return None
    try:
        return start_papers(context, case)
    except NotFoundError:  # a city without that process still decides
        return None


def offered(context: Context, case: Any) -> Absences | None:
    """What HR sees on a case page beside the button that begins the papers; None where there is nothing to offer."""
    if case.cycle_id is None or not allowed(context, "discipline.prepare", case):
        return None
    counted = absences(case.person_id, context.city.today())
    return counted if _reached(context, counted) and not _begun(case, counted.year) else None


def issue_papers(context: Context, case: Any) -> dict[str, Any]:
    """The `issue_letter` operation for `berkas_pemeriksaan`: the proposal HR has decided on, with the facts as they are now."""
    counted, today = absences(case.person_id, context.city.today()), context.city.today()
    release = context.city.release()
    answer = _band(context, counted)
    if answer.outputs[BAND] == NONE:
        raise _too_few(counted)
    organisation = context.city.organisation(today)
    unit = issuing_unit(context, organisation, case)
    entry = next(entry for step in answer.steps for entry in step["trace"] if entry["output"] == "hukuman")
    issue = frame(context, organisation, unit, LETTER, release, [(release, entry["citations"])])
    asked = _answers(case)
    basis = tuple(Basis(one["instrument"], one["part"], one["status"]) for one in entry["citations"])
    content = BerkasPemeriksaan(
        letterhead=letterhead(context, unit), number=issue.number, place=context.city.settings.place, day=issue.day,
        signatory=signatory_of(issue), employee=person_of(case.person, case.position.title, case.unit.name),
        superior=authority_of(case.appraiser, today) if case.appraiser_id else None, year=counted.year,
        days=tuple(AbsentDay(row.day, WEEKDAYS[row.day.weekday()].capitalize(), _evidence(row)) for row in counted.days),
        total=counted.total, longest=counted.longest, since=counted.since or today,
        band=Band(
            str(answer.outputs[BAND]).replace("_", " "), f"{entry['ref']}, {entry['file']}:{entry['line']}",
            f"{basis[0].instrument} {basis[0].part}".strip() if basis else "",
        ),
        legal_basis=basis, considerations=asked["alasan_berkas"], examiner=asked["pemeriksa"],
        day_of_examination=date.fromisoformat(str(asked["hari_pemeriksaan"])), place_of_examination=asked["tempat_pemeriksaan"],
        provenance=provenance(issue), copies=("Kepala BKPSDM", "Pegawai yang bersangkutan"), sample=issue.sample,
        sample_reason=issue.sample_reason,
    ).content()  # fmt: skip
    letter = written(context, issue, case, content, f"Usulan pemeriksaan {case.person.name}")
    db.LetterCase.create(letter=letter, case=case.id, evaluation=None, ordinal=1)
    return {"nomor_surat": letter.number}


def _reached(context: Context, counted: Absences) -> bool:
    known = DECISION in context.city.policy(context.city.release().fingerprint).decisions
    return known and bool(counted.longest) and _band(context, counted).outputs[BAND] != NONE


def _band(context: Context, counted: Absences) -> Answer:
    facts = {"kepegawaian.hari_tanpa_alasan": counted.total, "kepegawaian.hari_berturut": counted.longest}
    return ask(context.city, context.city.release().fingerprint, DECISION, facts, context.city.today())


def _start(context: Context, case: Any, year: int) -> Any:
    subject = f"{_prefix(case, year)}{len(_begun(case, year)) + 1}"
    return start_case(
        context, PROCESS,
        Subject(
            subject, f"Berkas pemeriksaan {case.person.name} {year}", date(year, 1, 1), date(year, 12, 31), unit=case.unit_id,
            person=case.person_id, position=case.position_id, appraiser=case.appraiser_id, superior=case.superior_id,
            chain_note=case.chain_note, parent=case.id,
        ),
    )  # fmt: skip


def _prefix(case: Any, year: int) -> str:
    return f"{PROCESS}:{case.person_id}:{year}:"


def _begun(case: Any, year: int) -> list[Any]:
    """The papers about a person in a year, open or closed."""
    return list(objects(db.Case.select().where(db.Case.subject.startswith(_prefix(case, year))).order_by(db.Case.id)))


def _open(case: Any, year: int) -> Any:
    return next((one for one in _begun(case, year) if one.state == "open"), None)


def _answers(case: Any) -> Mapping[str, Any]:
    done = db.Task.select().where(db.Task.case == case.id, db.Task.task == PREPARE, db.Task.state == "done")
    return dict(next(iter(objects(done.order_by(db.Task.id.desc()).limit(1)))).answers)


def _evidence(row: Any) -> str:
    """The file a day came from, with its hash and the day of its import; the city's record where it came otherwise."""
    change: Any = (
        db.ImportChange.select(db.ImportChange, db.Import)
        .join(db.Import)
        .where(db.ImportChange.entity == "attendance", db.ImportChange.row == row.id, db.Import.undone_at.is_null())
        .order_by(db.ImportChange.id.desc())
        .first()
    )
    if change is None:
        return "catatan presensi kota"
    source = change.source
    return f"{source.file}, sha256 {source.sha256[:12]}, dimasukkan {source.imported_at:%d-%m-%Y}"


def _too_few(counted: Absences) -> ConflictError:
    return ConflictError(
        "tingkat_belum_tercapai",
        f"{counted.total} hari tanpa alasan sah dalam {counted.year}, {counted.longest} berturut-turut: belum ada tingkatnya",
        f"{counted.total} days without a valid reason in {counted.year} (longest row {counted.longest}) reach no band",
        remedy_id="periksa presensinya; bila alasannya sah, tutup berkas tanpa usulan",
        remedy_en="check the attendance; where the reason is valid, close the file without a proposal",
        days=counted.total, longest=counted.longest,
    )  # fmt: skip
