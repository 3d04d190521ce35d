"""Vacant seats, and who might fill them: what the rules say of each, for and against, with the law. A list, no appointment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ...core.errors import InputError, NotFoundError
from ...core.findings import Citation, Finding
from ...policy.model import Table
from ...store import models as db
from ..context import Context, allowed, require
from ..staff.appraisers import chain_of
from .candidates import Known, Rated, pool
from .orgmap import PostOnMap, flat, position_map

FOR, AGAINST, UNKNOWN = "mendukung", "menghalangi", "belum"
ANSWERS = {True: "ya", False: "tidak", None: "belum_tercatat"}
# question of `calon_jabatan` → (decision that answers it, its output)
CONDITIONS: Mapping[str, tuple[str, str]] = {
    "jenjang_memenuhi": ("jenjang_calon", "jenjang_sesuai"),
    "kinerja_memenuhi": ("gerbang_kenaikan", "memenuhi"),
    "kompetensi_memenuhi": ("syarat_kompetensi", "kompetensi_terpenuhi"),
    "dalam_talenta": ("kotak_talenta", "kelompok_talenta"),
}
FIRST = "jenjang_memenuhi"
STANDING, BOX = "kelayakan", "kotak"


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post with vacant seats. since: the day after the last definitive holder left, None = never held; acting: who acts in it."""

    position: int
    code: str
    title: str
    unit: str
    unit_code: str
    job_class: int
    level: str | None
    competency: tuple[tuple[str, int], ...]
    seats: int
    since: date | None
    acting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason. side: mendukung, menghalangi, belum (no record says). text: (id, en). note: the note of the rule's row."""

    side: str
    text: tuple[str, str]
    citations: tuple[Citation, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """standing: as the rule `calon_jabatan` says. notes: ties and duties to mind (id, en). box: of the nine, None = not known."""

    nip: str
    name: str
    title: str
    unit: str
    job_class: int
    standing: str
    box: int | None
    ratings: tuple[Rated, ...]
    grounds: tuple[Ground, ...]
    notes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CandidateList:
    """candidates: those not ruled out, the best standing first; ruled_out: reason → how many; standings: in the rule's own
    order, of which the last rules out."""

    vacancy: Vacancy
    day: date
    release: str
    candidates: tuple[Candidate, ...]
    ruled_out: tuple[tuple[tuple[str, str], int], ...]
    standings: tuple[str, ...]


def vacancies(context: Context, unit: str = "") -> tuple[Vacancy, ...]:
    """Posts with vacant seats today, in the order of the tree; only in units in which the actor may see candidates."""
    require(context, "vacancy.read")
    found = []
    tree = context.city.units.nodes
    for one in flat(position_map(context, unit)):
        if any(post.vacant for post in one.posts) and allowed(context, "vacancy.read", unit=tree[one.id]):
            found += [_vacancy(post, one.name, one.code) for post in one.posts if post.vacant]
    return tuple(found)


def candidates(context: Context, position: int) -> CandidateList:
    """Candidates for the vacant seats of a post, each judged by the rules in force. Raises NotFoundError(`tidak_lowong`)."""
    row: Any = db.Position.get_or_none(db.Position.id == position)
    if row is None:
        raise NotFoundError("jabatan_tidak_ada", "jabatan ini tidak ada", "there is no such post")
    require(context, "vacancy.read", unit=row.unit)
    [own, *_] = position_map(context, row.unit.code)
    vacancy = next((_vacancy(post, own.name, own.code) for post in own.posts if post.id == position and post.vacant), None)
    if vacancy is None:
        raise NotFoundError("tidak_lowong", f"{row.title} tidak lowong", f"{row.title} is not vacant")
    return _Judge(context, vacancy, row).judged()


def _vacancy(post: PostOnMap, unit: str, code: str) -> Vacancy:
    seat = db.Assignment
    last: Any = seat.select().where(seat.position == post.id, seat.kind == "definitif", seat.last.is_null(False))
    ended = max((row.last for row in last), default=None)
    acting = tuple(f"{one.acting.capitalize()}. {one.name}" for one in post.holders if one.acting)
    return Vacancy(
        post.id, post.code, post.title, unit, code, post.job_class, post.level, post.competency, post.vacant, ended, acting
    )


def _reason(ground: Ground) -> tuple[str, str]:
    """A reason without the person's own figures, so that equal ones are counted together."""
    return (ground.note, ground.note) if ground.note else ground.text


class _Judge:
    """Judges everyone for one vacancy. Equal facts are decided once: a city has thousands of people and few differences."""

    def __init__(self, context: Context, vacancy: Vacancy, row: Any) -> None:
        self.context, self.vacancy, self.row = context, vacancy, row
        self.day = context.city.today()
        self.release = context.city.release().fingerprint
        self.policy = context.city.policy(self.release)
        self.decided: dict[tuple[Any, ...], Finding | InputError] = {}
        missing = [
            name for name in (*(name for name, _ in CONDITIONS.values()), "calon_jabatan") if name not in self.policy.decisions
        ]
        if missing:
            raise InputError(
                "aturan_belum_ada",
                f"aturan yang berlaku belum memuat {', '.join(missing)}",
                f"the rules in force do not hold {', '.join(missing)}",
                remedy_id="terbitkan aturan yang memuatnya",
                remedy_en="publish rules that do",
            )

    def judged(self) -> CandidateList:
        output = next(one for one in self.policy.decision("calon_jabatan", self.day)[0].outputs if one.name == STANDING)
        order = tuple(str(value) for value in output.type.values)
        worst = order[-1]
        found, out = [], Counter[tuple[str, str]]()
        for known in pool(self.day):
            if known.position == self.vacancy.position:
                continue
            one = self._candidate(known)
            if one.standing == worst:
                against = next((ground for ground in one.grounds if ground.side == AGAINST), None)
                out[_reason(against) if against else (worst, worst)] += 1
            else:
                found.append(one)
        found.sort(key=lambda one: (order.index(one.standing), -(one.box or 0), one.name))
        return CandidateList(self.vacancy, self.day, self.release, tuple(found), tuple(out.most_common()), order)

    def _candidate(self, known: Known) -> Candidate:
        facts = known.facts(self.vacancy.job_class, self.vacancy.competency)
        answers: dict[str, str] = {}
        grounds: list[Ground] = []
        box: int | None = None
        for question, (decision, output) in CONDITIONS.items():
            finding = self._decide(decision, facts)
            value = None if isinstance(finding, InputError) else bool(finding.outcome.outputs[output])
            answers[question] = ANSWERS[value]
            grounds.append(self._ground(finding, decision, output, value))
            if not isinstance(finding, InputError) and BOX in finding.outcome.outputs:
                box = int(finding.outcome.outputs[BOX])
        standing = self._decide("calon_jabatan", answers)
        if isinstance(standing, InputError):
            raise standing
        node = self.context.city.units.nodes[known.unit]
        told = str(standing.outcome.outputs[STANDING])
        return Candidate(
            known.nip, known.name, known.title, node.name, known.job_class, told, box, known.ratings, tuple(grounds),
            self._notes(known) if answers[FIRST] != ANSWERS[False] else (),
        )  # fmt: skip

    def _decide(self, decision: str, facts: Mapping[str, Any]) -> Finding | InputError:
        inputs = self.policy.decision(decision, self.day)[0].inputs
        given = {one.name: facts[one.name] for one in inputs if one.name in facts}
        key = (decision, *sorted(given.items()))
        if key not in self.decided:
            try:
                self.decided[key] = self.context.city.decide(self.release, decision, given, self.day)
            except InputError as error:
                self.decided[key] = error
        return self.decided[key]

    def _ground(self, finding: Finding | InputError, decision: str, output: str, value: bool | None) -> Ground:
        if isinstance(finding, InputError):
            cited = self.policy.decision(decision, self.day)[0].authority
            return Ground(UNKNOWN, (finding.text_id, finding.text_en), tuple(cited))
        entry = next(one for one in finding.trace if one.output == output)
        return Ground(FOR if value else AGAINST, (entry.brief_id, entry.brief_en), entry.citations, self._note(decision, entry.ref))

    def _note(self, decision: str, row: str) -> str:
        logic = self.policy.decision(decision, self.day)[0].logic
        return next((one.note for one in logic.rows if one.id == row), "") if isinstance(logic, Table) else ""

    def _notes(self, known: Known) -> tuple[tuple[str, str], ...]:
        """Duties to mind: one's own selection, ties with who selects, ties with who would appraise."""
        organisation = self.context.city.organisation(self.day)
        reader: Any = db.Person.get_or_none(db.Person.nip == self.context.actor.nip) if self.context.actor.nip else None
        notes = []
        if reader is not None and reader.id == known.person:
            notes.append(
                ("Anda sendiri calon: orang lain yang mengusulkan dan memutuskan", "you are a candidate: others propose and decide")
            )
        elif reader is not None and (reader.id, known.person) in organisation.ties:
            notes.append(("Anda menyatakan benturan kepentingan dengannya", "you have declared a tie with them"))
        chain = chain_of(organisation, known.person, self.row.unit_id, self.day)
        tied = [reason for reason in (chain.note.split("; ") if chain.note else []) if "benturan" in reason]
        if tied and chain.appraiser is not None:
            name = chain.appraiser.seat.name
            notes.append(
                (
                    f"{'; '.join(tied)}; di jabatan ini ia dinilai {name}",
                    f"a declared tie; in this post they would be appraised by {name}",
                )
            )
        return tuple(notes)
