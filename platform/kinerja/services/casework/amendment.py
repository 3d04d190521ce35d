"""What two people may want to change of an agreed plan, and whether it can be meant: weights of 100, computable targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from ...core.errors import InputError, NotFoundError
from ...core.indonesian import number
from ...core.numbers import display_text, terminates_within
from ...policy.kinds import POLARITIES
from ...store import models as db
from ...store.queries import objects
from .plans import snapshot

SCALE = 4
LARGEST = Fraction(10**9)
TEAM = "tim_evaluasi"


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change of one indicator; None leaves it. target, target_high: of the whole period where it divides by days."""

    target: Fraction | None = None
    target_high: Fraction | None = None
    weight: Fraction | None = None


@dataclass(frozen=True, slots=True)
class NewItem:
    """An indicator that comes in: reported with evidence, as no event and no rubric stands behind it."""

    code: str
    label: str
    polarity: str
    target: Fraction
    weight: Fraction
    unit: str
    target_high: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """All that is to change at once. edits: code → what. since: the day from which it holds."""

    reason: str
    since: date
    edits: Mapping[str, Edit] = field(default_factory=dict)
    added: Sequence[NewItem] = ()
    removed: Sequence[str] = ()


def planned(case_id: int, wanted: Amendment) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(the indicators as they would stand, what changes). Raises InputError, NotFoundError for what cannot be meant."""
    before = snapshot(case_id)
    known = {row["kode"]: row for row in before}
    sources = {row.code: row.source for row in objects(db.PlanItem.select().where(db.PlanItem.case == case_id, db.IN_FORCE))}
    for code in (*wanted.edits, *wanted.removed):
        if code not in known:
            raise NotFoundError(
                "indikator_tidak_ada", f"indikator {code} tidak ada di rencana ini", f"no indicator {code} in this plan"
            )
    after, told = [], []
    for row in before:
        code = row["kode"]
        if code in wanted.removed:
            if sources[code] == TEAM:
                raise InputError(
                    "butir_tim_evaluasi",
                    f"{code} dinilai tim evaluasi dan tidak dapat dihapus",
                    f"{code} is scored by the evaluation team and cannot be taken out",
                )
            told.append(
                {"kode": code, "apa": "hapus", "sebelum": {"target": row["target"], "bobot": row["bobot"]}, "sesudah": None}
            )
            continue
        new = _edited(row, wanted.edits.get(code, Edit()))
        keys = [key for key in ("target", "target_atas", "bobot") if new[key] != row[key]]
        if keys:
            told.append({"kode": code, "apa": "ubah", "sebelum": {k: row[k] for k in keys}, "sesudah": {k: new[k] for k in keys}})
        after.append(new)
    for one in wanted.added:
        new = _new(one, known)
        known[one.code] = new
        after.append(new)
        told.append(
            {"kode": one.code, "apa": "tambah", "sebelum": None, "sesudah": {"target": new["target"], "bobot": new["bobot"]}}
        )
    if not told:
        raise InputError("tidak_ada_perubahan", "tidak ada yang berubah", "nothing would change")
    total = sum((row["bobot"] for row in after), Fraction(0))
    if total != 100:
        raise InputError(
            "bobot_bukan_100",
            f"jumlah bobot menjadi {number(total)}, harus 100",
            f"the weights would add up to {display_text(total)}, not 100",
            remedy_id="ubah bobot indikator lain juga",
            remedy_en="change the weight of others too",
        )
    return after, told


def _edited(row: Mapping[str, Any], edit: Edit) -> dict[str, Any]:
    new = dict(row)
    for key, value in (("target", edit.target), ("target_atas", edit.target_high), ("bobot", edit.weight)):
        if value is not None:
            new[key] = value
    _sound(new)
    return new


def _new(one: NewItem, known: Mapping[str, Any]) -> dict[str, Any]:
    code, label = one.code.strip(), one.label.strip()
    if not code or len(code) > 40 or code in known or not label or one.polarity not in POLARITIES:
        raise InputError(
            "indikator_baru_tidak_sah",
            f"indikator baru “{code}” tidak sah: kode sendiri, nama, dan polaritas ({', '.join(POLARITIES)})",
            f'the new indicator "{code}" needs a code of its own, a name and a polarity ({", ".join(POLARITIES)})',
        )
    new = {
        "kode": code, "label": {"id": label, "en": label}, "polaritas": one.polarity, "target": one.target,
        "target_atas": one.target_high, "bobot": one.weight, "satuan": one.unit.strip()[:40],
    }  # fmt: skip
    _sound(new)
    return new


def _sound(row: Mapping[str, Any]) -> None:
    """Bounds as for standards: a target that can be computed with, a weight above 0, both of at most four digits."""
    ranged = row["polaritas"].startswith("rentang")
    low, high, weight = row["target"], row["target_atas"], row["bobot"]
    numbers = [one for one in (low, high, weight) if one is not None]
    wrong = any(not terminates_within(one, SCALE) or not 0 <= one <= LARGEST for one in numbers)
    wrong = wrong or (low == 0 and not ranged) or (ranged != (high is not None)) or (high is not None and high < low)
    if wrong:
        raise InputError(
            "target_tidak_sah",
            f"target {row['kode']} tidak dapat dihitung",
            f"the target of {row['kode']} cannot be computed with",
            remedy_id="di atas 0, paling banyak 4 angka di belakang koma; rentang memerlukan batas atas yang tidak di bawah target",
            remedy_en="above 0, at most 4 digits after the point; a range needs an upper bound that is not below the target",
        )
    if not 0 < weight <= 100:
        raise InputError(
            "bobot_tidak_sah",
            f"bobot {row['kode']} harus di atas 0 dan paling banyak 100",
            f"the weight of {row['kode']} must be above 0 and at most 100",
            remedy_id="hapus indikatornya bila tidak dipakai lagi",
            remedy_en="take the indicator out when it is not used any more",
        )
