"""Where tokens can be: a walk over the markings of a process that finds joins that wait for ever and steps that run twice.

Automatic nodes run at once, so that only human tasks and timers hold tokens. The walk is bounded; a process too large for it
is simply not judged by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from .model import Node, ProcessSource

MAX_MARKINGS = 4_000
MAX_TOKENS = 8
HOLDS = {"userTask", "intermediateCatchEvent", "callActivity"}
Marking = tuple[str, ...]
"""Sorted flow ids, one a token; a token on a flow waits before the flow's target."""


def stuck_and_doubled(source: ProcessSource) -> tuple[set[str], set[str]]:
    """Ids of parallel gateways that can wait for ever, and of nodes that two tokens can reach at once."""
    return _Walk(source).run()


class _Walk:
    def __init__(self, source: ProcessSource) -> None:
        self.source = source
        self.outgoing = {name: tuple(flow.id for flow in source.outgoing(name)) for name in source.nodes}
        self.incoming = {name: tuple(flow.id for flow in source.incoming(name)) for name in source.nodes}
        self.target = {flow.id: flow.target for flow in source.flows.values() if flow.target in source.nodes}
        self.boundary: dict[str, list[Node]] = {}
        for node in source.nodes.values():
            if node.kind == "boundaryEvent":
                self.boundary.setdefault(node.attached_to, []).append(node)
        self.stuck: set[str] = set()
        self.doubled: set[str] = set()

    def run(self) -> tuple[set[str], set[str]]:
        starts = [node.id for node in self.source.nodes.values() if node.kind == "startEvent"]
        if len(starts) != 1:
            return set(), set()
        seen: set[Marking] = set()
        todo: list[Marking] = [tuple(sorted(flow for flow in self.outgoing[starts[0]] if flow in self.target))]
        while todo and len(seen) < MAX_MARKINGS:
            marking = todo.pop()
            if marking in seen:
                continue
            seen.add(marking)
            for flow in {flow for flow in marking if marking.count(flow) > 1}:
                self.doubled.add(self.target[flow])
            if len(marking) > MAX_TOKENS or any(marking.count(flow) > 1 for flow in marking):
                continue
            following = list(self._steps(marking))
            if not following and marking:
                self.stuck |= {self.target[flow] for flow in marking}
            todo.extend(following)
        return self.stuck, self.doubled

    def _steps(self, marking: Marking) -> Iterator[Marking]:
        for flow in marking:
            node = self.source.nodes[self.target[flow]]
            if node.kind not in HOLDS:
                automatic = list(self._fire(marking, flow, node))
                if automatic:
                    yield from automatic
                    return
        for flow in marking:
            yield from self._fire(marking, flow, self.source.nodes[self.target[flow]])

    def _fire(self, marking: Marking, flow: str, node: Node) -> Iterator[Marking]:
        if node.kind == "parallelGateway":
            if all(need in marking for need in self.incoming[node.id]):
                yield self._move(marking, self.incoming[node.id], self.outgoing[node.id])
            return
        if node.kind == "endEvent":
            yield () if node.event == "terminateEventDefinition" else self._move(marking, (flow,), ())
            return
        if node.kind == "exclusiveGateway":
            for way in self.outgoing[node.id]:
                yield self._move(marking, (flow,), (way,))
            return
        beside: list[str] = []
        for event in self.boundary.get(node.id, ()):
            if event.interrupting:
                yield self._move(marking, (flow,), self.outgoing[event.id])
            else:
                beside.extend(self.outgoing[event.id])
        yield self._move(marking, (flow,), self.outgoing[node.id])
        if beside:
            yield self._move(marking, (flow,), (*self.outgoing[node.id], *beside))

    def _move(self, marking: Marking, taken: tuple[str, ...], put: tuple[str, ...]) -> Marking:
        left = list(marking)
        for flow in taken:
            left.remove(flow)
        return tuple(sorted([*left, *(flow for flow in put if flow in self.target)]))
