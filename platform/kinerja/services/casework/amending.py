"""A plan changed after both agreed to it: proposed by one with a reason and a day, agreed to by the other, kept beside the earlier.

The version in force is the last that both agreed to; the evaluation knows that one alone, for all the case's days. Until when, how
often and what of a known result may be changed, the rules say (`bounds`); once the assessment has begun, nothing is changed any
more: what came out is no reason to change what was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...core.errors import ConflictError, ForbiddenError, InputError, NotFoundError
from ...core.periods import Period
from ...process import Text
from ...store import models as db
from ...store.queries import objects
from ..acts import Done, changed, perform
from ..context import Context, relations, require
from ..evaluation.shares import Shares, prorate_of
from ..expectations import versions_of
from ..notices import tell
from ..reading import load_case
from ..reasons import written
from ..views import Receipt
from ..visibility import require_case
from . import bounds
from .amendment import Amendment, planned
from .plans import AGREED, PROPOSED, snapshot

REFUSED, WITHDRAWN = "ditolak", "ditarik"
OPEN_STAGE = "pelaksanaan"
ROLES = {"self": "pegawai", "appraiser": "pejabat_penilai"}
NEWS = Text(
    "Perubahan rencana {nama} ({siklus}) menunggu jawaban Anda.", "A change of the plan of {nama} ({siklus}) waits for your answer."
)
ANSWERED = Text("Perubahan rencana {nama} ({siklus}) sudah dijawab.", "The change of the plan of {nama} ({siklus}) is answered.")


def may_amend(context: Context, case: Any) -> bool:
    """Whether the actor may propose a change now."""
    if not relations(context.actor, case) & ROLES.keys():
        return False
    try:
        _open(case, versions_of(case.id))
    except ConflictError:
        return False
    limits = bounds.bounds_of(context, case)
    return limits is None or (limits.in_time and limits.left > 0)


def limits(context: Context, case_id: int) -> bounds.Bounds | None:
    """How far the plan may still be changed, for those who may read it; None where the
    rules set no bounds, and unless it is agreed and not assessed yet."""
    case = load_case(case_id)
    require_case(context, case)
    try:
        _still_open(case)
    except ConflictError:
        return None
    return bounds.bounds_of(context, case)


def waiting(case_id: int) -> Any:
    """The amendment of a case that waits for its answer, None where there is none."""
    row = db.PlanVersion
    return row.get_or_none(row.case == case_id, row.state == PROPOSED, row.number > 1)


def may_answer(context: Context, case: Any, row: Any) -> bool:
    return row is not None and _role(context, case) not in ("", row.proposed_role)


def propose(context: Context, case_id: int, wanted: Amendment, key: str | None = None) -> Receipt:
    """Propose a change of an agreed plan, as its employee or appraiser; the other side is asked. values: {version}.

    Raises ConflictError (`rencana_belum_disepakati`, `penilaian_sudah_mulai`, `perubahan_menunggu`), what `bounds.within` raises,
    and InputError for what cannot be meant (`tidak_ada_perubahan`, `bobot_bukan_100`, `target_tidak_sah`, `butir_tim_evaluasi`,
    `tanggal_di_luar_periode`, …).
    """

    def work() -> Done:
        case = load_case(case_id)
        require(context, "plan.amend", case)
        versions = versions_of(case_id)
        _open(case, versions)
        written(wanted.reason)
        if not case.first <= wanted.since <= case.last:
            raise InputError(
                "tanggal_di_luar_periode",
                f"{wanted.since} di luar periode {case.first}–{case.last}",
                f"{wanted.since} is outside the period {case.first} to {case.last}",
            )
        after, told = planned(case_id, wanted)
        bounds.within(context, case, snapshot(case_id), told)
        at = context.city.clock.now()
        if not versions:  # agreed before plans were kept in versions
            db.PlanVersion.create(
                case=case_id, number=1, state=AGREED, since=case.first, items=snapshot(case_id), proposed_by="",
                proposed_role="pegawai", proposed_at=case.opened_at,
            )  # fmt: skip
        row = db.PlanVersion.create(
            case=case_id, number=max([1, *(one.number for one in versions)]) + 1, state=PROPOSED, since=wanted.since,
            reason=wanted.reason.strip(), changes=told, items=after, proposed_by=context.actor.id, proposed_name=context.actor.name,
            proposed_role=_role(context, case), proposed_at=at,
        )  # fmt: skip
        _tell_other(context, case, NEWS)
        return Done(
            f"case:{case_id}",
            f"Perubahan rencana {case.person.name} diajukan; berlaku bila pihak lain sepakat",
            f"Change of the plan of {case.person.name} proposed; it holds once the other side agrees",
            payload={"version": row.number, "changes": told, "reason": row.reason, "since": wanted.since},
            values={"version": row.number},
        )

    return perform(context, "plan.amend", work, key)


def answer(context: Context, case_id: int, agree: bool, words: str = "", key: str | None = None) -> Receipt:
    """Agree to the change that waits, or refuse it with a reason, as the other side; who proposed it may take it back (refuse).

    Raises NotFoundError(`tidak_ada_perubahan_menunggu`), ForbiddenError(`pengusul_tidak_menyetujui_sendiri`), ConflictError.
    """

    def work() -> Done:
        case = load_case(case_id)
        require(context, "plan.amend", case)
        row = waiting(case_id)
        if row is None:
            raise NotFoundError(
                "tidak_ada_perubahan_menunggu", "tidak ada perubahan rencana yang menunggu", "no change of this plan is waiting"
            )
        own = row.proposed_role == _role(context, case)
        if own and agree:
            raise ForbiddenError(
                "pengusul_tidak_menyetujui_sendiri",
                f"perubahan ini diajukan {row.proposed_name}; pihak lain yang menyepakatinya",
                f"this change was proposed by {row.proposed_name}; the other side agrees to it",
            )
        if not agree and not own:
            written(words)
        state = AGREED if agree else WITHDRAWN if own else REFUSED
        if agree:
            _still_open(case)
            bounds.within(context, case, snapshot(case_id), row.changes)
            _apply(context, case, row)
        update = db.PlanVersion.update(
            state=state, answered_by=context.actor.id, answered_name=context.actor.name, answered_role=_role(context, case),
            answered_at=context.city.clock.now(), answer=words.strip(), version=db.PlanVersion.version + 1,
        )  # fmt: skip
        met = update.where(db.PlanVersion.id == row.id, db.PlanVersion.state == PROPOSED).execute()
        changed(met, "perubahan ini sudah dijawab", "this change has been answered already", case=case_id)
        _tell_other(context, case, ANSWERED)
        words_id = {AGREED: "disepakati dan berlaku", REFUSED: "ditolak", WITHDRAWN: "ditarik"}[state]
        words_en = {AGREED: "agreed and in force", REFUSED: "refused", WITHDRAWN: "withdrawn"}[state]
        return Done(
            f"case:{case_id}",
            f"Perubahan rencana {case.person.name}: {words_id}",
            f"Change of the plan of {case.person.name}: {words_en}",
            payload={"version": row.number, "state": state, "changes": row.changes if agree else [], "answer": words.strip()},
            values={"version": row.number, "state": state},
        )

    return perform(context, "plan.answer", work, key)


# ── what may be ───────────────────────────────────────────────────────────────────────────────────────────────────────
def _role(context: Context, case: Any) -> str:
    standing = relations(context.actor, case)
    return next((role for relation, role in ROLES.items() if relation in standing), "")


def _open(case: Any, versions: Sequence[Any]) -> None:
    if case.stage == "perencanaan":
        raise ConflictError(
            "rencana_belum_disepakati",
            "rencana ini belum disepakati",
            "this plan is not agreed yet",
            remedy_id="tulis usul pada dialog rencana",
            remedy_en="write your suggestion in the talk about the plan",
        )
    _still_open(case)
    if any(one.state == PROPOSED for one in versions):
        raise ConflictError(
            "perubahan_menunggu",
            "satu perubahan rencana masih menunggu jawaban",
            "one change of this plan still waits for its answer",
            remedy_id="jawab atau tarik dahulu yang itu",
            remedy_en="answer or withdraw that one first",
        )


def _still_open(case: Any) -> None:
    decided = db.Evaluation.select().where(db.Evaluation.case == case.id).exists()
    if case.state != "open" or case.stage != OPEN_STAGE or decided:
        raise ConflictError(
            "penilaian_sudah_mulai",
            "penilaian sudah dimulai; rencana tidak diubah lagi",
            "the assessment has begun; the plan is not changed any more",
            remedy_id="sesudah hasil terbit, ajukan keberatan",
            remedy_en="once the result is out, object",
            stage=case.stage,
        )


# ── what happens ──────────────────────────────────────────────────────────────────────────────────────────────────────
def _apply(context: Context, case: Any, row: Any) -> None:
    items = {one.code: one for one in objects(db.PlanItem.select().where(db.PlanItem.case == case.id))}
    wanted = {one["kode"]: one for one in row.items}
    whole = Period(case.cycle.first, case.cycle.last)
    release = case.cycle.release or context.city.release().fingerprint
    policy, shares = context.city.policy(release), Shares(context.city, release)
    note = f"perubahan SKP {row.number}, {row.since.isoformat()}"
    for change in row.changes:
        code, item = change["kode"], items.get(change["kode"])
        if change["apa"] == "hapus":
            _set(case, item, {"dropped_at": context.city.clock.now(), "serves": None})
        elif item is None:
            db.PlanItem.create(case=case.id, ordinal=len(items) + 1, code=code, place=note, **_columns(wanted[code]))
            items[code] = None
        else:
            columns = _columns(wanted[code])
            per = prorate_of(policy, item.standard, code)
            part = shares.of(per, columns["target"], columns["target_high"], Period(case.first, case.last), whole)
            divided = {"target": part.target, "target_high": part.target_high, "share": part.share}
            _set(case, item, {"dropped_at": None, "place": note, **columns, **divided})


def _columns(one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "label_id": one["label"]["id"], "label_en": one["label"]["en"], "polarity": one["polaritas"], "target": one["target"],
        "target_high": one["target_atas"], "weight": one["bobot"], "unit": one["satuan"],
    }  # fmt: skip


def _set(case: Any, item: Any, fields: Mapping[str, Any]) -> None:
    update = db.PlanItem.update(**fields, version=db.PlanItem.version + 1)
    changed(
        update.where(db.PlanItem.id == item.id, db.PlanItem.version == item.version).execute(),
        "rencana ini baru saja diubah orang lain",
        "this plan has just been changed by somebody else",
        case=case.id,
    )


def _tell_other(context: Context, case: Any, news: Text) -> None:
    people: Iterable[Any] = (case.person, case.appraiser)
    tell(context, case, [one.id for one in people if one is not None and one.nip != context.actor.nip], news)
