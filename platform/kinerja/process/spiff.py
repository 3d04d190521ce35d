"""The workflow kernel: the one module that imports SpiffWorkflow, and everything of it that we replace.

What Spiff does here: build the task tree from the BPMN file and move tokens through it (splits, joins, boundary events, called
processes). What it may not do: evaluate Python from the file, read the system clock, copy process data from task to task
(its merge writes lists element by element), or write its own 10 KB state. Conditions, operations, timers and data belong to
the `Conductor` it is given; the state is ours, a few numbers a task.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import BoundaryEventParser, IntermediateCatchEventParser
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.script_engine.python_engine import PythonScriptEngine
from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, BoundaryEventSplit
from SpiffWorkflow.bpmn.specs.defaults import BoundaryEvent, ExclusiveGateway, IntermediateCatchEvent, ParallelGateway, ServiceTask
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from ..core.errors import IncidentError
from .source import DRAWN_ONLY

logging.getLogger("spiff").setLevel(logging.ERROR)  # its log lines carry task data

MAX_AUTOMATIC_STEPS = 500
"""Far below the depth of 1,000 at which Spiff stops looking for tasks without a word."""
LASTING = TaskState.WAITING | TaskState.READY | TaskState.STARTED | TaskState.FINISHED_MASK
_NUMBERED = 1 << 32
"""Tasks that were stored before have small ids, new ones random 128-bit ids."""


class Conductor(Protocol):
    """Everything a running process asks of the world. process, node: ids in the BPMN files."""

    def choose(self, process: str, gateway: str) -> str:
        """The id of the flow to take."""
        ...

    def perform(self, process: str, node: str) -> None:
        """Run the operation of a service or business rule task."""
        ...

    def due(self, process: str, node: str) -> datetime: ...

    def now(self) -> datetime: ...

    def passed(self, process: str, node: str, flow: str | None) -> None:
        """A node is done; flow: the one chosen at a gateway, None elsewhere."""
        ...


class _Engine(PythonScriptEngine):  # type: ignore[misc]
    """Stands where Spiff expects its script engine; whatever would run code raises."""

    def __init__(self, conductor: Conductor) -> None:
        super().__init__()
        self.conductor = conductor

    def _refuse(self, *_arguments: Any, **_named: Any) -> Any:
        raise IncidentError("kode_ditolak", "berkas proses mencoba menjalankan kode", "a process file tried to run code")

    evaluate = execute = call_service = validate = _refuse


def _conductor(task: Task) -> Conductor:
    conductor: Conductor = task.workflow.script_engine.conductor
    return conductor


class _Choice(ExclusiveGateway):  # type: ignore[misc]
    """An exclusive gateway that asks the conductor which flow to take."""

    def __init__(self, wf_spec: Any, name: str, **kwargs: Any) -> None:
        super().__init__(wf_spec, name, **kwargs)
        self.ways: dict[str, str] = {}

    def _run_hook(self, my_task: Task) -> bool:
        if len(self.ways) == 1:
            flow = next(iter(self.ways))
        else:
            flow = _conductor(my_task).choose(my_task.workflow.spec.name, self.name)
        output = my_task.workflow.spec.get_task_spec_from_name(self.ways[flow])
        my_task._sync_children([output], TaskState.FUTURE)
        for child in my_task.children:
            child.task_spec._predict(child, mask=TaskState.FUTURE | TaskState.PREDICTED_MASK)
        my_task.internal_data["flow"] = flow
        return True


class _ChoiceParser(ConditionalGatewayParser):  # type: ignore[misc]
    def connect_outgoing(self, outgoing_task: Any, sequence_flow_node: Any, is_default: bool) -> None:
        self.task.connect(outgoing_task)
        self.task.ways[sequence_flow_node.get("id")] = outgoing_task.name


class _Join(ParallelGateway):  # type: ignore[misc]
    """A parallel gateway that waits for one token on each incoming flow.

    Spiff's own guesses from the shape of the task tree which branches have come; inside a loop it fires too early. Here an
    arrival waits as a task of its own, and the last one to come uses up the others.
    """

    def _update_hook(self, my_task: Task) -> bool:
        others = [
            task
            for task in my_task.workflow.tasks.values()
            if task.task_spec is self and task is not my_task and task.state == TaskState.WAITING
        ]
        if {task.parent.task_spec.name for task in (my_task, *others)} >= set(self._inputs):
            for task in others:
                task.cancel()
            return True
        my_task._set_state(TaskState.WAITING)
        return False

    def _run_hook(self, _my_task: Task) -> bool:
        return True


class _Operation(ServiceTask):  # type: ignore[misc]
    def _execute(self, my_task: Task) -> bool:
        _conductor(my_task).perform(my_task.workflow.spec.name, self.name)
        return True


class _Timer(TimerEventDefinition):  # type: ignore[misc]
    """A timer that asks the conductor when it is up and what time it is. Its due instant is fixed once, when it starts."""

    def has_fired(self, my_task: Task) -> bool:
        due = my_task.internal_data.get("due")
        if due is None:
            due = _conductor(my_task).due(my_task.workflow.spec.name, my_task.task_spec.name).isoformat()
            my_task.internal_data["due"] = due
        if datetime.fromisoformat(due) <= _conductor(my_task).now():
            my_task.internal_data["event_fired"] = True
        return bool(my_task.internal_data.get("event_fired", False))


class _TimerParser:
    bpmn_id: str

    def parse_timer_event(self, _event: Any) -> _Timer:
        return _Timer(self.bpmn_id, "")


class _BoundaryParser(_TimerParser, BoundaryEventParser):  # type: ignore[misc]
    pass


class _CatchParser(_TimerParser, IntermediateCatchEventParser):  # type: ignore[misc]
    pass


class _Parser(BpmnParser):  # type: ignore[misc]
    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012
        full_tag("exclusiveGateway"): (_ChoiceParser, _Choice),
        full_tag("parallelGateway"): (GatewayParser, _Join),
        full_tag("serviceTask"): (TaskParser, _Operation),
        full_tag("businessRuleTask"): (TaskParser, _Operation),
        full_tag("boundaryEvent"): (_BoundaryParser, BoundaryEvent),
        full_tag("intermediateCatchEvent"): (_CatchParser, IntermediateCatchEvent),
    }


class Program:
    """The parsed specs of one definition; shared by all its cases and never changed."""

    def __init__(self, main: str, files: Iterable[bytes]) -> None:
        """main: id of the process to run. files: its own XML and that of the processes it calls, all checked before."""
        parser = _Parser()
        xml = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True)
        try:
            for data in files:
                root = etree.fromstring(data, xml)
                etree.strip_elements(root, *(full_tag(name) for name in DRAWN_ONLY), with_tail=False)
                parser.add_bpmn_xml(root)
            self.spec = parser.get_spec(main)
            self.called = parser.get_subprocess_specs(main)
        except SpiffWorkflowException as error:
            raise IncidentError(
                "proses_tidak_dapat_dijalankan",
                f"mesin alur kerja menolak berkas: {error}",
                f"the workflow engine refuses the file: {error}",
            ) from error

    def fresh(self, conductor: Conductor) -> Run:
        return Run(BpmnWorkflow(self.spec, self.called, script_engine=_Engine(conductor)), conductor)

    def restored(self, state: dict[str, Any], conductor: Conductor) -> Run:
        workflow = BpmnWorkflow(self.spec, self.called, script_engine=_Engine(conductor), deserializing=True)
        _restore(workflow, state["root"])
        for stored in state.get("sub", ()):
            parent = workflow.get_task_from_id(UUID(int=stored["of"]))
            subprocess = BpmnSubWorkflow(self.called[parent.task_spec.spec], parent.id, workflow, deserializing=True)
            workflow.subprocesses[parent.id] = subprocess
            _restore(subprocess, stored)
            if isinstance(parent.task_spec, SubWorkflowTask) and not subprocess.completed:
                subprocess.completed_event.connect(parent.task_spec._on_subworkflow_completed, parent)
        for part in (workflow, *workflow.subprocesses.values()):
            part._predict(mask=TaskState.NOT_FINISHED_MASK)
        return Run(workflow, conductor, state["next"])


class Run:
    """One case in memory."""

    def __init__(self, workflow: BpmnWorkflow, conductor: Conductor, following: int = 1) -> None:
        self._workflow = workflow
        self._conductor = conductor
        self._following = following
        self._steps = 0

    def advance(self) -> None:
        """Fire what is due and run everything that needs no person, until only people and timers are waited for."""
        self._workflow.refresh_timers()
        self._workflow.do_engine_steps(will_complete_task=self._count, did_complete_task=self._done)
        left = next((task for task in self._tasks() if task.state == TaskState.READY and not task.task_spec.manual), None)
        if left is not None:
            raise _endless(left)

    def waiting_people(self) -> Iterator[tuple[int, str, str]]:
        """(number, process, node) of each human task that is ready, oldest first. Numbers are those of `state`."""
        found = [task for task in self._tasks() if task.state == TaskState.READY and task.task_spec.manual]
        for task in sorted(found, key=lambda task: task.id.int):
            yield task.id.int, task.workflow.spec.name, task.task_spec.name

    def waiting_timers(self) -> Iterator[tuple[str, str, datetime]]:
        """(process, node, due) of each timer that runs."""
        for task in self._tasks():
            if task.state == TaskState.WAITING and "due" in task.internal_data:
                yield task.workflow.spec.name, task.task_spec.name, datetime.fromisoformat(task.internal_data["due"])

    def complete(self, number: int) -> None:
        """Finish a human task that is ready."""
        task = self._workflow.get_task_from_id(UUID(int=number))
        task.run()
        self._done(task)

    @property
    def finished(self) -> bool:
        return bool(self._workflow.completed)

    def state(self) -> dict[str, Any]:
        """Plain values that `Program.restored` takes; gives every lasting task its number."""
        following = self._number()
        subs = [{"of": parent.int, **_stored(sub)} for parent, sub in self._workflow.subprocesses.items() if not sub.completed]
        return {"next": following, "root": _stored(self._workflow), **({"sub": subs} if subs else {})}

    def _tasks(self) -> Iterator[Task]:
        for part in (self._workflow, *self._workflow.subprocesses.values()):
            yield from part.tasks.values()

    def _count(self, task: Task) -> None:
        self._steps += 1
        if self._steps > MAX_AUTOMATIC_STEPS:
            raise _endless(task)

    def _done(self, task: Task) -> None:
        if getattr(task.task_spec, "bpmn_id", None):
            self._conductor.passed(task.workflow.spec.name, task.task_spec.bpmn_id, task.internal_data.pop("flow", None))

    def _number(self) -> int:
        """Replace random ids by the next small numbers (never one used before); the same steps always give the same state."""
        following = self._following
        renamed: dict[UUID, UUID] = {}
        for task in self._tasks():
            if task.has_state(LASTING) and task.id.int >= _NUMBERED:
                renamed[task.id] = UUID(int=following)
                following += 1
        for part in (self._workflow, *self._workflow.subprocesses.values()):
            for task in list(part.tasks.values()):
                task._parent = renamed.get(task._parent, task._parent)
                task._children = [renamed.get(child, child) for child in task._children]
                task.id = renamed.get(task.id, task.id)
            part.tasks = {task.id: task for task in part.tasks.values()}
            if part is not self._workflow:
                part.parent_task_id = renamed.get(part.parent_task_id, part.parent_task_id)
        self._workflow.subprocesses = {renamed.get(key, key): sub for key, sub in self._workflow.subprocesses.items()}
        return following


def _endless(task: Task) -> IncidentError:
    return IncidentError(
        "proses_berputar",
        f"proses berputar tanpa henti di “{task.task_spec.name}”",
        f'the process runs in circles at "{task.task_spec.name}"',
        remedy_id="beri jalan keluar dari putaran itu di berkas proses",
        remedy_en="give that loop a way out in the process file",
    )


def _stored(workflow: Any) -> dict[str, Any]:
    """Tasks as [number, number of parent or 0, spec, state, due?]; what is only predicted is left out and predicted again."""
    root = workflow.task_tree
    kept, front = _needed(workflow)
    rows = []
    for task in kept:
        parent = 0 if task is root else root.id.int if task is front else task._parent.int
        row: list[Any] = [task.id.int, parent, task.task_spec.name, task.state]
        if task.state == TaskState.WAITING and "due" in task.internal_data:
            row.append(task.internal_data["due"])
        rows.append(row)
    return {"tasks": rows, **({"completed": True} if workflow.completed else {})}


def _needed(workflow: Any) -> tuple[list[Task], Task | None]:
    """The tasks that what follows depends on, and the one to hang directly below the root.

    A case that waits in one place needs only that place: the task, and its timers below their common split. The way there is
    dropped, so that a plan sent back thirty times costs no more than one sent back once. Open branches need their whole history.
    """
    lasting = [task for task in workflow.tasks.values() if task.has_state(LASTING)]
    waiting = [task for task in lasting if not task.has_state(TaskState.FINISHED_MASK)]
    end = workflow.spec.end
    active = [task for task in waiting if task.task_spec is not end and not isinstance(task.task_spec, BoundaryEventJoin)]
    waiting = active or waiting  # the other two wait for these and are made again when these are done
    root = workflow.task_tree
    parents = {task._parent for task in waiting}
    if workflow.completed or not waiting:
        return [root], None
    if len(parents) > 1 or root in waiting:
        return lasting, None
    parent = waiting[0].parent
    if isinstance(parent.task_spec, BoundaryEventSplit):
        return [task for task in lasting if task is root or task is parent or task._parent == parent.id], parent
    return ([root, waiting[0]], waiting[0]) if len(waiting) == 1 else (lasting, None)


def _restore(workflow: Any, stored: dict[str, Any]) -> None:
    children: dict[UUID, list[UUID]] = {}
    for number, parent, name, state, *rest in stored["tasks"]:
        task = Task(workflow, workflow.spec.task_specs[name], state=state, id=UUID(int=number))
        task._parent = UUID(int=parent) if parent else None
        if rest:
            task.internal_data["due"] = rest[0]
        if parent:
            children.setdefault(task._parent, []).append(task.id)
        else:
            workflow.task_tree = task
        if isinstance(task.task_spec, CatchingEvent) and state == TaskState.WAITING:
            workflow.top_workflow.event_manager.add_task(task)
    for parent_id, below in children.items():
        workflow.tasks[parent_id]._children = below
    workflow.completed = stored.get("completed", False)
