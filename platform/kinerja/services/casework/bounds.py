"""How far an agreed plan may still be changed: until when, how often, and what of an indicator whose actual is known.

The bounds stand in the rules (`perubahan_rencana`, `arah_target`, `perubahan_butir`); here they are asked, when a change is
proposed and again when it is agreed to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from ...core.errors import ConflictError, InputError
from ...core.indonesian import long_date
from ...store import models as db
from ...store.queries import rows
from ..context import Context
from ..evaluation.decide import decide_with
from ..expectations import versions_of
from .plans import AGREED

RULE, DIRECTION, ITEM = "perubahan_rencana", "arah_target", "perubahan_butir"
UNCHANGED = "tetap"
WORDS = {
    "target_lebih_ringan": ("targetnya tidak diringankan lagi", "its target is not made easier any more"),
    "target_lebih_berat": ("targetnya tidak diperberat lagi", "its target is not made harder any more"),
    "bobot": ("bobotnya tidak diubah lagi", "its weight is not changed any more"),
    "keluar": ("tidak dikeluarkan lagi", "it is not taken out any more"),
    "masuk": ("tidak ditambahkan lagi", "it is not added any more"),
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """last_day: the last on which a change may be proposed and agreed to. left: how many more may be agreed to. known: codes of
    the indicators whose actual is known."""

    last_day: date
    in_time: bool
    agreed: int
    left: int
    known: frozenset[str]


def bounds_of(context: Context, case: Any) -> Bounds | None:
    """What the rules in force today say of a case's plan; None where they set no bounds (a city that never took these files)."""
    today = context.city.today()
    if not {RULE, DIRECTION, ITEM} <= context.city.policy(context.city.release().fingerprint).decisions.keys():
        return None
    agreed = sum(one.state == AGREED and one.number > 1 for one in versions_of(case.id))
    given = {
        "hari_ke": Fraction((today - case.first).days + 1),
        "hari_periode": Fraction((case.last - case.first).days + 1),
        "perubahan_disepakati": Fraction(agreed),
    }
    answer = decide_with(context, RULE, given, today)
    last = case.first + timedelta(days=int(answer["hari_terakhir"]) - 1)
    return Bounds(last, bool(answer["tepat_waktu"]), agreed, int(answer["sisa"]), _known(case.id))


def within(context: Context, case: Any, before: Iterable[Mapping[str, Any]], changes: Iterable[Mapping[str, Any]]) -> None:
    """Raise where a change is past the bounds: ConflictError(`perubahan_terlambat`, `perubahan_habis`),
    InputError(`realisasi_sudah_diketahui`).

    before: the indicators as they stand (`plans.snapshot`); changes: as `amendment.planned` tells them.
    """
    bounds = bounds_of(context, case)
    if bounds is None:
        return
    if not bounds.in_time:
        raise ConflictError(
            "perubahan_terlambat",
            f"rencana ini hanya dapat diubah sampai {long_date(bounds.last_day)}",
            f"this plan could be amended until {bounds.last_day.isoformat()} only",
            remedy_id="batasnya ditetapkan aturan perubahan_rencana; keadaan luar biasa diajukan kemudian sebagai keberatan",
            remedy_en="the bound is set by the rule perubahan_rencana; later, exceptional events can be brought up in an objection",
            until=bounds.last_day.isoformat(),
        )
    if not bounds.left:
        raise ConflictError(
            "perubahan_habis",
            f"rencana ini sudah diubah {bounds.agreed} kali, sebanyak yang dibolehkan",
            f"this plan has been amended {bounds.agreed} times, as often as allowed",
            remedy_id="banyaknya ditetapkan aturan perubahan_rencana",
            remedy_en="how often is set by the rule perubahan_rencana",
        )
    stood = {row["kode"]: row for row in before}
    for change in changes:
        code = change["kode"]
        for what in _kinds(context, stood.get(code), change):
            given = {"perubahan": what, "ada_realisasi": code in bounds.known}
            if not decide_with(context, ITEM, given, context.city.today())["boleh"]:
                raise InputError(
                    "realisasi_sudah_diketahui",
                    f"realisasi {code} sudah diketahui; {WORDS[what][0]}",
                    f"the actual of {code} is known; {WORDS[what][1]}",
                    remedy_id="yang boleh ditetapkan aturan perubahan_butir; sanggah realisasinya bila keliru",
                    remedy_en="what may be changed is set by the rule perubahan_butir; dispute the actual where it is wrong",
                    indicator=code,
                )


def _kinds(context: Context, stood: Mapping[str, Any] | None, change: Mapping[str, Any]) -> Iterator[str]:
    """What a change does to an indicator, in the words of the rule."""
    if change["apa"] != "ubah" or stood is None:
        yield "keluar" if change["apa"] == "hapus" else "masuk"
        return
    new = {**stood, **change["sesudah"]}
    given = {
        "polaritas": stood["polaritas"], "target_lama": stood["target"], "target_baru": new["target"],
        "atas_lama": _upper(stood), "atas_baru": _upper(new),
    }  # fmt: skip
    direction = str(decide_with(context, DIRECTION, given, context.city.today())["arah"])
    if direction != UNCHANGED:
        yield f"target_{direction}"
    if "bobot" in change["sesudah"]:
        yield "bobot"


def _upper(row: Mapping[str, Any]) -> Any:
    return row["target"] if row["target_atas"] is None else row["target_atas"]


def _known(case_id: int) -> frozenset[str]:
    measured = db.PlanItem.select(db.PlanItem.code).join(db.Measurement).where(db.PlanItem.case == case_id).distinct()
    return frozenset(code for (code,) in rows(measured))
