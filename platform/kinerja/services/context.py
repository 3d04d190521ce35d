"""Who acts, in which city, and whether they may: the table of permissions, checked by every service for every caller."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from ..core.errors import ForbiddenError

if TYPE_CHECKING:
    from .city import City


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, or a part of the system. nip "" for accounts that are no civil servant. roles: role → unit codes it holds in,
    empty = the whole city. Everyone with a NIP acts as `pegawai` in their own cases without being given the role."""

    name: str
    nip: str = ""
    roles: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, name: str, nip: str = "", roles: Iterable[str] = (), units: Iterable[str] = ()) -> Actor:
        """An actor whose roles all hold in the same units (none named: the whole city)."""
        scope = frozenset(units)
        return cls(name, nip, dict.fromkeys(roles, scope))

    @property
    def id(self) -> str:
        """How the ledger names them."""
        return self.nip or self.name


SYSTEM = Actor("sistem", roles={"administrator": frozenset()})
"""The installation itself: first set-up, timers. Never a way for people."""


@dataclass(frozen=True, slots=True)
class Context:
    city: City
    actor: Actor


@dataclass(frozen=True, slots=True)
class Permit:
    """One line of the table: `role` (or "*": anyone known) may do `act`, where `relation` to the case holds ("" asks none)."""

    act: str
    role: str
    relation: str = ""


def _permits() -> tuple[Permit, ...]:
    lines = {
        "people.edit": ("administrator", "bkpsdm"),
        "people.read": ("administrator", "bkpsdm", "auditor", "*:self"),
        "people.map": ("*",),
        "people.import": ("administrator", "bkpsdm"),
        "vacancy.read": ("administrator", "bkpsdm", "auditor"),
        "conflict.declare": ("administrator", "bkpsdm", "*:self"),
        "accounts.edit": ("administrator",),
        "process.read": ("*",),
        "process.load": ("administrator",),
        "process.migrate": ("administrator",),
        "cycle.open": ("administrator", "bkpsdm"),
        "cycle.close": ("administrator", "bkpsdm"),
        "cycle.advance": ("administrator", "bkpsdm"),
        "cycle.rehearse": ("administrator", "bkpsdm"),
        "case.pause": ("administrator", "bkpsdm"),
        "case.end": ("administrator", "bkpsdm"),
        "jobs.read": ("administrator", "bkpsdm", "auditor"),
        "case.read": ("administrator", "bkpsdm", "tim_evaluasi", "auditor", "*:self", "*:appraiser", "*:superior"),
        "case.start": ("administrator", "bkpsdm"),
        "case.list": ("administrator", "bkpsdm", "tim_evaluasi", "auditor"),
        "measure.import": ("administrator", "bkpsdm"),
        "measure.record": ("administrator", "bkpsdm", "*:self"),
        "case.assume": ("administrator", "bkpsdm"),
        "incident.settle": ("administrator", "bkpsdm"),
        "letter.issue": ("bkpsdm",),
        "letter.read": ("administrator", "bkpsdm", "auditor", "*:self", "*:appraiser", "*:superior"),
        "coaching.read": ("administrator", "bkpsdm", "auditor", "*:self", "*:appraiser", "*:superior"),
        "discipline.prepare": ("bkpsdm",),
        "discipline.read": ("administrator", "bkpsdm", "auditor", "*:self"),
        "pay.open": ("bkpsdm",),
        "pay.read": ("administrator", "bkpsdm", "pejabat_penetap", "auditor"),
        "rules.submit": ("pejabat_kebijakan",),
        "rules.approve": ("pejabat_penetap",),
        "rules.read": ("*",),
        "rules.effects": ("administrator", "bkpsdm", "pejabat_kebijakan", "pejabat_penetap", "auditor"),
        "simulation.run": ("administrator", "bkpsdm", "pejabat_kebijakan", "pejabat_penetap"),
        "simulation.read": ("administrator", "bkpsdm", "pejabat_kebijakan", "pejabat_penetap", "auditor"),
        "simulation.people": ("administrator", "bkpsdm", "pejabat_penetap", "auditor"),
        "overview.read": ("administrator", "bkpsdm", "tim_evaluasi", "pejabat_kebijakan", "pejabat_penetap", "auditor"),
        "plan.serve": ("*:self", "*:appraiser"),
        "plan.amend": ("*:self", "*:appraiser"),
        "case.note": ("*:self", "*:appraiser", "*:superior"),
        "measure.dispute": ("*:self", "*:appraiser"),
        "measure.decide": ("bkpsdm", "*:superior"),
        "training.read": ("*",),
        "training.edit": ("administrator", "bkpsdm"),
        "training.adoption": ("administrator", "bkpsdm", "tim_evaluasi", "pejabat_kebijakan", "auditor"),
        "peers.ask": ("administrator", "bkpsdm", "tim_evaluasi"),
        "peers.read": ("administrator", "bkpsdm", "tim_evaluasi", "auditor", "*:self", "*:appraiser", "*:superior"),
        "fairness.read": ("administrator", "bkpsdm", "tim_evaluasi", "auditor"),
        "achievement.record": ("administrator", "bkpsdm"),
        "calibration.override": ("tim_evaluasi",),
        "ledger.verify": ("administrator", "auditor"),
    }
    return tuple(Permit(act, *(role.split(":") if ":" in role else (role, ""))) for act, roles in lines.items() for role in roles)


PERMITS: tuple[Permit, ...] = _permits()


@dataclass(frozen=True, slots=True)
class Own:
    """A person's own record where there is no case: stands in for one, so that `*:self` lines of the table apply to it.

    unit: where they serve; roles held in units count only there.
    """

    person: Any
    unit: Any
    appraiser: Any = None
    superior: Any = None


class Whole(Enum):
    """What an act changes when it changes no one unit's: asked for as the `unit` of a permission."""

    CITY = "kota"


WHOLE_CITY = Whole.CITY


def relations(actor: Actor, case: Any) -> frozenset[str]:
    """How the actor stands to a case: self, appraiser, superior."""
    if not actor.nip:
        return frozenset()
    pairs = (("self", case.person), ("appraiser", case.appraiser), ("superior", case.superior))
    return frozenset(name for name, person in pairs if person is not None and person.nip == actor.nip)


def allowed(context: Context, act: str, case: Any = None, unit: Any = None) -> bool:
    """Whether the actor may do the act; on a case or unit, a role counts only where its units contain it.

    unit WHOLE_CITY, or a case of no unit: only a role held in the whole city counts. Neither: a role held anywhere, which opens a
    page that then shows what is in reach. On one's own case or record no role counts: only what everybody may on theirs.
    """
    actor = context.actor
    standing = relations(actor, case) if case is not None else frozenset()
    place = (case.unit or WHOLE_CITY) if case is not None else unit
    for permit in PERMITS:
        if permit.act != act:
            continue
        if permit.relation:
            if permit.relation in standing:
                return True
        elif permit.role == "*" or ("self" not in standing and in_scope(context, permit.role, place)):
            return True
    return False


def in_scope(context: Context, role: str, unit: Any) -> bool:
    """Whether the actor holds the role for this unit (WHOLE_CITY: for all units); unit None asks for the role anywhere."""
    if role not in context.actor.roles:
        return False
    scope = context.actor.roles[role]
    if unit is WHOLE_CITY:
        tops = [node.code for node in context.city.units.nodes.values() if node.parent is None]
        return not scope or (bool(tops) and scope.issuperset(tops))
    return not scope or unit is None or not scope.isdisjoint(context.city.units.codes_above(unit.id))


def reach(context: Context, act: str) -> frozenset[str] | None:
    """Codes of the units in which, with all below them, the actor's roles let them do the act; None: in the whole city."""
    if allowed(context, act, unit=WHOLE_CITY):
        return None
    roles = (permit.role for permit in PERMITS if permit.act == act and not permit.relation)
    return frozenset().union(*(context.actor.roles.get(role, frozenset()) for role in roles))


def require_units(context: Context, act: str, units: Iterable[Any]) -> None:
    """Raise as `require` unless the actor may do the act in each of these units; where there is none, in the whole city."""
    for unit in list(units) or [WHOLE_CITY]:
        require(context, act, unit=unit)


def require(context: Context, act: str, case: Any = None, unit: Any = None) -> None:
    """Raise ForbiddenError(`tidak_berwenang`) naming the roles that may."""
    if allowed(context, act, case, unit):
        return
    roles = sorted({permit.role if permit.role != "*" else permit.relation or "pegawai" for permit in PERMITS if permit.act == act})
    raise ForbiddenError(
        "tidak_berwenang",
        f"{context.actor.name} tidak berwenang untuk “{act}” di sini",
        f'{context.actor.name} may not "{act}" here',
        remedy_id="yang berwenang: " + ", ".join(roles),
        remedy_en="who may: " + ", ".join(roles),
        act=act,
    )
