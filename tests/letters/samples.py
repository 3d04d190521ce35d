"""Letters of the demo city as services would fill them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from kinerja.core.periods import Period
from kinerja.letters import (
    AbsentDay,
    AnnexRow,
    Assumption,
    Band,
    Basis,
    BerkasPemeriksaan,
    Change,
    CoachingStep,
    CorrectionRow,
    DaftarTpp,
    Dates,
    DokumenEvaluasi,
    Expectation,
    FormulirSkp,
    IncentiveRow,
    IndicatorRow,
    Judgement,
    Keputusan,
    KeputusanInsentif,
    KeputusanKeberatan,
    Letterhead,
    MoneyLine,
    Objection,
    PaymentRow,
    Person,
    Piagam,
    PlanRow,
    Provenance,
    Reason,
    Signatory,
    SuratPembinaan,
)

DAY = date(2026, 7, 20)
PERIOD = Period(date(2026, 1, 1), date(2026, 6, 30))
CYCLE = "Semester I Tahun 2026"
HEAD = Letterhead(
    "Pemerintah Kota Kotalama",
    "Dinas Kependudukan dan Pencatatan Sipil",
    "Jalan Balai Kota Nomor 12, Kotalama 51111",
    "Telepon (0291) 555-0112 · disdukcapil@kotalama.example",
)
CHIEF = Signatory(
    "Kepala Dinas Kependudukan dan Pencatatan Sipil", "Dra. Ratna Nasution, M.Si.", "197103121996032004", "Pembina Utama Muda, IV/c"
)
RELEASE = Provenance(
    "9a1baf43af4fea0c2d5f7b1e90c3d8a6417be5509c2a1f3e8d7766554433aa21",
    "3fd1c0ffee0012ab77aa55cc33ee11009988776655443322110ffeeddccbbaa9",
    "Aturan Kinerja 2026.1",
)
BASIS = (
    Basis("PermenPANRB 6/2022", "Lampiran", "verified"),
    Basis("PP 30/2019", "Pasal 59", "verified"),
    Basis("UU 20/2023", "", "recalled"),
    Basis("PP 12/2019", "Pasal 58", "verified"),
    Basis("PP 94/2021", "", "verified"),
    Basis("PermenPANRB 6/2022", "Pasal 5", "verified"),
    Basis("Kebijakan Kota Kotalama", "kelas dan tarif", "policy"),
    Basis("Daftar TPP dasar Kota Lubuklinggau 2022", "", "verified"),
)
NAMES = (
    "Aisyah Anggraini, S.Kom.",
    "Bambang Budiman",
    "Citra Cahyono, S.E.",
    "Dedi Darmawan",
    "Dr. Raden Ayu Kusumaningtyas Retno Wulandari Prabowosubianto, S.H., M.Kn.",
    "Fajar Gunawan",
    "Gita Hakim",
    "Hendra Halim",
    "Indah Hartono",
    "Joko Hidayat",
    "Kartika Irawan",
    "Lukman Kurniawan",
)
RATINGS = (
    ("Di atas ekspektasi", "Di atas ekspektasi", "Sangat Baik", "112.4166666667", 3407272),
    ("Sesuai ekspektasi", "Sesuai ekspektasi", "Baik", "98.735", 3377272),
    ("Di bawah ekspektasi", "Sesuai ekspektasi", "Butuh Perbaikan", "76.2", 2520981),
)


def row(number: int) -> AnnexRow:
    result, behaviour, rating, score, allowance = RATINGS[(number * 7) % 3 if number % 4 else 1]
    person = Person(
        NAMES[number % len(NAMES)],
        f"19{80 + number % 20}0{1 + number % 9}12{2005 + number % 15}0{1 + number % 9}{1 + number % 2}{number:03d}",
        "Pengatur, II/c",
        "Operator Layanan Administrasi Kependudukan" if number % 3 else "Kepala Bidang Pelayanan Pendaftaran Penduduk",
        "Bidang Pelayanan Pendaftaran Penduduk",
    )
    return AnnexRow(person, Fraction(score), result, behaviour, rating, allowance)


def keputusan(rows: int = 12, **changes: object) -> Keputusan:
    values: dict[str, object] = dict(  # noqa: C408 - reads as the call it becomes
        letterhead=HEAD,
        number="800.1.11.1/017/KEP-DUKCAPIL/2026",
        cycle=CYCLE,
        period=PERIOD,
        place="Kotalama",
        day=DAY,
        signatory=CHIEF,
        legal_basis=BASIS,
        rows=tuple(row(number) for number in range(rows)),
        provenance=RELEASE,
        copies=(
            "Wali Kota Kotalama (sebagai laporan)",
            "Inspektur Kota Kotalama",
            "Kepala BKPSDM Kota Kotalama",
            "Pegawai yang bersangkutan",
        ),
        sample=True,
        sample_reason="sebagian dasar aturan belum diverifikasi dan kota ini adalah kota demo",
    )
    return Keputusan(**(values | changes))  # type: ignore[arg-type]


EXPECTED = (
    Expectation(
        "Berorientasi pelayanan",
        "memahami dan memenuhi kebutuhan masyarakat; ramah, cekatan, solutif; melakukan perbaikan tiada henti",
        "Dahulukan kebutuhan warga yang dilayani; tepati janji waktu.",
    ),
    Expectation("Kolaboratif", "memberi kesempatan berkontribusi; terbuka bekerja sama", "Selesaikan urusan lintas unit bersama."),
)


def dokumen(**changes: object) -> DokumenEvaluasi:
    values: dict[str, object] = dict(  # noqa: C408 - reads as the call it becomes
        letterhead=HEAD,
        number="800.1.11.1/018/EVAL-DUKCAPIL/2026",
        cycle=CYCLE,
        period=PERIOD,
        place="Kotalama",
        day=DAY,
        employee=Person(
            "Bambang Budiman",
            "198904122012011003",
            "Pengatur, II/c",
            "Operator Layanan Administrasi Kependudukan",
            "Bidang Pelayanan Pendaftaran Penduduk",
        ),
        appraiser=Person(
            "Citra Lestari Siregar, S.Sos.",
            "197805022003122001",
            "Penata Tk. I, III/d",
            "Kepala Bidang Pelayanan Pendaftaran Penduduk",
            "Dinas Kependudukan dan Pencatatan Sipil",
        ),
        superior=Person(CHIEF.name, CHIEF.nip, CHIEF.rank, CHIEF.title, HEAD.agency),
        indicators=(
            IndicatorRow(
                "ADM-1",
                "Permohonan KTP-el, KK, dan akta selesai dalam standar waktu",
                "persen",
                Fraction(95),
                Fraction(40),
                None,
                Fraction("90.32"),
                Fraction("95.07"),
                "semakin tinggi semakin baik",
                "config/demo/adminduk-events.csv, 62 permohonan, sha256 9a1baf43…",
            ),
            IndicatorRow(
                "ADM-2",
                "Waktu tunggu median sejak berkas lengkap",
                "menit",
                Fraction(240),
                Fraction(30),
                None,
                Fraction("158.5"),
                Fraction(120),
                "semakin rendah semakin baik",
                "config/demo/adminduk-events.csv, 62 permohonan, sha256 9a1baf43…",
            ),
            IndicatorRow(
                "ADM-3",
                "Mutu hasil layanan menurut tim evaluasi",
                "nilai",
                Fraction(85),
                Fraction(20),
                None,
                Fraction(88),
                Fraction("103.53"),
                "semakin tinggi semakin baik",
                "penilaian tim evaluasi 9 Juli 2026",
            ),
            IndicatorRow(
                "ADM-4",
                "Ketepatan jumlah petugas loket",
                "orang",
                Fraction(7),
                Fraction(10),
                Fraction(8),
                None,
                None,
                "rentang",
                "",
            ),
        ),
        score=Fraction("103.8533333"),
        result="Sesuai ekspektasi",
        behaviour="Sesuai ekspektasi",
        rating="Baik",
        judgements=(
            Judgement(
                "Pejabat penilai",
                "Perilaku kerja",
                "Sesuai ekspektasi",
                "Ramah dan cekatan melayani pemohon lanjut usia; dua kali membantu rekan "
                "menyelesaikan tumpukan berkas pada Maret. Perlu lebih rajin mencatat kemajuan.",
                "Citra Lestari Siregar, S.Sos.",
                date(2026, 7, 6),
            ),
            Judgement(
                "Tim evaluasi",
                "Mutu hasil layanan",
                "88",
                "Dari 20 berkas acak, 18 lengkap dan terbaca; dua akta perlu koreksi ejaan.",
                "Nurul Wijaya, S.Stat.",
                date(2026, 7, 9),
            ),
        ),
        allowance=(
            MoneyLine("TPP dasar (kelas 6)", "5.764.000 × 0,59112978, dibulatkan ke rupiah", Fraction(3407272)),
            MoneyLine("Produktivitas", "3.407.272 × 60 % × 100 %", Fraction(2044363)),
            MoneyLine("Disiplin", "3.407.272 × 40 % × 98,5 %", Fraction(1342465)),
            MoneyLine("TPP bruto per bulan", "2.044.363 + 1.342.465", Fraction(3386828), total=True),
        ),
        reasons=(
            Reason(
                "Capaian ADM-1 95,07 %: realisasi 90,32 dibagi target 95, dikali 100, dibulatkan setengah ke atas 2 digit.",
                "capaian_indikator · langkah mentah, rules/decisions/capaian_indikator.yaml:31",
                "PermenPANRB 8/2021 Lampiran",
                "recalled",
            ),
            Reason(
                "Hasil kerja “sesuai ekspektasi” karena nilai hasil kerja 103,85333… berada dalam [90..110).",
                "hasil_kerja#2, rules/decisions/hasil_kerja.yaml:18",
                "Kebijakan Kota Kotalama",
                "policy",
            ),
            Reason(
                "Predikat Baik karena hasil kerja sesuai ekspektasi dan perilaku kerja sesuai ekspektasi.",
                "predikat_kinerja#5, rules/decisions/predikat_kinerja.yaml:22",
                "PermenPANRB 6/2022 Lampiran",
                "verified",
            ),
            Reason(
                "Baik dibayar 100 %.", "persen_tpp#2, rules/incentives/persen_tpp.yaml:19", "Perwali Kotalama tentang TPP", "policy"
            ),
        ),
        provenance=RELEASE,
        job_class=6,
        months=6,
        organisation="Baik",
        lift=(
            "Naik ke Sangat Baik memerlukan hasil kerja dan perilaku di atas ekspektasi; "
            "nilai hasil kerja kurang 6,15 dari ambang 110. Cara terkecil: ADM-1 dari 90,32 menjadi 99,12.",
        ),
        notes=(
            "Bobot ADM-4 (10 %) disebarkan ke indikator lain karena belum dinilai.",
            "Disarankan mengikuti bimbingan teknis layanan prima pada semester berikutnya.",
        ),
        objection=Objection(14, date(2026, 8, 3)),
        dates=Dates(made=date(2026, 7, 6), received=None, superior=date(2026, 7, 8)),
        expectations=EXPECTED,
        sample=True,
        sample_reason="sebagian dasar aturan belum diverifikasi dan kota ini adalah kota demo",
    )
    return DokumenEvaluasi(**(values | changes))  # type: ignore[arg-type]


ASSUMED = (
    Assumption(
        "Kelas jabatan", "Kelas 8", "catatan tidak memuat kelas jabatan; dipakai kelas Penata Perizinan Ahli Pertama di Kotalama"
    ),
    Assumption(
        "Perilaku kerja",
        "Sesuai ekspektasi",
        "catatan tidak memuat penilaian perilaku; dipakai nilai tengah, bukan penilaian seorang pejabat",
    ),
    Assumption("Presensi", "Tidak ada keterlambatan", "catatan tidak memuat presensi"),
)


def insentif() -> KeputusanInsentif:
    one = dokumen()
    return KeputusanInsentif(
        HEAD,
        "800.1.11.1/031/KEP-DUKCAPIL/2026",
        CYCLE,
        PERIOD,
        "Kotalama",
        DAY,
        CHIEF,
        BASIS,
        "Keputusan Nomor 800.1.11.1/017/KEP-DUKCAPIL/2026 tanggal 20 Juli 2026",
        "bulan Agustus 2026 sampai dengan Januari 2027",
        "Anggaran Pendapatan dan Belanja Daerah Kota Kotalama Tahun Anggaran 2026",
        tuple(
            IncentiveRow(row(n).person, row(n).rating, Fraction(3407272), Fraction(100), Fraction(3386828 - n)) for n in range(5)
        ),
        RELEASE,
        copies=("Wali Kota Kotalama", one.employee.name),
        sample=True,
        sample_reason="kota demo",
    )


def keberatan(**changes: object) -> KeputusanKeberatan:
    one = dokumen()
    letter = KeputusanKeberatan(
        HEAD,
        "800.1.11.1/044/KEP-DUKCAPIL/2026",
        CYCLE,
        "Kotalama",
        date(2026, 8, 12),
        CHIEF,
        BASIS,
        one.employee,
        "Dokumen Evaluasi Nomor 800.1.11.1/018/EVAL-DUKCAPIL/2026 tanggal 20 Juli 2026",
        date(2026, 7, 30),
        "empat permohonan dihitung terlambat padahal sistem pusat tidak dapat dihubungi pada 11 Maret 2026",
        "catatan gangguan pusat data pada hari itu memang ada, tetapi belum disampaikan saat evaluasi",
        "dikabulkan sebagian",
        (
            Reason(
                "Gangguan 11 Maret 2026 pukul 09.10–14.30 terbukti dari berita acara; "
                "tiga dari empat permohonan dikeluarkan dari perhitungan.",
                "bukti: BA-07/PDK/2026, sha256 77ab10…",
                "PP 30/2019 Pasal 59",
                "verified",
            ),
            Reason("Permohonan keempat selesai sebelum gangguan dan tetap terlambat.", "ADM-2026-0311", "", "policy"),
        ),
        (
            Change("Realisasi ADM-1 (persen)", "90,32", "94,92"),
            Change("Nilai hasil kerja", "103,85", "105,79"),
            Change("Predikat", "Baik", "Baik"),
            Change("TPP bruto per bulan", "Rp 3.386.828", "Rp 3.386.828"),
        ),
        RELEASE,
        sample=True,
    )
    return replace(letter, **changes)  # type: ignore[arg-type]


def piagam(name: str = "Aisyah Anggraini, S.Kom.") -> Piagam:
    person = Person(name, "198001122005011000", "Pengatur, II/c", "Operator Layanan Administrasi Kependudukan", HEAD.agency)
    return Piagam(
        replace(HEAD, agency=""),
        "800.1.11.1/003/PIAGAM/2026",
        "Kotalama",
        DAY,
        Signatory("Wali Kota Kotalama", "Dr. Surya Mahendra, M.P.A."),
        person,
        "Piagam Penghargaan",
        "atas pelayanan administrasi kependudukan Januari–Juni 2026: 98,41 persen dari 63 permohonan "
        "selesai tepat waktu, dengan median waktu tunggu KTP-el 50 menit.",
        replace(RELEASE, verify_url="https://kinerja.kotalama.example/v/8Zk1vY0wq3JmT6sR9bLh2Q"),
        sample=True,
        sample_reason="kota demo",
    )


def daftar_tpp() -> DaftarTpp:
    one = Person("Aisyah Anggraini, S.Kom.", "198001122005011000", "Pengatur, II/c", "Operator Layanan Administrasi Kependudukan")
    two = Person("Bagas Prakoso", "197503032000031003", "Pembina, IV/a", "Kepala Bidang Pelayanan Pendaftaran Penduduk")
    return DaftarTpp(
        HEAD,
        "800.1.13/TPP.1-Disdukcapil/2026",
        "Juni 2026",
        "Kotalama",
        DAY,
        CHIEF,
        (Basis("PP 12/2019", "Pasal 58", "verified"), Basis("Kebijakan Kota Kotalama", "susunan TPP bulanan", "policy")),
        (
            PaymentRow(two, 11, "Sangat Baik", "30/30", 7312275, 7312275, 7312275, 1462455, 8774730),
            PaymentRow(one, 7, "Baik", "30/30", 3920964, 3920964, 3920964, 0, 3920964),
        ),
        (CorrectionRow(one, "Mei 2026", "Mei 2026: presensi (terlambat) berbeda dari yang diketahui ketika dibayar", 43131),),
        12695694,
        43131,
        12738825,
        ("Citra Lestari (belum ada predikat yang berlaku)",),
        "Hadi",
        "Joko",
        RELEASE,
        sample=True,
    )


def pembinaan() -> SuratPembinaan:
    return SuratPembinaan(
        HEAD,
        "800.1.11.1/052/DUKCAPIL/2026",
        CYCLE,
        "Kotalama",
        DAY,
        CHIEF,
        dokumen().employee,
        "Butuh Perbaikan",
        Fraction("76.2"),
        (
            "Hanya 64,52 persen permohonan selesai dalam standar waktu; target 95 persen.",
            "Median waktu tunggu KTP-el 730 menit; target 120 menit.",
        ),
        (
            CoachingStep(
                "Mengikuti pendampingan di loket bersama operator berpengalaman, dua hari seminggu",
                date(2026, 8, 31),
                "Aisyah Anggraini, S.Kom.",
            ),
            CoachingStep("Menyelesaikan seluruh permohonan terbuka yang lewat tenggat", date(2026, 8, 14)),
        ),
        date(2026, 9, 15),
        RELEASE,
        copies=("Kepala BKPSDM Kota Kotalama",),
        sample=True,
        sample_reason="kota demo",
    )


def pemeriksaan() -> BerkasPemeriksaan:
    days = ((date(2026, 7, 6), "Senin"), (date(2026, 7, 7), "Selasa"), (date(2026, 7, 8), "Rabu"))
    return BerkasPemeriksaan(
        HEAD, "800.1.13/BP.1-Disdukcapil/2026", "Kotalama", DAY, CHIEF, dokumen().employee, dokumen().appraiser, 2026,
        tuple(AbsentDay(day, name, "presensi-juli.csv, sha256 3fd1c0ffee00, dimasukkan 20-07-2026") for day, name in days),
        3, 3, date(2026, 7, 6),
        Band("teguran lisan", "hukuman_disiplin#2, rules/decisions/hukuman_disiplin.yaml:41", "PP 94/2021 hukuman disiplin"),
        (Basis("PP 94/2021", "hukuman disiplin ketidakhadiran", "verified"), Basis("Peraturan BKN 6/2022", "", "recalled")),
        "Pegawai ditanya dua kali dan belum menunjukkan surat keterangan.", "Kepala Bidang Pelayanan", date(2026, 7, 29),
        "Ruang rapat Disdukcapil", RELEASE, copies=("Kepala BKPSDM", "Pegawai yang bersangkutan"), sample=True,
        sample_reason="kota demo",
    )  # fmt: skip


def skp(**changes: object) -> FormulirSkp:
    one = dokumen()
    letter = FormulirSkp(
        HEAD,
        CYCLE,
        PERIOD,
        "Kotalama",
        one.employee,
        one.appraiser,
        (
            PlanRow(
                "Dokumen kependudukan terbit tepat waktu",
                "waktu",
                "Persentase permohonan selesai dalam standar waktu",
                Fraction(95),
                "persen",
                Fraction(40),
                "Meningkatnya mutu layanan administrasi kependudukan",
            ),
            PlanRow(
                "Pemohon tidak menunggu lama", "waktu", "Median menit sejak berkas lengkap", Fraction(120), "menit", Fraction(35)
            ),
            PlanRow(
                "Loket terisi sesuai kebutuhan",
                "kuantitas",
                "Jumlah petugas loket",
                Fraction(7),
                "orang",
                Fraction(25),
                target_high=Fraction(8),
            ),
        ),
        RELEASE,
        resources=("Dua loket cadangan pada jam sibuk",),
        accountability=("Laporan kemajuan setiap triwulan",),
        expectations=EXPECTED,
        sample=True,
    )
    return replace(letter, **changes)  # type: ignore[arg-type]
