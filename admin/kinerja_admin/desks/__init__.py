"""Pages of our own, one module a desk: each reads through services, and changes through services, as the signed-in actor."""

from __future__ import annotations

from flask_admin import AdminIndexView, BaseView

from .cases import CaseDesk
from .cycle import CycleDesk
from .evidence import EvidenceDesk
from .fairness import FairnessDesk
from .home import HomeDesk
from .intake import IntakeDesk
from .issue import IssueDesk
from .letters import LetterDesk
from .manage import ManageDesk
from .mine import MineDesk
from .monitoring import MonitoringDesk
from .news import NewsDesk
from .orgmap import PositionMapDesk
from .pay import PayDesk
from .peers import PeersDesk
from .permissions import PermissionsDesk
from .plans import PlanDesk
from .rules import RulesDesk
from .simulations import SimulationDesk
from .staff import StaffDesk
from .tasks import TaskDesk
from .training import TrainingDesk
from .vacancies import VacancyDesk
from .workflows import WorkflowDesk
from .workshop import WorkshopDesk


def home() -> AdminIndexView:
    return HomeDesk("Beranda", endpoint="home", url="/")


def desks() -> tuple[BaseView, ...]:
    """In the order of the menu."""
    return (
        TaskDesk("Tugas saya", endpoint="tasks", url="/tugas"),
        NewsDesk("Kabar", endpoint="news", url="/kabar"),
        MineDesk("Hasil saya", endpoint="mine", url="/hasil-saya"),
        StaffDesk("Jabatan saya", endpoint="staff", url="/orang"),
        CycleDesk("Papan siklus", endpoint="cycle", url="/siklus"),
        ManageDesk("Kelola siklus", endpoint="manage", url="/kelola-siklus"),
        FairnessDesk("Kalibrasi dan keadilan", endpoint="fairness", url="/keadilan"),
        IssueDesk("Penetapan", endpoint="issue", url="/penetapan"),
        PayDesk("Pembayaran", endpoint="pay", url="/pembayaran"),
        TrainingDesk("Sosialisasi", endpoint="training", url="/sosialisasi"),
        RulesDesk("Aturan", endpoint="rules", url="/aturan"),
        SimulationDesk("Simulasi", endpoint="simulations", url="/simulasi"),
        WorkshopDesk("Bengkel aturan", endpoint="workshop", url="/bengkel-aturan"),
        WorkflowDesk("Alur kerja", endpoint="workflows", url="/alur-kerja"),
        PermissionsDesk("Kewenangan", endpoint="permissions", url="/kewenangan"),
        CaseDesk("Kasus", endpoint="cases", url="/kasus"),
        MonitoringDesk("Pemantauan", endpoint="monitoring", url="/pantau"),
        PlanDesk("Rencana kinerja", endpoint="plans", url="/rencana"),
        EvidenceDesk("Berkas bukti", endpoint="evidence", url="/bukti"),
        PeersDesk("Survei perilaku", endpoint="peers", url="/survei"),
        LetterDesk("Surat", endpoint="letters", url="/surat"),
        PositionMapDesk("Peta jabatan", endpoint="orgmap", url="/peta-jabatan"),
        VacancyDesk("Jabatan lowong", endpoint="vacancies", url="/jabatan-lowong"),
        IntakeDesk("Impor data", endpoint="intake", url="/impor-data"),
    )


__all__ = ["desks", "home"]
