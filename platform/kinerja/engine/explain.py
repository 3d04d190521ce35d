"""Why an output is what it is: the part of a finding's trace that leads to it."""

from __future__ import annotations

from ..core.errors import InputError
from ..core.findings import Finding, TraceEntry


def explain(finding: Finding, output: str) -> tuple[TraceEntry, ...]:
    """The entries that an output rests on, in the order computed, its own last. Raises InputError for an unknown output."""
    last = next((index for index in range(len(finding.trace) - 1, -1, -1) if finding.trace[index].output == output), None)
    if last is None:
        known = sorted({entry.output for entry in finding.trace})
        raise InputError(
            "keluaran_tidak_dikenal",
            f"tidak ada keluaran “{output}”",
            f'there is no output "{output}"',
            remedy_id=f"pilih salah satu dari {', '.join(known)}",
            remedy_en=f"choose one of {', '.join(known)}",
        )
    wanted = {last}
    for index in range(last, -1, -1):
        if index in wanted:
            wanted |= _sources(finding.trace, index)
    return tuple(finding.trace[index] for index in sorted(wanted))


def _sources(trace: tuple[TraceEntry, ...], index: int) -> set[int]:
    """The earlier entries that this one read: outputs, steps, called decisions, and items of a list."""
    entry = trace[index]
    found: set[int] = set()
    for given in entry.inputs:
        decision, _, output = given.source.partition(".")
        listed = output == ""
        members = {name for item in given.value if isinstance(item, dict) for name in item} if listed and isinstance(given.value, tuple) else set()
        for earlier in range(index):
            other = trace[earlier]
            if other.decision == decision and other.output == output and other.item in ("", entry.item):
                found.add(earlier)
            elif other.item and not entry.item and (other.output in members or (other.decision == decision and other.output == output)):
                found.add(earlier)
    return found
