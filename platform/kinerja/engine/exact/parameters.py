"""The error of a parameter that has no value for a key or on a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from ...core.errors import RuleError
from ...policy.model import Parameter


def no_value(parameter: Parameter, key: Any, day: date | None) -> RuleError:
    when = f" pada {day}" if day else ""
    shown = f"({key})" if key is not None else ""
    return RuleError(
        "parameter_tidak_ada",
        f"parameter {parameter.name}{shown} tidak punya nilai{when}",
        f"parameter {parameter.name}{shown} has no value" + (f" on {day}" if day else ""),
        place=parameter.place,
        remedy_id="tambahkan nilainya dalam berkas parameter",
        remedy_en="add the value to the parameter file",
    )
