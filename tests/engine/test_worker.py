"""The worker process: killed, hung or restarted, it costs one case an incident and no more."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from kinerja.core.errors import IncidentError, InputError, KinerjaError
from kinerja.core.findings import Finding
from kinerja.engine import Engine, agree
from kinerja.engine.answer import Answer
from kinerja.engine.rete import spare, wire, worker
from kinerja.policy import Policy

from .faults import FAULTS

GIVEN = {"x": Fraction(70)}


def _instead(function: Any, *arguments: Any) -> Any:
    """A Worker.decide that has the process run something else: what it does is then up to that."""
    return lambda self, *question: self.submit(function, *arguments)


def test_start_is_quick_and_answers_come(policy: Policy) -> None:
    with Engine(policy) as engine:
        begun = time.monotonic()
        engine.start()
        assert time.monotonic() - begun < 5  # under 1.5 s on an idle machine
        assert engine.decide("pita", GIVEN).outcome.outputs == {"pita": "tengah"}


@pytest.mark.parametrize(("act", "code"), [((os.abort,), "mesin_mati"), ((os._exit, 3), "mesin_mati"), ((int, "x"), "mesin_mati")])
def test_a_crash_is_an_incident_and_the_next_case_runs_on_a_fresh_worker(
    policy: Policy, monkeypatch: pytest.MonkeyPatch, act: tuple[Any, ...], code: str
) -> None:
    with Engine(policy) as engine:
        engine.start()
        with monkeypatch.context() as patch:
            patch.setattr(worker.Worker, "decide", _instead(*act))
            with pytest.raises(IncidentError) as incident:
                engine.decide("pita", GIVEN)
        assert incident.value.code == code
        assert incident.value.details["facts"] == {"given": {"x": 70}}
        assert incident.value.details["decision"] == "pita"
        assert engine.decide("pita", GIVEN).outcome.outputs == {"pita": "tengah"}


def test_a_spent_budget_is_an_incident_and_the_next_case_runs_on_a_fresh_worker(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Engine(policy) as engine:
        engine.start()
        before = engine._worker._process
        with monkeypatch.context() as patch:
            patch.setattr(worker.Worker, "decide", _instead(*FAULTS["mesin_berputar"]))
            with pytest.raises(IncidentError) as incident:
                engine.decide("pita", GIVEN)
        assert incident.value.code == "mesin_berputar"
        assert "200" in incident.value.text_en
        assert incident.value.details["facts"] == {"given": {"x": 70}}
        assert engine.decide("pita", GIVEN).outcome.outputs == {"pita": "tengah"}
        assert engine._worker._process is not before


def test_a_disagreement_is_an_incident_and_the_next_case_runs_on_a_fresh_worker(
    policy: Policy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others that wait for the same worker are asked again and lose nothing."""
    with Engine(policy) as engine:
        engine.start()
        before = engine._worker._process
        real, calls = agree.outcome_of, iter(range(100))

        def wrong(*arguments: Any) -> Any:
            outcome = real(*arguments)
            if next(calls) == 3:
                outcome.outputs["pita"] = "lain"
            return outcome

        monkeypatch.setattr(agree, "outcome_of", wrong)
        results = list(engine.decide_many(("pita", {"x": Fraction(n)}, None) for n in range(60)))
        assert [n for n, result in enumerate(results) if not isinstance(result, Finding)] == [3]
        assert isinstance(results[3], IncidentError)
        assert results[3].code == "mesin_berbeda"
        assert results[3].details["facts"] == {"given": {"x": 3}}
        assert engine._worker._process is not before


@pytest.mark.slow
def test_a_worker_that_dies_while_it_starts_is_an_incident_and_no_deadlock() -> None:
    """A program that starts an engine outside its main guard: its worker cannot start, since it would start one too."""
    rules = Path(__file__).parents[2] / "rules"  # larger than what a pipe holds
    script = f"""
from fractions import Fraction
from pathlib import Path
from kinerja.core.errors import IncidentError
from kinerja.engine import Engine
from kinerja.policy import load_policy
try:
    Engine(load_policy(Path({str(rules)!r}))).decide("hasil_kerja", {{"nilai_hasil_kerja": Fraction(70)}})
except IncidentError as error:
    print(error.code)
"""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "tanpa_jaga.py"
        program.write_text(script, "utf-8")
        done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.split()[-1] == "mesin_mati", done.stderr[-500:]


def test_who_asks_alone_takes_the_answer_itself_and_many_are_read_for_them(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    readers: list[str] = []
    real = worker.Worker._hand_out

    def noted(self: worker.Worker, *arguments: Any) -> None:
        readers.append(threading.current_thread().name)
        real(self, *arguments)

    with Engine(policy) as engine:
        engine.start()
        for _ in range(3):
            engine.decide("pita", GIVEN)
        monkeypatch.setattr(worker.Worker, "_hand_out", noted)
        for _ in range(5):
            engine.decide("pita", GIVEN)
        assert readers == [threading.current_thread().name] * 5
        readers.clear()
        assert len(list(engine.decide_many([("pita", GIVEN, None)] * 20))) == 20
        assert "kinerja-rete-answers" in readers
        time.sleep(0.1)
        readers.clear()
        engine.decide("pita", GIVEN)
        assert readers == [threading.current_thread().name], "and alone again afterwards"


@pytest.mark.slow
def test_who_is_busy_past_the_time_limit_still_finds_the_answer_that_came(policy: Policy) -> None:
    with Engine(policy, time_limit=0.4) as engine:
        engine.start()
        job = engine._begin_decide("pita", GIVEN, None)
        time.sleep(1.0)
        assert engine._finish(job).outcome.outputs == {"pita": "tengah"}


def test_a_worker_that_dies_while_nobody_asks_is_replaced_unnoticed(policy: Policy) -> None:
    with Engine(policy) as engine:
        engine.decide("pita", GIVEN)
        process = engine._worker._process
        assert process is not None
        process._process.kill()
        process._process.join()
        ended = time.monotonic() + 5
        while engine._worker._process is process and time.monotonic() < ended:
            time.sleep(0.01)
        assert engine.decide("pita", GIVEN).outcome.outputs == {"pita": "tengah"}


def test_a_process_started_ahead_serves_the_next_policy_and_a_dead_one_none(policy: Policy) -> None:
    spare.prepare()
    (_, (_, waiting)), *others = spare._spares
    assert not others
    spare.prepare()
    assert [process for _, (_, process) in spare._spares] == [waiting]
    with Engine(policy) as engine:
        assert engine.decide("pita", GIVEN).outcome.outputs == {"pita": "tengah"}
        process = engine._worker._process
        assert process is not None
        assert process._process is waiting
    spare.prepare()
    (_, (_, killed)), *_ = spare._spares
    killed.kill()
    killed.join()
    with Engine(policy) as engine:
        assert engine.decide("pita", GIVEN).outcome.outputs == {"pita": "tengah"}
    assert spare._spares == []


def test_a_hang_ends_at_the_time_limit(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    with Engine(policy, time_limit=0.5) as engine:
        engine.start()
        begun = time.monotonic()
        with monkeypatch.context() as patch:
            patch.setattr(worker.Worker, "decide", _instead(time.sleep, 60))
            with pytest.raises(IncidentError) as incident:
                engine.decide("pita", GIVEN)
        assert incident.value.code == "mesin_lambat"
        assert time.monotonic() - begun < 10
        assert engine.decide("pita", GIVEN).outcome.outputs == {"pita": "tengah"}


def test_a_crash_in_the_middle_of_many_spoils_one_answer(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    with Engine(policy) as engine:
        engine.start()
        real, calls = worker.Worker.decide, iter(range(100))

        def decide(self: Any, *question: Any) -> Any:
            if next(calls) == 3:
                return self.submit(os.abort)
            return real(self, *question)

        monkeypatch.setattr(worker.Worker, "decide", decide)
        results = list(engine.decide_many(("pita", {"x": Fraction(n)}, None) for n in range(8)))
    assert [isinstance(result, IncidentError) for result in results] == [n == 3 for n in range(8)]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other C libraries are left as they are")
def test_what_a_case_took_is_kept_for_the_next(policy: Policy) -> None:
    """Four megabytes, taken in pieces and given back, do not come from the system anew each time."""
    taken = "pieces = [b'.' * 100_000 for _ in range(40)]; del pieces"
    with Engine(policy) as engine:
        engine.ask(exec, taken, {}).result()
        process = engine._worker._process
        assert process is not None
        stat = Path(f"/proc/{process._process.pid}/stat")
        before = int(stat.read_text().rpartition(")")[2].split()[7])
        for _ in range(5):
            engine.ask(exec, taken, {}).result()
        assert int(stat.read_text().rpartition(")")[2].split()[7]) - before < 400


@pytest.mark.parametrize(
    "message",
    [
        (7, "evaluate", (739_000, {"x": 2**70, "y": None, "teks": "é"}, {"butir": [{"kode": "A", "lunas": True, "d": [(1, 3)]}]})),
        (8, os.abort, ()),
        (9, "refused", Answer({"a": [(1, None)]}, (("a", "a", -1, ("a#1",)),))),
    ],
)
def test_messages_come_out_of_the_pipe_as_they_went_in(message: Any) -> None:
    assert wire.from_bytes(wire.to_bytes(message)) == message


def test_an_error_crosses_the_pipe_whole() -> None:
    error = InputError("kode", "teks", "text", fact="x")
    found = wire.from_bytes(wire.to_bytes((1, "refused", error)))[2]
    assert isinstance(found, KinerjaError)
    assert (found.code, found.text_id, found.text_en, found.details) == ("kode", "teks", "text", {"fact": "x"})


@pytest.mark.slow
def test_large_cases_do_not_choke_the_pipe(policy: Policy) -> None:
    butir = [{"kode": f"B{n}", "nilai": Fraction(n % 7), "bobot": Fraction(1)} for n in range(250)]
    kasus = {
        "x": Fraction(70),
        "y": None,
        "teks": None,
        "bendera": True,
        "mulai": "2026-01-01",
        "selesai": "2026-01-02",
        "daftar": [],
    }
    with Engine(policy) as engine:
        findings = list(engine.evaluate_many([{"kasus": kasus, "butir": butir}] * 10))
    assert {len(found.outcome.items["butir"]) for found in findings if isinstance(found, Finding)} == {250}
    assert len(findings) == 10


def test_threads_survive_the_crashes_of_others(policy: Policy) -> None:
    wrong: list[Any] = []

    def ask(number: int) -> None:
        for _ in range(6):
            try:
                if engine.decide("pita", {"x": Fraction(number)}).outcome.outputs["pita"] != "rendah":
                    wrong.append(number)
            except IncidentError as error:
                if error.code != "mesin_mati":
                    wrong.append(error)

    with Engine(policy) as engine:
        engine.start()
        threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        with pytest.raises(IncidentError):
            engine._worker.submit(os.abort).result()
        for thread in threads:
            thread.join(30)
        assert not any(thread.is_alive() for thread in threads)
        assert engine.decide("pita", GIVEN).outcome.outputs == {"pita": "tengah"}
    assert wrong == []


def test_after_a_fork_the_child_starts_a_worker_of_its_own(policy: Policy) -> None:
    with Engine(policy) as engine:
        engine.start()
        parents = engine._worker._process
        engine._worker._owner = -1  # as it looks to a child
        assert engine.decide("pita", GIVEN).outcome.outputs == {"pita": "tengah"}
        assert engine._worker._process is not parents
        assert parents is not None
        parents.stop()


@pytest.mark.slow
def test_a_worker_is_renewed_after_many_cases(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "MAX_TASKS", 5)
    with Engine(policy) as engine:
        seen = set()
        for _ in range(12):
            engine.decide("pita", GIVEN)
            seen.add(id(engine._worker._process))
        assert len(seen) >= 2


def test_a_closed_engine_answers_again_when_asked(policy: Policy) -> None:
    engine = Engine(policy)
    engine.decide("pita", GIVEN)
    engine.close()
    assert engine.decide("pita", GIVEN).outcome.outputs == {"pita": "tengah"}
    engine.close()
    engine.close()


def test_bad_input_never_reaches_the_worker(policy: Policy) -> None:
    with Engine(policy) as engine:
        with pytest.raises(InputError):
            engine.decide("pita", {"x": "70"})
        assert engine._worker._process is None


def test_an_engine_that_nobody_closes_does_not_keep_the_program_alive() -> None:
    rules = Path(__file__).parent / "rules"
    script = f"""
from pathlib import Path
from kinerja.core.findings import Finding
from kinerja.engine import Engine
from kinerja.policy import load_policy
if __name__ == "__main__":
    engine = Engine(load_policy(Path({str(rules)!r})))
    print(engine.decide("pita", {{"x": 70}}).outcome.outputs["pita"])
"""
    script = script.replace('{"x": 70}', '{"x": __import__("fractions").Fraction(70)}')
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == "tengah", done.stderr
    assert done.returncode == 0
