"""The tree of a pattern → instructions for the machine."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from ..errors import bad_value
from .parse import Anchor, BackReference, Chars, Choice, Group, Piece, Repeat, Sequence

MAX_PROGRAM = 20_000


class Op(IntEnum):
    CHAR = 0  # argument: the set
    SPLIT = 1  # arguments: where to go first, where then
    JUMP = 2
    SAVE = 3  # argument: the slot
    START = 4
    END = 5
    BACK = 6  # arguments: the group, whether case is ignored
    MATCH = 7


Instruction = tuple[Op, Any, Any]


@dataclass(frozen=True, slots=True)
class Program:
    instructions: tuple[Instruction, ...]
    groups: int
    multiline: bool
    has_references: bool


def assemble(tree: Piece, groups: int, *, multiline: bool) -> Program:
    """Instructions that save the whole match in slots 0 and 1 and group n in 2n and 2n + 1."""
    code: list[Instruction] = [(Op.SAVE, 0, None)]
    _emit(tree, code)
    code += [(Op.SAVE, 1, None), (Op.MATCH, None, None)]
    return Program(tuple(code), groups, multiline, any(op is Op.BACK for op, _, _ in code))


def _emit(piece: Piece, code: list[Instruction]) -> None:
    if len(code) > MAX_PROGRAM:
        raise bad_value("pola terlalu besar", "the pattern is too large")
    match piece:
        case Chars():
            code.append((Op.CHAR, piece.set, None))
        case Sequence():
            for item in piece.items:
                _emit(item, code)
        case Choice():
            _emit_choice(piece, code)
        case Group():
            code.append((Op.SAVE, 2 * piece.number, None))
            _emit(piece.item, code)
            code.append((Op.SAVE, 2 * piece.number + 1, None))
        case Repeat():
            _emit_repeat(piece, code)
        case Anchor():
            code.append((Op.START if piece.start else Op.END, None, None))
        case BackReference():
            code.append((Op.BACK, piece.number, piece.ignore_case))


def _emit_choice(choice: Choice, code: list[Instruction]) -> None:
    ends: list[int] = []
    for branch in choice.branches[:-1]:
        split = len(code)
        code.append((Op.SPLIT, split + 1, None))
        _emit(branch, code)
        ends.append(len(code))
        code.append((Op.JUMP, None, None))
        code[split] = (Op.SPLIT, split + 1, len(code))
    _emit(choice.branches[-1], code)
    for end in ends:
        code[end] = (Op.JUMP, len(code), None)


def _split(at: int, inside: int, outside: int, greedy: bool) -> Instruction:
    return (Op.SPLIT, inside, outside) if greedy else (Op.SPLIT, outside, inside)


def _emit_repeat(repeat: Repeat, code: list[Instruction]) -> None:
    for _ in range(repeat.low):
        _emit(repeat.item, code)
    if repeat.high is None:
        split = len(code)
        code.append((Op.SPLIT, None, None))
        _emit(repeat.item, code)
        code.append((Op.JUMP, split, None))
        code[split] = _split(split, split + 1, len(code), repeat.greedy)
        return
    splits: list[int] = []
    for _ in range(repeat.high - repeat.low):
        splits.append(len(code))
        code.append((Op.SPLIT, None, None))
        _emit(repeat.item, code)
    for split in splits:
        code[split] = _split(split, split + 1, len(code), repeat.greedy)
