"""Why an output is what it is: the part of a finding's trace that leads to it."""

from __future__ import annotations

from ..core.errors import InputError
from ..core.findings import Finding, TraceEntry


def explain(finding: Finding, output: str) -> tuple[TraceEntry, ...]:
    """The entries that an output rests on, in the order computed, its own last; of an output of items, those of all items.

    Raises InputError for an unknown output.
    """
    return leading_to(finding.trace, output)


def leading_to(trace: tuple[TraceEntry, ...], output: str) -> tuple[TraceEntry, ...]:
    """The same from a trace alone."""
    last = next((index for index in range(len(trace) - 1, -1, -1) if trace[index].output == output), None)
    if last is None:
        known = sorted({entry.output for entry in trace})
        raise InputError(
            "keluaran_tidak_dikenal",
            f"tidak ada keluaran “{output}”",
            f'there is no output "{output}"',
            remedy_id=f"pilih salah satu dari {', '.join(known)}",
            remedy_en=f"choose one of {', '.join(known)}",
        )
    own = trace[last]
    wanted = {index for index, one in enumerate(trace) if (one.decision, one.output) == (own.decision, own.output)}
    for index in range(last, -1, -1):
        if index in wanted:
            wanted |= _sources(trace, index)
    return tuple(trace[index] for index in sorted(wanted))


def _sources(trace: tuple[TraceEntry, ...], index: int) -> set[int]:
    """The earlier entries that this one read: outputs, steps, called decisions, and items of a list."""
    entry = trace[index]
    found: set[int] = set()
    for given in entry.inputs:
        decision, _, output = given.source.partition(".")
        members = _members(given.value) if not output else frozenset()
        for earlier in range(index):
            other = trace[earlier]
            named = other.decision == decision and other.output == output
            of_this_item = other.item in ("", entry.item)
            of_any_item = bool(other.item) and not entry.item
            if (named and (of_this_item or of_any_item)) or (of_any_item and other.output in members):
                found.add(earlier)
    return found


def _members(value: object) -> frozenset[str]:
    """The names of the members of a list of items."""
    items = value if isinstance(value, tuple) else ()
    return frozenset(name for item in items if isinstance(item, dict) for name in item)
