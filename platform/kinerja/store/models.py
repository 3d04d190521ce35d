"""All tables in one list, required before requiring."""

from __future__ import annotations

from .accounts import ROLES, Receipt, Role, User, UserRole
from .assessment import PatternOverride, PeerAnswer, RubricRating, UnitAchievement
from .base import Record, Row, Versioned
from .cycles import IN_FORCE, STAGES, TASK_STATES, Case, CaseMove, Cycle, PlanItem, ProcessVersion, Task
from .decisions import Evaluation, Incident, Judgement, Letter, LetterCase, NumberRegister, Release
from .facts import Attendance, Import, ImportChange, Measurement, ServiceEvent
from .jobs import ITEM_STATES, JOB_STATES, CasePause, Job, JobItem, Rehearsal
from .journal import LedgerEntry
from .monitoring import NOTE_KINDS, CaseNote, Dispute, EvidenceFile
from .pay import LINE_KINDS, RUN_STATES, PayLine, PayRun
from .people import (
    ASSIGNMENT_KINDS,
    PERSON_STATUSES,
    POSITION_KINDS,
    UNIT_KINDS,
    Absence,
    Assignment,
    ConflictOfInterest,
    FormerValue,
    Notice,
    Person,
    PersonnelRecord,
    Position,
    Unit,
)
from .plans import PLAN_STATES, PlanVersion
from .reacting import Firing, Lapse
from .simulations import Simulation
from .training import EVENT_KINDS, Acknowledgement, Question, TrainingAttendance, TrainingEvent, TrainingInvite

MODELS: tuple[type[Row], ...] = (
    Unit, Position, Person, Assignment, Absence, ConflictOfInterest, PersonnelRecord, Notice, ProcessVersion, Cycle, Case,
    PlanItem, Task, CaseMove, Import, ImportChange, ServiceEvent, Attendance, Measurement, Judgement, Release, Evaluation,
    Incident, NumberRegister, Letter, LetterCase, UnitAchievement, PatternOverride, PeerAnswer, CaseNote, Dispute, RubricRating,
    EvidenceFile,
    TrainingEvent, TrainingInvite,
    TrainingAttendance, Acknowledgement, Question, FormerValue, Role, User, UserRole, Receipt, LedgerEntry, Job, JobItem, CasePause,
    Rehearsal, Simulation, PayRun, PayLine, Firing, Lapse, PlanVersion,
)  # fmt: skip

__all__ = [
    "ASSIGNMENT_KINDS",
    "EVENT_KINDS",
    "IN_FORCE",
    "ITEM_STATES",
    "JOB_STATES",
    "LINE_KINDS",
    "MODELS",
    "NOTE_KINDS",
    "PERSON_STATUSES",
    "PLAN_STATES",
    "POSITION_KINDS",
    "ROLES",
    "RUN_STATES",
    "STAGES",
    "TASK_STATES",
    "UNIT_KINDS",
    "Absence",
    "Acknowledgement",
    "Assignment",
    "Attendance",
    "Case",
    "CaseMove",
    "CaseNote",
    "CasePause",
    "ConflictOfInterest",
    "Cycle",
    "Dispute",
    "Evaluation",
    "EvidenceFile",
    "Firing",
    "FormerValue",
    "Import",
    "ImportChange",
    "Incident",
    "Job",
    "JobItem",
    "Judgement",
    "Lapse",
    "LedgerEntry",
    "Letter",
    "LetterCase",
    "Measurement",
    "Notice",
    "NumberRegister",
    "PatternOverride",
    "PayLine",
    "PayRun",
    "PeerAnswer",
    "Person",
    "PersonnelRecord",
    "PlanItem",
    "PlanVersion",
    "Position",
    "ProcessVersion",
    "Question",
    "Receipt",
    "Record",
    "Rehearsal",
    "Release",
    "Role",
    "Row",
    "RubricRating",
    "ServiceEvent",
    "Simulation",
    "Task",
    "TrainingAttendance",
    "TrainingEvent",
    "TrainingInvite",
    "Unit",
    "UnitAchievement",
    "User",
    "UserRole",
    "Versioned",
]
