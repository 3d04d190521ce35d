"""What an output may be: within its scale, its range and its values; the engine never rounds by itself."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...core.errors import RuleError
from ...core.numbers import compared, display_text, terminates_within
from ...policy.model import Base, HitPolicy, ValueType

_GATHERING = frozenset({HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER})


def list_policy(hit: HitPolicy) -> str:
    """ "each" where outputs are elements of a list, "none" where they are only counted, "" otherwise."""
    if hit in _GATHERING:
        return "each"
    return "none" if hit is HitPolicy.COLLECT_COUNT else ""


def check_output(value: Any, kind: ValueType, gathering: str = "") -> Any:
    """The value as an output of this type; raises RuleError. Lists become tuples."""
    if gathering == "none":
        return value
    if value is None:
        if kind.nullable:
            return None
        raise RuleError("hasil_kosong", "hasilnya kosong padahal harus bernilai", "the result is null but must have a value")
    if kind.is_list and not gathering:
        return tuple(_check(element, kind) for element in value)
    return _check(value, kind)


def _check(value: Any, kind: ValueType) -> Any:
    if value is None and kind.nullable_elements:
        return None
    if kind.base is Base.NUMBER:
        check_number(value, kind)
    elif kind.values and value not in kind.values:
        known = ", ".join(kind.values)
        raise RuleError(
            "hasil_di_luar_rentang", f"hasil “{value}” bukan salah satu dari {known}", f'result "{value}" is none of {known}'
        )
    return value


def check_number(value: Any, kind: ValueType) -> None:
    if not isinstance(value, Fraction):
        raise RuleError("tipe_salah", "hasilnya bukan angka", "the result is not a number")
    if not terminates_within(value, kind.scale):
        shown = display_text(value)
        raise RuleError(
            "hasil_tidak_bulat",
            f"hasil {shown} tidak berakhir dalam {kind.scale} angka di belakang koma",
            f"result {shown} does not end within {kind.scale} digits",
            remedy_id="bulatkan dalam rumusnya, misalnya round half up(…, 2)",
            remedy_en="round it in the formula, for example round half up(…, 2)",
        )
    if (kind.low is not None and compared(value, kind.low) < 0) or (kind.high is not None and compared(value, kind.high) > 0):
        shown = display_text(value)
        low, high = (display_text(end) if end is not None else "…" for end in (kind.low, kind.high))
        raise RuleError("hasil_di_luar_rentang", f"hasil {shown} di luar {low}..{high}", f"result {shown} is outside {low}..{high}")
