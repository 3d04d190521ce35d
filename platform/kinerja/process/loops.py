"""Loops that nothing stops: circles of steps which the machine takes by itself, with no person and no timer in them.

At run time such a case is an incident after `spiff.MAX_AUTOMATIC_STEPS`; here it is told before anybody works by the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from .model import ProcessSource

HOLDS = frozenset({"userTask", "intermediateCatchEvent", "callActivity"})
"""What makes a case wait: people, timers, and called processes, which are judged by themselves."""


def idle_loops(source: ProcessSource) -> list[list[str]]:
    """The circles of automatic nodes, each as ids in the file's order."""
    automatic = [node.id for node in source.nodes.values() if node.kind not in HOLDS]
    links: dict[str, list[str]] = {name: [] for name in automatic}
    for flow in source.flows.values():
        if flow.source in links and flow.target in links:
            links[flow.source].append(flow.target)
    order = {name: number for number, name in enumerate(automatic)}
    circles = [part for part in _components(links) if len(part) > 1 or part[0] in links[part[0]]]
    return sorted((sorted(part, key=order.__getitem__) for part in circles), key=lambda part: order[part[0]])


def _components(links: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Strongly connected components (Tarjan 1972), without recursion: files may be long."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    held: dict[str, None] = {}
    for root in links:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = []
        enter = root
        while True:
            if enter:
                index[enter] = low[enter] = len(index)
                held[enter] = None
                work.append((enter, iter(links[enter])))
                enter = ""
            name, following = work[-1]
            for other in following:
                if other not in index:
                    enter = other
                    break
                if other in held:
                    low[name] = min(low[name], index[other])
            if enter:
                continue
            work.pop()
            if low[name] == index[name]:
                part = [held.popitem()[0]]
                while part[-1] != name:
                    part.append(held.popitem()[0])
                yield part
            if not work:
                break
            low[work[-1][0]] = min(low[work[-1][0]], low[name])
