"""Processes: BPMN files read, checked and run, their forms, deadlines and pictures.

Knows FEEL and the working-day calendar, not the store, the web or paper: a case's state is text that the caller keeps, and what a
process asks for (operations, time) is handed in. Only `spiff` imports SpiffWorkflow.
"""

from .calendar import Calendar, load_calendar
from .check import ROLES, STAGES
from .definition import CheckedProcess, build_process, check_files, check_path, load_process
from .forms import Field, Form, FormError, Text, shown
from .machine import Machine, ReadyTask, Step, WaitingTimer
from .migrate import Migrated, Migration, Preview, revert
from .model import HumanTaskDef, ProcessDefinition, Term
from .picture import picture
from .terms import due_of, first_word, unknown_year

__all__ = [
    "ROLES",
    "STAGES",
    "Calendar",
    "CheckedProcess",
    "Field",
    "Form",
    "FormError",
    "HumanTaskDef",
    "Machine",
    "Migrated",
    "Migration",
    "Preview",
    "ProcessDefinition",
    "ReadyTask",
    "Step",
    "Term",
    "Text",
    "WaitingTimer",
    "build_process",
    "check_files",
    "check_path",
    "due_of",
    "first_word",
    "load_calendar",
    "load_process",
    "picture",
    "revert",
    "shown",
    "unknown_year",
]
