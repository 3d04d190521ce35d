"""What a form does to the plan of its case: who proposes or agrees, what was read and said, what the leader expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .conditions import Condition
from .strictyaml import Value

if TYPE_CHECKING:
    from .formfile import FormReader
    from .forms import Field, Text

ACTS = ("propose", "agree")
KEYS = ("act", "when", "understood", "serves", "says", "expectations")


@dataclass(frozen=True, slots=True)
class PlanStep:
    """act: propose or agree. when: a condition over the answers; where it does not hold the plan goes back. understood: the field
    by which the standard is acknowledged. serves: how each indicator is asked what of the superior it serves.
    says: fields whose words belong to the talk about the plan. expectations: value → field.
    """

    act: str
    when: Condition | None = None
    understood: str = ""
    serves: Text | None = None
    says: tuple[str, ...] = ()
    expectations: Mapping[str, str] = field(default_factory=dict)

    def agreed(self, values: Mapping[str, Any], form_place: Any) -> bool:
        return self.when is None or self.when.holds(values, form_place)


def read_plan_step(reader: FormReader, value: Value, fields: Mapping[str, Field]) -> PlanStep:
    """The `plan:` of a form file, with everything wrong in it reported to the reader."""
    entries = reader.mapping(value, KEYS)
    act = reader.string(entries["act"]) if "act" in entries else ""
    if act not in ACTS:
        known = ", ".join(ACTS)
        reader.problems.add(value.place, f"act harus salah satu dari {known}", f"act must be one of {known}")
    understood = reader.string(entries["understood"]) if "understood" in entries else ""
    says = tuple(reader.string(item) for item in entries["says"].items or ()) if "says" in entries else ()
    expected = (
        {name: reader.string(entry) for name, entry in reader.mapping(entries["expectations"], None).items()}
        if ("expectations" in entries)
        else {}
    )
    wanted: dict[str, tuple[str, ...]] = {understood: ("boolean",)} if understood else {}
    wanted |= dict.fromkeys((*says, *expected.values()), ("text", "long_text"))
    for name, types in wanted.items():
        if name not in fields:
            reader.problems.add(value.place, f"“{name}” tidak ditanyakan formulir ini", f'this form does not ask "{name}"')
        elif fields[name].type not in types:
            reader.problems.add(
                value.place, f"“{name}” harus bertipe {' atau '.join(types)}", f'"{name}" must be of type {" or ".join(types)}'
            )
    for name in expected.values():
        if name in fields and not fields[name].default:
            reader.problems.add(
                fields[name].place, f"ekspektasi “{name}” belum punya default", f'the expectation "{name}" has no default'
            )
    when = reader.condition(entries.get("when"))
    unknown = sorted(when.names - fields.keys()) if when else []
    if unknown:
        names = ", ".join(unknown)
        reader.problems.add(value.place, f"when memakai “{names}” yang tidak ditanyakan", f'when uses "{names}", not asked')
    serves = reader.words(entries["serves"]) if "serves" in entries else None
    return PlanStep(act, when, understood, serves, says, expected)
