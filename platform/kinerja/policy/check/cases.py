"""Worked cases, before any engine: known inputs and outputs, values of the right type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ...core.errors import InputError
from ..assemble.exceptions import GENERAL
from ..diagnostics import Report
from ..facts import admit_inputs
from ..model import Decision, Example, Vocabulary
from ..reactions import Reaction
from ..values import admit

# Errors that admission itself raises: a case may expect these by name.
ADMISSION = frozenset(
    [
        "fakta_hilang",
        "fakta_tidak_dikenal",
        "tipe_salah",
        "di_luar_rentang",
        "terlalu_banyak_desimal",
        "nilai_tidak_dikenal",
        "kode_ganda",
    ]
)
EVALUATION = frozenset(
    [
        "tidak_ada_baris",
        "lebih_dari_satu_baris",
        "hasil_tidak_bulat",
        "hasil_di_luar_rentang",
        "pembagian_nol",
        "parameter_tidak_ada",
    ]
)


def check_cases(
    vocabulary: Vocabulary, decisions: Mapping[str, Sequence[Decision]], reactions: Iterable[Reaction], report: Report
) -> None:
    """Report cases that cannot be run as written, and decisions and reactions that have none."""
    for versions in decisions.values():
        for version in versions:
            if not version.examples and version.name + GENERAL not in decisions:
                report.add("R082", version.place)
            for example in version.examples:
                _given(vocabulary, version, example, report)
                _expect(version, example, report)
    for reaction in reactions:
        if not reaction.examples:
            report.add("R082", reaction.place)


def _given(vocabulary: Vocabulary, version: Decision, example: Example, report: Report) -> None:
    try:
        admit_inputs(vocabulary, version, example.given, example.place.file)
    except InputError as error:
        if example.error is None:
            report.add("R080", example.place, what_id=error.text_id, what_en=error.text_en)
        elif example.error != error.code:
            report.add("R080", example.place, what_id=f"diharapkan {example.error}, tetapi {error.text_id}",
                       what_en=f"expects {example.error}, but {error.text_en}")  # fmt: skip


def _expect(version: Decision, example: Example, report: Report) -> None:
    outputs = {output.name: output for output in version.outputs}
    for name, value in example.expect.items():
        if name not in outputs:
            report.add("R020", example.place, near=(name, outputs), name=name,
                       remedy_id="sebut keluaran keputusan ini", remedy_en="name an output of this decision")  # fmt: skip
            continue
        try:
            admit(value, outputs[name].type, name)
        except InputError as error:
            report.add("R080", example.place, what_id=error.text_id, what_en=error.text_en)
    if example.error is not None:
        own = {requirement.code for requirement in version.requirements}
        known = own | ADMISSION | EVALUATION
        if example.error not in known and not version.requires_decisions:
            report.add("R013", example.place, near=(example.error, known), text=example.error, known=", ".join(sorted(known)))
