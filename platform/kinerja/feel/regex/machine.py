"""The machine: backtracking that never tries the same instruction at the same place twice, hence linear in
pattern × text. With back-references the groups belong to the state, and the step budget bounds the work instead."""

from __future__ import annotations

from ..limits import spend
from .program import Op, Program

Match = tuple[int, ...]
"""start, end, then start and end of each group; −1 for a group that took no part."""


def search(program: Program, text: str, position: int) -> Match | None:
    """The first match at or after a position, leftmost and by the order of preference written in the pattern."""
    seen: set[object] = set()
    for start in range(position, len(text) + 1):
        spend()
        found = _match(program, text, start, seen)
        if found is not None:
            return found
    return None


def _match(program: Program, text: str, start: int, seen: set[object]) -> Match | None:
    code = program.instructions
    length = len(text)
    references = program.has_references
    stack: list[tuple[int, int, Match]] = [(0, start, (-1,) * (2 * program.groups + 2))]
    steps = 0
    while stack:
        counter, at, slots = stack.pop()
        while True:
            state: object = (counter, at, slots) if references else counter * (length + 1) + at
            if state in seen:
                break
            seen.add(state)
            steps += 1
            if not steps & 0xFF:
                spend(0x100)
            op, first, second = code[counter]
            if op is Op.CHAR:
                if at >= length or not first(text[at]):
                    break
                at += 1
                counter += 1
            elif op is Op.SPLIT:
                stack.append((second, at, slots))
                counter = first
            elif op is Op.JUMP:
                counter = first
            elif op is Op.SAVE:
                slots = (*slots[:first], at, *slots[first + 1 :])
                counter += 1
            elif op is Op.MATCH:
                return slots
            elif op is Op.BACK:
                end = _after_reference(text, at, slots, first, second)
                if end < 0:
                    break
                at = end
                counter += 1
            else:
                if not _anchored(op, text, at, program.multiline):
                    break
                counter += 1
    return None


def _after_reference(text: str, at: int, slots: Match, group: int, ignore_case: bool) -> int:
    start, end = slots[2 * group], slots[2 * group + 1]
    if start < 0 or end < 0:
        return at  # a group that took no part matches nothing (XPath 3.1, 5.6.1)
    wanted = text[start:end]
    found = text[at : at + len(wanted)]
    same = found.casefold() == wanted.casefold() if ignore_case else found == wanted
    return at + len(wanted) if same and len(found) == len(wanted) else -1


def _anchored(op: Op, text: str, at: int, multiline: bool) -> bool:
    if op is Op.START:
        return at == 0 or (multiline and text[at - 1] == "\n" and at < len(text))
    return at == len(text) or (multiline and text[at] == "\n")
