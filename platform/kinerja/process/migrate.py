"""Moving running cases to another version of their process: counted and previewed first, revertible, every timer once.

A case waits somewhere; if that task exists in the new version (under its own id, or one the caller maps it to), the case is set
down there with its data, its way, and its timers: a timer that runs keeps its due instant, one that has fired stays fired, one
that is new starts now. What cannot be set down without guessing is blocked, with the reason.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..core.errors import ConflictError
from . import durations
from .calendar import Calendar
from .data import decoded, encoded, plain
from .kernelstate import CANCELLED, COMPLETED, READY, SPLIT, STARTED, WAITING, Part, Timer, part_of, waiting_place
from .model import Node, ProcessDefinition, ProcessSource


@dataclass(frozen=True, slots=True)
class Move:
    """A kind of move. task → to: ids of the waiting task before and after. roles: where they differ, the task changes hands."""

    task: str
    to: str
    name: str
    to_name: str
    role: str
    to_role: str
    new_timers: int
    dropped_timers: int


@dataclass(frozen=True, slots=True)
class Blocked:
    """A case that cannot be moved, and why."""

    case: str
    code: str
    text_id: str
    text_en: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a migration would do: cases by kind of move, those already finished, and those that are blocked."""

    moves: tuple[tuple[Move, int], ...]
    finished: int
    blocked: tuple[Blocked, ...]

    @property
    def movable(self) -> int:
        return sum(count for _, count in self.moves)

    def as_json(self) -> dict[str, Any]:
        return {
            "movable": self.movable,
            "finished": self.finished,
            "blocked": [{"case": b.case, "code": b.code, "text": {"id": b.text_id, "en": b.text_en}} for b in self.blocked],
            "moves": [
                {
                    "task": m.task, "to": m.to, "name": m.name, "to_name": m.to_name, "role": m.role, "to_role": m.to_role,
                    "new_timers": m.new_timers, "dropped_timers": m.dropped_timers, "cases": count,
                }
                for m, count in self.moves
            ],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Migrated:
    """One moved case; keep it to be able to revert."""

    before: str
    after: str
    old_version: str
    new_version: str


class _Impossible(Exception):
    def __init__(self, code: str, text_id: str, text_en: str) -> None:
        super().__init__(text_en)
        self.code, self.text_id, self.text_en = code, text_id, text_en


@dataclass(frozen=True, slots=True)
class Migration:
    """From one version to another. mapping: old task id → new, for tasks that were renamed. data: values that the new version
    needs and cases do not have. now and calendar: for timers that are new."""

    old: ProcessDefinition
    new: ProcessDefinition
    now: datetime
    calendar: Calendar | None = None
    mapping: Mapping[str, str] | None = None
    data: Mapping[str, Any] | None = None

    def preview(self, states: Mapping[str, str]) -> Preview:
        """What would happen to these cases (name → state); nothing is moved."""
        moves: Counter[Move] = Counter()
        blocked: list[Blocked] = []
        finished = 0
        for case, state in states.items():
            stored = json.loads(state)
            if stored["tasks"]["root"].get("completed"):
                finished += 1
                continue
            try:
                moves.update([self._moved(stored)[1]])
            except _Impossible as why:
                blocked.append(Blocked(case, why.code, why.text_id, why.text_en))
        ordered = sorted(moves.items(), key=lambda item: (-item[1], item[0].task))
        return Preview(tuple(ordered), finished, tuple(blocked))

    def move(self, state: str) -> Migrated:
        """One case moved; ConflictError(`tidak_dapat_dipindah`) with the reason a preview would give."""
        try:
            stored, _ = self._moved(json.loads(state))
        except _Impossible as why:
            raise ConflictError(
                "tidak_dapat_dipindah",
                f"kasus tidak dapat dipindah: {why.text_id}",
                f"the case cannot be moved: {why.text_en}",
                remedy_id="selesaikan langkah itu dahulu, atau petakan tugasnya",
                remedy_en="finish that step first, or map the task",
                reason=why.code,
            ) from why
        after = json.dumps(stored, ensure_ascii=False, separators=(",", ":"))
        return Migrated(state, after, self.old.version, self.new.version)

    # ── one case ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _moved(self, stored: dict[str, Any]) -> tuple[dict[str, Any], Move]:
        tasks = stored["tasks"]
        if tasks["root"].get("completed"):
            raise _Impossible("sudah_selesai", "kasus sudah selesai", "the case is finished")
        numbers = _Numbers(tasks["next"])
        done = set(stored["done"])
        data = {**stored["data"], **self._data(stored["data"])}
        parts = [(0, tasks["root"]), *((sub["of"], sub) for sub in tasks.get("sub", ()))]
        inside = {0: (self.old.main, self.new.main)}  # number of the call → the called process, old and new
        moved: list[Part] = []
        move: Move | None = None
        for of, part in parts:
            source, target = inside[of]
            new_part, move = self._part(part, source, target, numbers, done, data)
            moved.append({"of": of, **new_part} if of else new_part)
            for number, _, spec, state, *_ in part["tasks"]:
                if state == STARTED:
                    to = target.nodes[(self.mapping or {}).get(spec, spec)]
                    inside[number] = (self.old.called[source.nodes[spec].called], self.new.called[to.called])
        assert move is not None  # there is always the root part
        result = {
            **stored,
            "data": data,
            "done": [name for entry in stored["done"] if (name := self._passed(entry))],
            "tasks": {"next": numbers.following, "root": moved[0], **({"sub": moved[1:]} if moved[1:] else {})},
        }
        return result, move

    def _part(
        self, part: Part, source: ProcessSource, target: ProcessSource, numbers: _Numbers, done: set[str], data: Mapping[str, Any]
    ) -> tuple[Part, Move]:
        place = waiting_place(part)
        if place is None:
            return self._branches(part, source, target)
        old_node = source.nodes[place.node]
        name = (self.mapping or {}).get(place.node, place.node)
        node = target.nodes.get(name)
        if node is None or node.kind != old_node.kind:
            raise _Impossible(
                "tugas_tidak_ada",
                f"“{old_node.name or place.node}” tidak ada di versi baru",
                f'"{old_node.name or place.node}" does not exist in the new version',
            )
        if node.kind == "callActivity" and node.called != old_node.called:
            raise _Impossible("proses_lain", f"“{node.name}” memanggil proses lain", f'"{node.name}" calls another process')
        events = [other for other in target.nodes.values() if other.kind == "boundaryEvent" and other.attached_to == name]
        timers = {event.id: place.timers.get(event.id) or self._fresh(event, numbers, done, data) for event in events}
        moved = replace(place, node=name, timers=timers, split=(place.split or numbers.take()) if timers else 0)
        move = Move(
            place.node, name, old_node.name, node.name, source.role_of(place.node), target.role_of(name),
            new_timers=len(timers.keys() - place.timers.keys()), dropped_timers=len(place.timers.keys() - timers.keys()),
        )  # fmt: skip
        return part_of(part["tasks"][0], moved), move

    def _fresh(self, event: Node, numbers: _Numbers, done: set[str], data: Mapping[str, Any]) -> Timer:
        """A timer the case does not have. One that fired for this case before stays silent: better none than twice."""
        if event.id in done:
            return Timer(numbers.take(), CANCELLED if event.interrupting else COMPLETED, None)
        assert event.timer is not None  # the check allows only timers on tasks
        timer = durations.for_case(event.timer, decoded(dict(data)))
        return Timer(numbers.take(), WAITING, durations.due(timer, self.now, self.calendar).isoformat())

    def _branches(self, part: Part, source: ProcessSource, target: ProcessSource) -> tuple[Part, Move]:
        """Open branches go over as they are, where the new version has every node of them unchanged."""
        for row in part["tasks"]:
            name = row[2].removesuffix(SPLIT).split(".")[0]
            if name in source.nodes and not _same(source, target, name):
                label = source.nodes[name].name or name
                raise _Impossible(
                    "cabang_terbuka",
                    f"kasus berada di cabang paralel, dan “{label}” berubah di versi baru",
                    f'the case is in parallel branches, and "{label}" changes in the new version',
                )
        waiting = [row[2] for row in part["tasks"] if row[3] in (READY, STARTED) and row[2] in source.nodes]
        tasks, names = " + ".join(waiting), " + ".join(source.nodes[name].name or name for name in waiting)
        roles = " + ".join(dict.fromkeys(source.role_of(name) for name in waiting))
        return part, Move(
            tasks, tasks, names, names, roles, " + ".join(dict.fromkeys(target.role_of(name) for name in waiting)), 0, 0
        )

    def _data(self, has: Mapping[str, Any]) -> dict[str, Any]:
        """Values for names that the new version declares and the case does not have."""
        given = encoded(plain(self.data or {}))
        known = {variable.name for source in self.old.sources() for variable in source.variables}
        added: dict[str, Any] = {name: value for name, value in given.items() if name not in has}
        for source in self.new.sources():
            for variable in source.variables:
                if variable.name in has or variable.name in added:
                    continue
                if variable.has_initial:
                    added[variable.name] = encoded(variable.initial)
                elif variable.name not in known:
                    raise _Impossible(
                        "data_kurang",
                        f"versi baru memerlukan “{variable.name}”, yang tidak dimiliki kasus",
                        f'the new version needs "{variable.name}", which the case does not have',
                    )
        return added

    def _passed(self, entry: str) -> str:
        """A node or flow passed, under its new name; "" when the new version does not have it."""
        process, _, name = entry.rpartition(":")
        source = self.new.called.get(process) if process else self.new.main
        name = (self.mapping or {}).get(name, name)
        if source is None or (name not in source.nodes and name not in source.flows):
            return ""
        return f"{process}:{name}" if process else name


@dataclass(slots=True)
class _Numbers:
    following: int

    def take(self) -> int:
        self.following += 1
        return self.following - 1


def _same(source: ProcessSource, target: ProcessSource, name: str) -> bool:
    """Whether a node is unchanged as far as tokens go: kind, neighbours, boundary events."""
    if name not in target.nodes or target.nodes[name].kind != source.nodes[name].kind:
        return False

    def around(where: ProcessSource) -> tuple[set[str], set[str], set[str]]:
        events = {node.id for node in where.nodes.values() if node.kind == "boundaryEvent" and node.attached_to == name}
        return {flow.source for flow in where.incoming(name)}, {flow.target for flow in where.outgoing(name)}, events

    return around(source) == around(target)


def revert(current: str, migrated: Migrated) -> str:
    """The state before the move, if the case has not moved on since; else ConflictError(`kasus_sudah_bergerak`)."""
    if current == migrated.after:
        return migrated.before
    raise ConflictError(
        "kasus_sudah_bergerak",
        "kasus sudah bergerak sejak dipindah; keadaan lama tidak dapat dikembalikan begitu saja",
        "the case has moved on since it was migrated; its old state cannot simply be put back",
        remedy_id="pindahkan kasus ke versi lama dengan migrasi biasa",
        remedy_en="move the case to the old version by an ordinary migration",
    )
