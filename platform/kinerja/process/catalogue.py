"""The diagnostic codes of process files, as data. `docs/process.md` explains each; codes are stable and never reused.

P00x the file · P01x elements · P02x flows · P03x gateways · P04x conditions · P05x roles and forms · P06x operations ·
P07x timers · P08x called processes · P09x the drawing and other tools.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from ..core.errors import Place
from ..policy.diagnostics import Diagnostic, Severity, nearest


class Kind(NamedTuple):
    severity: str
    text_id: str
    text_en: str
    remedy_id: str
    remedy_en: str


E, N = "error", "notice"

CATALOGUE: dict[str, Kind] = {
    # ── the file ──────────────────────────────────────────────────────────────────────────────────────────────────────
    "P001": Kind(E, "XML tidak sah: {what_id}", "malformed XML: {what_en}",
                 "simpan ulang dari penyunting BPMN", "save the file again from the BPMN editor"),
    "P002": Kind(E, "berkas memuat DOCTYPE atau entitas, yang tidak pernah dibaca",
                 "the file has a DOCTYPE or an entity, which is never read",
                 "hapus baris <!DOCTYPE …>", "delete the <!DOCTYPE …> line"),
    "P003": Kind(E, "berkas ditolak: {what_id}", "file refused: {what_en}",
                 "{remedy_id}", "{remedy_en}"),
    "P004": Kind(E, "ini bukan berkas BPMN 2.0", "this is not a BPMN 2.0 file",
                 "simpan sebagai BPMN 2.0 (.bpmn)", "save it as BPMN 2.0 (.bpmn)"),
    "P005": Kind(E, "berkas berisi {count} proses; satu berkas satu proses",
                 "the file holds {count} processes; one file is one process",
                 "sisakan satu proses; proses lain dipanggil dengan call activity",
                 "leave one process; call the others by call activity"),
    "P006": Kind(E, "id “{id}” dipakai dua kali (pertama di baris {line})", 'the id "{id}" is used twice (first on line {line})',
                 "beri id yang lain", "give it another id"),
    "P007": Kind(E, "proses ditandai tidak dijalankan (isExecutable=\"false\")", 'the process is marked isExecutable="false"',
                 "centang Executable di penyunting", "tick Executable in the editor"),
    "P008": Kind(E, "id proses “{id}” tidak sama dengan nama foldernya “{folder}”",
                 'the process id "{id}" is not the name of its folder, "{folder}"',
                 "samakan id proses dengan nama folder", "make the process id the folder's name"),
    "P009": Kind(E, "{what_id}", "{what_en}", "{remedy_id}", "{remedy_en}"),
    # ── elements ──────────────────────────────────────────────────────────────────────────────────────────────────────
    "P010": Kind(E, "unsur <{kind}> tidak didukung", "the element <{kind}> is not supported",
                 "pakai unsur yang didukung: {supported}", "use a supported element: {supported}"),
    "P011": Kind(E, "tugas skrip “{id}” ditolak: berkas proses tidak menjalankan kode",
                 'script task "{id}" refused: a process file runs no code',
                 "ganti dengan service task (kinerja:operation) atau business rule task (kinerja:decision)",
                 "make it a service task (kinerja:operation) or a business rule task (kinerja:decision)"),
    "P012": Kind(E, "peristiwa “{id}” jenis {event} tidak didukung di sini",
                 'the event "{id}" of kind {event} is not supported here',
                 "pakai peristiwa kosong, pewaktu, atau akhir yang menghentikan", "use a plain, timer or terminate event"),
    "P013": Kind(E, "pengulangan pada “{id}” tidak didukung", 'the loop marker on "{id}" is not supported',
                 "gambar pengulangan dengan gateway", "draw the loop with a gateway"),
    "P014": Kind(E, "atribut kinerja:{name} tidak dikenal{hint_id}", "unknown attribute kinerja:{name}{hint_en}",
                 "pakai salah satu: {known}", "use one of: {known}"),
    "P015": Kind(E, "unsur <{kind}> tidak punya id", "the element <{kind}> has no id",
                 "beri id", "give it an id"),
    "P016": Kind(E, "“{id}” tidak punya nama untuk ditampilkan", '"{id}" has no name to show',
                 "beri nama dalam bahasa Indonesia", "name it"),
    "P017": Kind(E, "id “{id}” tidak dapat dipakai", 'the id "{id}" cannot be used',
                 "pakai huruf, angka, _ dan -, mulai dengan huruf", "use letters, digits, _ and -, beginning with a letter"),
    "P018": Kind(E, "“{name}” berada di dua lajur: “{one}” dan “{other}”", '"{name}" is in two lanes, "{one}" and "{other}"',
                 "sisakan satu lajur: lajur menentukan siapa yang mengerjakan", "leave one lane: the lane says who does it"),
    # ── flows ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    "P020": Kind(E, "alur “{id}” menunjuk “{ref}” yang tidak ada", 'the flow "{id}" names "{ref}", which does not exist',
                 "sambungkan ulang alurnya", "connect the flow again"),
    "P021": Kind(E, "proses punya {count} peristiwa mulai; harus tepat satu",
                 "the process has {count} start events; it needs exactly one",
                 "sisakan satu peristiwa mulai", "leave exactly one start event"),
    "P022": Kind(E, "proses tidak punya peristiwa akhir", "the process has no end event",
                 "tambahkan peristiwa akhir", "add an end event"),
    "P023": Kind(E, "“{name}” tidak pernah tercapai dari awal proses", '"{name}" is never reached from the start',
                 "sambungkan, atau hapus", "connect it, or delete it"),
    "P024": Kind(E, "jalan buntu: “{name}” tidak punya kelanjutan", 'dead end: nothing follows "{name}"',
                 "sambungkan ke langkah berikut atau ke peristiwa akhir", "connect it to the next step or to an end event"),
    "P025": Kind(E, "dari “{name}” tidak ada jalan ke akhir proses", 'no way leads from "{name}" to an end',
                 "beri jalan keluar dari putaran itu", "give that loop a way out"),
    "P026": Kind(E, "“{name}” bercabang tanpa gateway", '"{name}" branches without a gateway',
                 "taruh gateway di percabangan", "put a gateway where it branches"),
    "P027": Kind(E, "alur “{id}” bersyarat, tetapi tidak keluar dari gateway eksklusif",
                 'the flow "{id}" has a condition but does not leave an exclusive gateway',
                 "pindahkan syarat ke gateway eksklusif", "move the condition to an exclusive gateway"),
    "P028": Kind(E, "peristiwa tepi “{id}” menempel pada “{ref}”, yang bukan tugas di proses ini",
                 'the boundary event "{id}" sits on "{ref}", not a task of this process',
                 "tempelkan pada sebuah tugas", "attach it to a task"),
    "P029": Kind(E, "peristiwa “{name}” punya alur {way_id} yang tidak boleh ada",
                 'the event "{name}" has an {way_en} flow that may not be there',
                 "hapus alur itu", "delete that flow"),
    # ── gateways ──────────────────────────────────────────────────────────────────────────────────────────────────────
    "P030": Kind(E, "gateway “{name}” tidak punya alur baku; bila semua syarat gagal, kasus terhenti",
                 'the gateway "{name}" has no default flow; a case stops when every condition fails',
                 "tandai satu alur sebagai default", "mark one flow as the default"),
    "P031": Kind(E, "alur “{id}” keluar dari gateway eksklusif tanpa syarat",
                 'the flow "{id}" leaves an exclusive gateway without a condition',
                 "tulis syarat FEEL, atau jadikan alur baku", "write a FEEL condition, or make it the default flow"),
    "P032": Kind(E, "alur baku “{id}” punya syarat, yang tidak akan dibaca",
                 'the default flow "{id}" has a condition, which would not be read',
                 "hapus syaratnya", "delete its condition"),
    "P033": Kind(E, "“{name}” menyebut alur baku “{ref}” yang bukan miliknya",
                 '"{name}" names the default flow "{ref}", which is not its own',
                 "pilih alur yang keluar dari gateway ini", "choose a flow that leaves this gateway"),
    "P034": Kind(E, "gateway paralel “{name}” menunggu cabang yang hanya salah satunya berjalan",
                 'the parallel gateway "{name}" waits for branches of which only one runs',
                 "gabungkan cabang pilihan dengan gateway eksklusif", "join alternative branches with an exclusive gateway"),
    "P035": Kind(E, "“{name}” dapat dimulai dua kali sekaligus", '"{name}" can be started twice at once',
                 "akhiri cabang yang satu di peristiwa akhirnya sendiri, atau gabungkan dengan gateway paralel",
                 "let one branch finish at an end event of its own, or join both with a parallel gateway"),
    "P036": Kind(E, "putaran tanpa tugas orang dan tanpa pewaktu: {names}; kasus akan berputar tanpa henti",
                 "a loop without a human task or a timer: {names}; a case would run in circles",
                 "taruh tugas orang atau pewaktu di putaran itu", "put a human task or a timer into that loop"),
    # ── conditions ────────────────────────────────────────────────────────────────────────────────────────────────────
    "P040": Kind(E, "syarat alur “{id}” tidak terbaca: {what_id}", 'the condition of flow "{id}" is malformed: {what_en}',
                 "tulis FEEL, misalnya keputusan_skp = \"setuju\"", 'write FEEL, for example keputusan_skp = "setuju"'),
    "P041": Kind(E, "syarat alur “{id}” memakai “{name}”, yang tidak diisi formulir atau operasi mana pun{hint_id}",
                 'the condition of flow "{id}" uses "{name}", which no form or operation gives{hint_en}',
                 "pakai nama isian formulir, atau nyatakan dengan <kinerja:data>",
                 "use a form field's name, or declare it by <kinerja:data>"),
    "P042": Kind(E, "syarat alur “{id}” salah tipe: {what_id}", 'the condition of flow "{id}" is ill-typed: {what_en}',
                 "buat perbandingan yang menghasilkan benar atau salah", "make it a comparison that gives true or false"),
    "P043": Kind(E, "syarat alur “{id}” ditulis dalam bahasa lain ({language})",
                 'the condition of flow "{id}" is in another language ({language})',
                 "tulis ulang dalam FEEL dan hapus atribut language atau ${{…}}",
                 "rewrite it in FEEL and drop the language attribute or ${{…}}"),
    "P044": Kind(E, "syarat alur “{id}” membandingkan “{name}” dengan “{value}”, yang bukan salah satu pilihannya{hint_id}",
                 'the condition of flow "{id}" compares "{name}" with "{value}", not one of its choices{hint_en}',
                 "pakai salah satu: {known}", "use one of: {known}"),
    "P045": Kind(E, "<kinerja:data> tidak sah: {what_id}", "malformed <kinerja:data>: {what_en}",
                 "tulis name, type (text, number, boolean, date), dan bila perlu values=\"a|b\"",
                 'write name, type (text, number, boolean, date) and, where needed, values="a|b"'),
    "P046": Kind(E, "syarat alur “{id}” memakai {name}(): syarat tidak membaca jam",
                 'the condition of flow "{id}" uses {name}(): a condition reads no clock',
                 "pakai pewaktu, atau tanggal dari formulir", "use a timer, or a date from a form"),
    # ── roles and forms ───────────────────────────────────────────────────────────────────────────────────────────────
    "P050": Kind(E, "lajur “{name}” bukan peran yang dikenal{hint_id}", 'the lane "{name}" is no known role{hint_en}',
                 "beri kinerja:role salah satu dari: {known}", "give it kinerja:role, one of: {known}"),
    "P051": Kind(E, "tugas “{name}” tidak berada di lajur mana pun", 'the task "{name}" is in no lane',
                 "taruh di lajur peran yang mengerjakannya", "put it in the lane of the role that does it"),
    "P052": Kind(E, "tugas “{name}” tidak menyebut formulir", 'the task "{name}" names no form',
                 "isi kinerja:form dengan nama berkas di forms/", "set kinerja:form to the name of a file in forms/"),
    "P053": Kind(E, "formulir “{form}” tidak ada{hint_id}", 'there is no form "{form}"{hint_en}',
                 "buat forms/{form}.yaml, atau betulkan namanya", "create forms/{form}.yaml, or correct the name"),
    "P054": Kind(E, "formulir: {what_id}", "form: {what_en}",
                 "perbaiki berkas formulir", "mend the form file"),
    "P055": Kind(N, "formulir “{form}” tidak dipakai tugas mana pun", 'the form "{form}" is used by no task',
                 "hapus, atau pasang pada sebuah tugas", "delete it, or attach it to a task"),
    "P056": Kind(E, "“{name}” bertipe {one} di sini tetapi {other} di {where}",
                 '"{name}" is of type {one} here but {other} in {where}',
                 "samakan tipenya, atau ganti salah satu namanya", "make the types equal, or rename one"),
    "P057": Kind(E, "tugas “{name}” tidak menyebut tahap yang dikenal{hint_id}", 'the task "{name}" names no known stage{hint_en}',
                 "isi kinerja:stage dengan salah satu: {known}", "set kinerja:stage to one of: {known}"),
    "P058": Kind(E, "tugas orang “{name}” berada di lajur sistem", 'the human task "{name}" is in the lane of the system',
                 "pindahkan ke lajur peran orang", "move it to the lane of a person's role"),
    "P059": Kind(E, "tugas “{name}” harus dikerjakan orang lain daripada “{other}”, tetapi tugas itu tidak ada{hint_id}",
                 'the task "{name}" is to be done by another than "{other}", but there is no such task{hint_en}',
                 "isi kinerja:separate dengan id tugas orang di proses ini",
                 "set kinerja:separate to ids of human tasks of this process"),
    # ── operations ────────────────────────────────────────────────────────────────────────────────────────────────────
    "P060": Kind(E, "tugas layanan “{name}” tidak menyebut operasi", 'the service task "{name}" names no operation',
                 "isi kinerja:operation", "set kinerja:operation"),
    "P061": Kind(E, "operasi “{operation}” tidak dikenal{hint_id}", 'unknown operation "{operation}"{hint_en}',
                 "pakai salah satu: {known}", "use one of: {known}"),
    "P062": Kind(E, "tugas aturan “{name}” tidak menyebut keputusan", 'the business rule task "{name}" names no decision',
                 "isi kinerja:decision (“kasus” untuk seluruh penilaian)",
                 'set kinerja:decision ("kasus" for the whole evaluation)'),
    "P063": Kind(E, "keputusan “{decision}” tidak ada di aturan{hint_id}",
                 'there is no decision "{decision}" in the rules{hint_en}',
                 "pakai id keputusan di rules/decisions/", "use a decision's id from rules/decisions/"),
    "P064": Kind(E, "kabar “{template}” pada “{name}” belum ada kata-katanya{hint_id}",
                 'the notice "{template}" of "{name}" has no words yet{hint_en}',
                 "tulis {template}: {{id: …, en: …}} di notices.yaml", "write {template}: {{id: …, en: …}} in notices.yaml"),
    "P065": Kind(E, "kabar: {what_id}", "notices: {what_en}", "perbaiki notices.yaml", "mend notices.yaml"),
    "P066": Kind(E, "surat “{letter}” pada “{name}” tidak dikenal{hint_id}", 'unknown letter "{letter}" of "{name}"{hint_en}',
                 "pakai salah satu: {known}", "use one of: {known}"),
    "P067": Kind(E, "“{name}” mengabari “{to}”, yang bukan peran{hint_id}", '"{name}" tells "{to}", which is no role{hint_en}',
                 "isi kinerja:to dengan salah satu: {known}", "set kinerja:to to one of: {known}"),
    # ── timers ────────────────────────────────────────────────────────────────────────────────────────────────────────
    "P070": Kind(E, "pewaktu “{id}”: “{duration}” bukan durasi ISO 8601", 'timer "{id}": "{duration}" is not an ISO 8601 duration',
                 "tulis misalnya P14D, P5D, PT8H", "write for example P14D, P5D, PT8H"),
    "P071": Kind(E, "pewaktu “{id}” menghitung hari, jadi durasinya harus hari saja",
                 'timer "{id}" counts days, so its duration must be days only',
                 "tulis misalnya P5D", "write for example P5D"),
    "P072": Kind(E, "kinerja:calendar=\"{value}\" tidak dikenal", 'unknown kinerja:calendar="{value}"',
                 "pakai hari_kerja atau hari_kalender, atau hapus untuk durasi persis",
                 "use hari_kerja or hari_kalender, or drop it for an exact duration"),
    "P073": Kind(E, "kinerja:{what}=\"{value}\" pada “{name}” bukan jumlah hari",
                 'kinerja:{what}="{value}" on "{name}" is no number of days',
                 "tulis misalnya P5D", "write for example P5D"),
    "P074": Kind(E, "kinerja:{what} pada “{name}” tanpa tenggat", 'kinerja:{what} on "{name}" without a deadline',
                 "tulis kinerja:due, atau tempelkan pewaktu pada tugas itu", "write kinerja:due, or attach a timer to the task"),
    "P075": Kind(E, "kinerja:{what}=\"{value}\" pada “{name}” tidak dikenal{hint_id}",
                 'unknown kinerja:{what}="{value}" on "{name}"{hint_en}',
                 "pakai salah satu: {known}", "use one of: {known}"),
    "P076": Kind(E, "“{name}”: lama {what}“{value}” tidak lebih dari nol, atau lebih dari sepuluh tahun",
                 '"{name}": the length {what}"{value}" is no longer than nothing, or longer than ten years',
                 "tulis lama yang masuk akal, misalnya P14D", "write a length that makes sense, for example P14D"),
    "P077": Kind(E, "pewaktu “{id}” mengambil jumlah hari dari “{days}”, yang bukan nilai bertipe angka{hint_id}",
                 'timer "{id}" takes its days from "{days}", which is no value of type number{hint_en}',
                 "pakai nama isian angka, atau nyatakan <kinerja:data name=\"{days}\" type=\"number\" />",
                 'use the name of a number field, or declare <kinerja:data name="{days}" type="number" />'),
    # ── called processes ──────────────────────────────────────────────────────────────────────────────────────────────
    "P080": Kind(E, "proses “{called}” yang dipanggil tidak ada{hint_id}", 'the called process "{called}" does not exist{hint_en}',
                 "isi calledElement dengan nama folder di workflows/", "set calledElement to the name of a folder in workflows/"),
    "P081": Kind(E, "proses memanggil dirinya sendiri: {chain}", "the process calls itself: {chain}",
                 "putuskan lingkarannya", "break the circle"),
    "P082": Kind(E, "id tugas “{id}” dipakai juga di proses {other}", 'the task id "{id}" is used in the process {other} too',
                 "beri id yang lain, agar jelas tugas mana yang dimaksud",
                 "give it another id, so that it is clear which task is meant"),
    # ── the drawing, other tools ──────────────────────────────────────────────────────────────────────────────────────
    "P090": Kind(E, "berkas tidak memuat gambar (diagram interchange)", "the file has no diagram interchange",
                 "simpan dari penyunting BPMN, yang menyertakan gambarnya",
                 "save it from a BPMN editor, which includes the drawing"),
    "P091": Kind(E, "“{id}” tidak ada di gambar", '"{id}" is not in the drawing',
                 "gambar unsur itu di penyunting", "draw the element in the editor"),
    "P092": Kind(N, "gambar memuat “{id}” yang tidak ada di proses; dilewati",
                 'the drawing has "{id}", which is not in the process; skipped',
                 "simpan ulang dari penyunting", "save the file again from the editor"),
    "P093": Kind(N, "tambahan dari alat lain diabaikan: {names}", "extensions of other tools are ignored: {names}",
                 "tidak perlu apa-apa; formulir dan operasi ditulis dengan kinerja:…",
                 "nothing to do; forms and operations are written with kinerja:…"),
}  # fmt: skip


class Report:
    """Diagnostics gathered over all passes, so that everything wrong with a process is told at once."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}

    def add(self, code: str, place: Place, *, near: tuple[str, Iterable[str]] | None = None, **values: Any) -> None:
        """near = (word, known words) adds "maksud Anda …?" where a known word is close."""
        kind = CATALOGUE[code]
        hint = nearest(*near) if near else None
        values["hint_id"] = f" (maksud Anda “{hint}”?)" if hint else ""
        values["hint_en"] = f' (did you mean "{hint}"?)' if hint else ""
        text_id, text_en = kind.text_id.format_map(values), kind.text_en.format_map(values)
        remedy_id, remedy_en = kind.remedy_id.format_map(values), kind.remedy_en.format_map(values)
        self._found[Diagnostic(code, Severity(kind.severity), place, text_id, text_en, remedy_id, remedy_en)] = None

    def take(self, finding: Diagnostic) -> None:
        """One that was made elsewhere."""
        self._found[finding] = None

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        return tuple(found for found in self.sorted() if found.severity is Severity.ERROR)

    @property
    def notices(self) -> tuple[Diagnostic, ...]:
        return tuple(found for found in self.sorted() if found.severity is not Severity.ERROR)

    def sorted(self) -> tuple[Diagnostic, ...]:
        return tuple(sorted(self._found, key=lambda found: (found.place.file, found.place.line, found.code, found.text_en)))
