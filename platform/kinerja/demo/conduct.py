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
QUALITY_COMMENTS = {
    "kebenaran": (
        (90, "Sampel 20 berkas: tanpa salah ketik, data cocok dengan dokumen sumber."),
        (75, "Sampel 20 berkas: dua perlu pembetulan kecil, tidak ada yang merugikan warga."),
        (0, "Sampel 20 berkas: lima harus diulang karena data tidak cocok."),
    ),
    "kelengkapan": (
        (90, "Semua lampiran dan paraf ada pada 20 berkas yang diperiksa."),
        (75, "Satu lampiran menyusul setelah diminta; selebihnya lengkap."),
        (0, "Empat berkas tanpa lampiran wajib pada saat diperiksa."),
    ),
    "kegunaan": (
        (90, "Penjelasan kepada warga tertulis jelas; warga tidak perlu datang lagi."),
        (75, "Hasilnya dipakai warga; satu penjelasan perlu diulang di loket."),
        (0, "Warga datang dua kali untuk urusan yang sama."),
    ),
}
"""The team's remark on each criterion of the rubric, by the least score it fits."""


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
        "nilai_mutu": quality(score) | {"kalibrasi": "tetap"},
        "tinjau_hasil": {
            "bukti_lengkap": "true",
            "tindak_lanjut": "pembinaan",
            "catatan_tinjauan": "Bukti dan alasan tertulis lengkap; cuti tidak ikut terhitung.",
        },
        "terbitkan": {"konfirmasi_terbit": "true"},
        "baca_hasil": {"sudah_baca_alasan": "true", "tanggapan": "terima"},
    }[task]


def quality(score: int) -> dict[str, str]:
    """The rubric filled in so that its total is the score: correctness a little lower, completeness and use a little higher."""
    given = {}
    for name, shift in (("kebenaran", -3), ("kelengkapan", 2), ("kegunaan", 2)):
        own = score + shift
        given[f"skor_mutu_{name}"] = str(own)
        given[f"skor_mutu_{name}_komentar"] = next(remark for least, remark in QUALITY_COMMENTS[name] if own >= least)
        given[f"skor_mutu_{name}_bukti"] = "lembar rubrik tim evaluasi"
    return given


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
