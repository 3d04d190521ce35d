"""One case, as the console computes it: each engine, both, both with trace; beside plain Python closures written by hand.

The closures know nothing but these very rules and check nothing: they are the floor, not a contestant.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

from bench.bulk import FEW, documents_of
from bench.harness import Contestant
from bench.peers.closures import case as by_hand
from bench.people import ROOT, people
from kinerja.bulk import case_chain
from kinerja.bulk.program import CaseProgram
from kinerja.engine import Engine
from kinerja.engine.agenda import case_agenda
from kinerja.engine.exact import ExactEngine
from kinerja.engine.rete.machine import Machine
from kinerja.policy import admit_case, load_policy

TITLE = "A live case, 8 indicators and a month of minutes"
CASES = 60


def contestants() -> Iterator[Contestant]:
    policy = load_policy(ROOT / "rules")
    documents = [document for _, document in documents_of(policy, people(policy, 10_000))[:FEW]]
    engine = Engine(policy)
    atexit.register(engine.close)
    exact, agenda = ExactEngine(policy), case_agenda(policy, None)
    machine, program = Machine(policy), CaseProgram(case_chain(policy))
    plain = [(document["kasus"], document["indikator"], document.get("penilaian", [])) for document in documents]
    for document, arguments in zip(documents, plain, strict=True):
        outcome = exact.evaluate(agenda, *_facts(policy, document)).outcome
        assert by_hand(*arguments) == (outcome.outputs["predikat"], outcome.outputs["tpp_bruto"])
    encoded = [engine.encode_case(*_facts(policy, document)) for document in documents]
    yield Contestant("plain Python closures", _each(by_hand, plain), CASES, "two outputs, nothing checked; rationals")
    yield Contestant("generated Python (integer form)", _each(program.compute, encoded), CASES, "facts admitted before")
    asked = [(document,) for document in documents]
    traced = _each(engine.evaluate, asked)
    yield Contestant("exact", _each(lambda d: exact.evaluate(agenda, *_facts(policy, d)), asked), CASES, "FEEL in rationals")
    alone = _each(lambda *case: machine.evaluate(None, *case), encoded)
    yield Contestant("rete (durable_rules)", alone, CASES, "in this process; facts admitted before")
    yield Contestant("both engines", _each(lambda d: next(iter(engine.outcomes([d]))), asked), CASES, "compared; no trace")
    yield Contestant("both engines with trace", traced, CASES, "as the console has it")


def _facts(policy: Any, document: Any) -> tuple[Any, Any]:
    facts = admit_case(policy, document)
    return facts.kasus, facts.items


def _each(function: Callable[..., Any], arguments: list[Any]) -> Callable[[], None]:
    turn = cycle(arguments)

    def compute() -> None:
        for _ in range(CASES):
            function(*next(turn))

    return compute
