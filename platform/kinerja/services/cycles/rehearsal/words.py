"""A rehearsal in words, for the terminal and the demo."""

from __future__ import annotations

from ....core.indonesian import long_date, number
from .report import Report

SHOWN = 5
ROLES = {
    "pejabat_penilai": "pejabat penilai", "atasan_pejabat_penilai": "atasan penilai", "tim_evaluasi": "tim evaluasi",
    "bkpsdm": "BKPSDM",
}  # fmt: skip


def told(report: Report) -> tuple[str, ...]:
    """Lines in Indonesian."""
    lines = [headline(report)]
    if report.bottleneck:
        lines.append(f"Tersendat di: {report.bottleneck}")
    lines.append(f"Pengingat {number(report.reminders)}, eskalasi {number(report.escalations)}, insiden {number(report.incidents)}")
    if report.refused:
        lines.append(f"Terhalang sejak perencanaan: {number(report.refused)} pegawai (lihat pratinjau pembukaan)")
    lines.append("Tugas:")
    lines += [f"  {t.title}: {number(t.count)}, terlewat {number(t.missed)}, biasanya {number(t.days)} hari" for t in report.tasks]
    lines.append("Beban terbanyak dalam satu minggu:")
    lines += [
        f"  {row.name} ({ROLES.get(row.role, row.role)}): {number(row.tasks)} tugas, minggu {long_date(row.week)}"
        for row in report.load[:SHOWN]
    ]
    behind = [row for row in report.offices if row.missed]
    lines.append("Tenggat terlewat tiap perangkat daerah:" if behind else "Tidak ada perangkat daerah yang melewati tenggat.")
    lines += [f"  {row.name}: {number(row.missed)} dari {number(row.tasks)}" for row in behind[:SHOWN]]
    return tuple(lines)


def headline(report: Report) -> str:
    return (
        f"Gladi {report.title}: {number(report.cases)} kasus, {number(report.finished)} selesai sampai {long_date(report.last)}, "
        f"{number(report.missed)} tenggat terlewat"
    )
