"""How simulated people act: what they answer on each form, and what they achieve. Drawn from the seed, person by person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from ..core.numbers import round_half_up
from ..core.periods import Period
from ..services.evaluation.measure import AttendanceEntry
from ..services.views import ItemView

BEHAVIOUR_REASONS = {
    "di_atas": "Warga dan rekan kerja beberapa kali menyebut namanya: tanggap, jujur pada kesalahan, dan mengajari yang lain.",
    "sesuai": "Melayani dengan ramah, menepati janji waktu, dan membantu rekan saat loket ramai.",
    "di_bawah": "Tiga kali meninggalkan tugas tanpa pengganti dan menolak membantu rekan; sudah dibicarakan 12 Mei dan 9 Juni.",
}
QUALITY_REASONS = (
    (90, "Sampel 20 berkas: lengkap, tanpa salah ketik, dan penjelasan kepada warga tertulis jelas."),
    (75, "Sampel 20 berkas: dua perlu pembetulan kecil, tidak ada yang merugikan warga."),
    (0, "Sampel 20 berkas: lima harus diulang karena data tidak cocok; warga datang dua kali."),
)


@dataclass(frozen=True, slots=True)
class Conduct:
    """One person's half-year. ability: per cent of what the standard asks, about 100. behaviour: what the appraiser sees."""

    ability: int
    behaviour: str
    random: Random


def conduct_of(nip: str, seed: int) -> Conduct:
    random = Random(f"{seed}:{nip}")  # noqa: S311 - invented people
    ability = 84 + random.randrange(19) + random.randrange(19)
    draw = random.randrange(100)
    behaviour = "di_atas" if draw < 12 + max(0, ability - 104) * 3 else "di_bawah" if draw >= 98 else "sesuai"
    return Conduct(ability, behaviour, random)


def answers(task: str, conduct: Conduct) -> dict[str, str]:
    """What the person in charge types into the form of a task; KeyError for a task this cast does not know."""
    score = min(98, max(45, conduct.ability * 80 // 100 + conduct.random.randrange(-5, 9)))
    return {
        "susun_skp": {"sudah_baca_standar": "true"},
        "setujui_skp": {"keputusan_skp": "setuju"},
        "lapor_realisasi": {"pernyataan_realisasi": "true"},
        "nilai_perilaku": {"perilaku_kerja": conduct.behaviour, "alasan_perilaku": BEHAVIOUR_REASONS[conduct.behaviour]},
        "setujui_penilaian": {"keputusan_atasan": "setuju"},
        "nilai_mutu": {
            "skor_mutu": str(score),
            "alasan_mutu": next(reason for floor, reason in QUALITY_REASONS if score >= floor),
            "bukti_mutu": "lembar rubrik tim evaluasi",
            "kalibrasi": "tetap",
        },
        "tinjau_hasil": {
            "bukti_lengkap": "true",
            "tindak_lanjut": "pembinaan",
            "catatan_tinjauan": "Bukti dan alasan tertulis lengkap; cuti tidak ikut terhitung.",
        },
        "terbitkan": {"konfirmasi_terbit": "true"},
        "baca_hasil": {"sudah_baca_alasan": "true", "tanggapan": "terima"},
    }[task]


def actual(item: ItemView, conduct: Conduct) -> Fraction:
    """What the person achieved on a reported indicator, near the target by their ability, to two digits."""
    percent = conduct.ability + conduct.random.randrange(-6, 7)
    if item.polarity == "lebih_tinggi":
        value = item.target * percent / 100
        if item.unit == "persen" and item.target <= 100:
            value = min(value, Fraction(100))
    elif item.polarity == "lebih_rendah":
        value = item.target * max(200 - percent, 0) / 100
    else:
        high = item.target_high if item.target_high is not None else item.target
        middle = (item.target + high) / 2
        value = middle if percent >= 95 else middle * (200 - percent) / 100
    return round_half_up(value, 0 if item.unit in ("dokumen", "laporan", "kasus", "kegiatan", "orang", "unit") else 2)


def attendance(nip: str, conduct: Conduct, period: Period, holidays: frozenset[date]) -> list[AttendanceEntry]:
    """Each working day of the last month, and of the months before only the days with something to tell."""
    month = period.last.replace(day=1)
    entries = []
    day = period.first
    while day <= period.last:
        if day.weekday() < 5 and day not in holidays:
            draw = conduct.random.randrange(200)
            late: int | None = 0
            if draw < 14:
                late = conduct.random.choice((3, 8, 12, 19, 27, 34, 48, 65, 95))
            elif draw == 14:
                late = None
            absent = draw == 15 and conduct.ability < 98
            if day >= month or late != 0 or absent:
                entries.append(AttendanceEntry(nip, day, 0 if absent else late, absent))
        day += timedelta(days=1)
    return entries
