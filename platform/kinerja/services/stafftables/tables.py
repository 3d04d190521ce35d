"""What each staff table holds: columns in Indonesian, the row they speak of, how that row is found, and what must hold.

Values are plain here (codes, NIPs, dates), so that a preview, the record of a change and its undoing all read alike; only
`columns_of` turns them into keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import peewee

from ...core.errors import InputError
from ...ingest.tabular import Column
from ...store import models as db
from ...store.queries import rows
from ..staff.seats import DEFINITIVE, Held, in_order, refusal
from .cells import Field, Refused, competencies, day, nip, one_of, text, whole, yes_no
from .world import Key, World

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as it stands: id, version, plain values."""

    id: int
    version: int
    values: Plain


@dataclass(frozen=True, slots=True)
class Kind:
    """A staff table. entity: the table's name; key: plain values → what makes a row the same; stored: rows as they stand, by key.

    check: raises Refused for what cannot hold, given the row as it stands and the world; learn: tells the world of an accepted row;
    columns_of: plain values → columns. places: units whose editors may write the row, each of them; "" the whole city's.
    """

    name: str
    entity: str
    model: Any
    fields: tuple[Field, ...]
    key: Callable[[World, Plain], Key]
    stored: Callable[[World], dict[Key, Stored]]
    check: Callable[[World, Plain, Stored | None], None]
    learn: Callable[[World, Plain, int], None]
    columns_of: Callable[[World, Plain], Mapping[str, Any]]
    label: Callable[[World, Plain], str]
    places: Callable[[World, Plain, Stored | None], tuple[str, ...]]
    order: Callable[[World, Plain], Any] = lambda world, plain: 0

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(field.column for field in self.fields)


def _f(name: str, to: str, read: Any, help_id: str, help_en: str, example: str, **more: Any) -> Field:
    empty = more.pop("empty", "")
    return Field(Column(name, help_id, help_en, example, **more), to, read, empty)


# ── units ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
_UNIT = (
    _f("kode", "code", text(40), "kode unit, tetap selamanya", "code of the unit, never changed", "dinkes.1", required=True),
    _f("nama", "name", text(200), "nama lengkap", "full name", "Bidang Kesehatan Masyarakat", required=True),
    _f("nama_singkat", "short_name", text(60), "nama singkat; kosong = nama", "short name; empty = name", "Kesmas"),
    _f("jenis", "kind", one_of(db.UNIT_KINDS), "region, agency (perangkat daerah) atau division", "region, agency or division",
       "division", values=db.UNIT_KINDS, empty="division"),
    _f("induk", "parent", text(40), "kode unit di atasnya", "code of the unit above", "dinkes"),
    _f("sebutan_kepala", "head_title", text(200), "sebutan kepala pada keputusan", "how decrees name its head", "Kepala Bidang …"),
    _f("alamat", "address", text(300), "alamat untuk kepala surat", "address for letterheads", "Jalan Merdeka 1"),
    _f("kontak", "contact", text(200), "telepon atau surel", "telephone or e-mail", "(0000) 000000"),
)  # fmt: skip


def _units(world: World) -> dict[Key, Stored]:
    table = db.Unit
    query = table.select(
        table.id,
        table.version,
        table.code,
        table.name,
        table.short_name,
        table.kind,
        table.head_title,
        table.address,
        table.contact,
    )
    names = ("code", "name", "short_name", "kind", "head_title", "address", "contact")
    found: dict[Key, Stored] = {}
    for id, version, *values in rows(query):
        plain = dict(zip(names, values, strict=True))
        found[(plain["code"],)] = Stored(id, version, plain | {"parent": world.parents.get(plain["code"], "")})
    return found


def _check_unit(world: World, plain: Plain, stored: Stored | None) -> None:
    above = plain.get("parent", "")
    seen, up = {plain["code"]}, world.parents | world.named
    while above:
        if above in seen:
            raise Refused(
                "induk", "unit_melingkar", ("unit tidak dapat berada di bawah dirinya sendiri", "a unit cannot stand below itself"),
                ("pilih unit induk lain", "choose another parent"),
            )  # fmt: skip
        seen.add(above)
        above = up.get(above, "")
    if plain.get("parent"):
        world.unit(plain["parent"], "induk")


def _depth(world: World, plain: Plain) -> int:
    """How many units of the same file stand above a unit: those come first, in whatever order people wrote them."""
    seen, above = {plain["code"]}, world.named.get(plain["code"], "")
    while above and above not in seen:
        seen.add(above)
        above = world.named.get(above, "")
    return len(seen)


def _unit_places(world: World, plain: Plain, stored: Stored | None) -> tuple[str, ...]:
    """A new unit is for who edits the one above; one that is moved, for who edits it and where it goes."""
    above = str(plain.get("parent", stored.values["parent"] if stored else ""))
    if stored is None:
        return (above,)
    return (plain["code"],) if above == stored.values["parent"] else (plain["code"], above)


def _learn_unit(world: World, plain: Plain, id: int) -> None:
    world.units[plain["code"]] = id
    world.parents.pop(plain["code"], None)
    if plain.get("parent"):
        world.parents[plain["code"]] = plain["parent"]


def _unit_columns(world: World, plain: Plain) -> Mapping[str, Any]:
    columns = dict(plain)
    if "parent" in columns:
        columns["parent"] = world.units[columns["parent"]] if columns["parent"] else None
    if "short_name" in columns and not columns["short_name"]:
        columns["short_name"] = plain["name"][:60]
    return columns


# ── posts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
_POST = (
    _f("unit", "unit", text(40), "kode unit", "code of the unit", "dinkes.1", required=True),
    _f("kode", "code", text(80), "kode jenis jabatan menurut standar kinerja", "post type as standards name it", "perawat",
       required=True),
    _f("nama", "title", text(200), "nama jabatan", "title of the post", "Perawat Ahli Pertama", required=True),
    _f("kelas", "job_class", whole(1, 17), "kelas jabatan 1–17", "job class 1–17", "8", required=True),
    _f("jenis", "kind", one_of(db.POSITION_KINDS), "struktural, fungsional, pelaksana", "structural, functional, executor",
       "fungsional", values=db.POSITION_KINDS, empty="pelaksana"),
    _f("jenjang", "level", text(40), "jenjang jabatan fungsional", "level of a functional post", "Ahli Pertama"),
    _f("memimpin", "leads_unit", yes_no, "ya bila pemegangnya memimpin unit", "ya where the holder leads the unit", "tidak",
       values=("ya", "tidak"), empty=False),
    _f("formasi", "formation", whole(1, 10_000), "jumlah kursi", "number of seats", "4", empty=1),
    _f("kompetensi", "competency", competencies, "Nama:tingkat, dipisah titik koma", "Name:level, parted by semicolons",
       "Pelayanan publik:3; Integritas:3", empty=[]),
)  # fmt: skip


def _posts(world: World) -> dict[Key, Stored]:
    codes = {id: code for code, id in world.units.items()}
    table = db.Position
    names = ("unit", "code", "title", "job_class", "kind", "level", "leads_unit", "formation", "competency")
    query = table.select(table.id, table.version, *(getattr(table, name) for name in names))
    found: dict[Key, Stored] = {}
    for id, version, *values in rows(query):
        plain = dict(zip(names, values, strict=True))
        plain |= {"unit": codes[plain["unit"]], "level": plain["level"] or "", "leads_unit": bool(plain["leads_unit"])}
        plain["competency"] = [{"name": one["name"], "level": int(one["level"])} for one in plain["competency"]]
        found[(plain["unit"], plain["code"], plain["job_class"])] = Stored(id, version, plain)
    return found


def _check_post(world: World, plain: Plain, stored: Stored | None) -> None:
    world.unit(plain["unit"])


def _learn_post(world: World, plain: Plain, id: int) -> None:
    world.posts.setdefault((plain["unit"], plain["code"]), {})[plain["job_class"]] = (id, plain["title"], plain.get("formation", 1))


def _post_columns(world: World, plain: Plain) -> Mapping[str, Any]:
    columns = plain | {"unit": world.units[plain["unit"]]}
    if "level" in columns:
        columns["level"] = columns["level"] or None
    return columns


# ── people ────────────────────────────────────────────────────────────────────────────────────────────────────────────
_PERSON = (
    _f("nip", "nip", nip, "18 angka, kolom berformat Teks", "18 digits, in a column of text", "199001012015011001", required=True),
    _f("nama", "name", text(200), "nama dengan gelar", "name with titles", "Sri Wahyuni, S.Kep.", required=True),
    _f("status", "status", one_of(db.PERSON_STATUSES), "PNS, PPPK, CPNS atau pejabat_negara", "PNS, PPPK, CPNS or elected", "PNS",
       values=db.PERSON_STATUSES, empty="PNS"),
    _f("pangkat", "rank", text(80), "pangkat, golongan/ruang", "rank and grade", "Penata, III/c"),
    _f("surel", "email", text(200), "alamat surel", "e-mail address", "sri@kotalama.example"),
    _f("aktif", "active", yes_no, "tidak bila sudah tidak bekerja", "tidak for those who have left", "ya", values=("ya", "tidak"),
       empty=True),
)  # fmt: skip


def _people(world: World) -> dict[Key, Stored]:
    names = ("nip", "name", "status", "rank", "email", "active")
    query = db.Person.select(db.Person.id, db.Person.version, *(getattr(db.Person, name) for name in names))
    found: dict[Key, Stored] = {}
    for id, version, *values in rows(query):
        plain = dict(zip(names, values, strict=True))
        found[(plain["nip"],)] = Stored(id, version, plain | {"active": bool(plain["active"])})
    return found


def _check_person(world: World, plain: Plain, stored: Stored | None) -> None:
    number, status = plain["nip"], plain.get("status", stored.values["status"] if stored else "PNS")
    if status != "pejabat_negara" and not (len(number) == 18 and number.isdecimal()):
        raise Refused(
            "nip", "nip_tidak_sah", (f"NIP “{number}” bukan 18 angka", f'NIP "{number}" is not 18 digits'),
            ("periksa NIP pada surat keputusannya", "check the NIP on the decree"),
        )  # fmt: skip


def _learn_person(world: World, plain: Plain, id: int) -> None:
    world.people[plain["nip"]] = (id, plain["name"])


# ── assignments ───────────────────────────────────────────────────────────────────────────────────────────────────────
_SEAT = (
    _f("nip", "nip", nip, "NIP pegawai", "NIP of the person", "199001012015011001", required=True),
    _f("jabatan", "position", text(80), "kode jenis jabatan", "post type", "perawat", required=True),
    _f("unit", "unit", text(40), "kode unit", "code of the unit", "dinkes.1", required=True),
    _f("kelas", "job_class", whole(1, 17), "perlu bila ada beberapa kelas", "where several classes exist", "8", empty=None),
    _f("mulai", "first", day, "hari pertama", "first day", "2026-04-15", required=True),
    _f("sampai", "last", day, "hari terakhir; kosong = masih berjalan", "last day; empty = still running", "", empty=None),
    _f("jenis", "kind", one_of(db.ASSIGNMENT_KINDS), "definitif, plt (lowong) atau plh (berhalangan)",
       "definitive, or acting: plt (vacant), plh (away)", "definitif", values=db.ASSIGNMENT_KINDS, empty=DEFINITIVE),
)  # fmt: skip


def _seat_key(world: World, plain: Plain) -> Key:
    post = world.post(plain["unit"], plain["position"], plain.get("job_class"))
    return (world.person(plain["nip"])[0], post[0], plain["first"])


def _seats(world: World) -> dict[Key, Stored]:
    world.load_seats()
    seat = db.Assignment
    query = seat.select(
        seat.id, seat.version, db.Person.nip, db.Position.code, db.Unit.code, db.Position.job_class, seat.first, seat.last,
        seat.kind, seat.person, seat.position,
    )  # fmt: skip
    query = query.join(db.Person).switch(seat).join(db.Position).join(db.Unit)
    names = ("nip", "position", "unit", "job_class", "first", "last", "kind")
    found: dict[Key, Stored] = {}
    for id, version, *values, person, position in rows(query):
        plain = dict(zip(names, values, strict=True))
        found[(person, position, plain["first"])] = Stored(id, version, plain)
    return found


def _check_seat(world: World, plain: Plain, stored: Stored | None) -> None:
    person, name = world.person(plain["nip"])
    post, title, formation = world.post(plain["unit"], plain["position"], plain.get("job_class"))
    held = stored.values if stored else {}
    kind = str(plain.get("kind") or held.get("kind") or DEFINITIVE)
    last = plain.get("last", held.get("last"))
    key = (person, post, plain["first"])
    near = [world.seats[other] for other in world.by_person.get(person, set()) | world.by_post.get(post, set()) if other != key]
    error = refusal(Held(person, post, title, name, kind, plain["first"], last), formation, near, post in world.leading)
    if error is not None:
        column = {"periode_terbalik": "sampai", "rangkap_definitif": "mulai", "formasi_penuh": "jabatan"}.get(error.code, "jenis")
        raise Refused(column, error.code, (error.text_id, error.text_en), (error.remedy_id, error.remedy_en))


def _learn_seat(world: World, plain: Plain, id: int) -> None:
    person, name = world.people[plain["nip"]]
    post, title, _ = world.post(plain["unit"], plain["position"], plain.get("job_class"))
    world.take(Held(person, post, title, name, plain.get("kind", DEFINITIVE), plain["first"], plain.get("last")))


def _seat_columns(world: World, plain: Plain) -> Mapping[str, Any]:
    post = world.post(plain["unit"], plain["position"], plain.get("job_class"))
    named = {name: plain[name] for name in ("first", "last", "kind") if name in plain}
    return {"person": world.people[plain["nip"]][0], "position": post[0]} | named


# ── absences ──────────────────────────────────────────────────────────────────────────────────────────────────────────
_ABSENCE = (
    _f("nip", "nip", nip, "NIP pegawai", "NIP of the person", "199001012015011001", required=True),
    _f("mulai", "first", day, "hari pertama", "first day", "2026-05-04", required=True),
    _f("sampai", "last", day, "hari terakhir", "last day", "2026-05-15", required=True),
    _f("jenis", "kind", text(40), "cuti tahunan, cuti sakit, tugas belajar, …", "annual leave, sick leave, study, …", "cuti sakit",
       empty="cuti"),
    _f("catatan", "note", text(300), "nomor surat izinnya", "number of its permission", "SI-12/2026"),
)  # fmt: skip


def _absences(world: World) -> dict[Key, Stored]:
    away = db.Absence
    query = away.select(away.id, away.version, db.Person.nip, away.first, away.last, away.kind, away.note).join(db.Person)
    found: dict[Key, Stored] = {}
    for id, version, number, first, last, kind, note in rows(query):
        found[(number, first)] = Stored(id, version, {"nip": number, "first": first, "last": last, "kind": kind, "note": note})
        world.absences.setdefault(number, {})[first] = last
    return found


def _check_absence(world: World, plain: Plain, stored: Stored | None) -> None:
    world.person(plain["nip"])
    try:
        in_order(plain["first"], plain["last"])
    except InputError as error:
        raise Refused("sampai", error.code, (error.text_id, error.text_en), (error.remedy_id, error.remedy_en)) from error
    for first, last in world.absences.get(plain["nip"], {}).items():
        if first != plain["first"] and first <= plain["last"] and last >= plain["first"]:
            raise Refused(
                "mulai", "absen_bertindih",
                (f"bertindih dengan ketidakhadiran {first}–{last}", f"overlaps the absence {first}–{last}"),
                ("akhiri yang lama atau pilih hari lain", "end the earlier one or choose other days"),
            )  # fmt: skip


def _learn_absence(world: World, plain: Plain, id: int) -> None:
    world.absences.setdefault(plain["nip"], {})[plain["first"]] = plain["last"]


def _of_person(world: World, plain: Plain) -> Mapping[str, Any]:
    return {name: value for name, value in plain.items() if name != "nip"} | {"person": world.people[plain["nip"]][0]}


# ── personnel records ─────────────────────────────────────────────────────────────────────────────────────────────────
RATINGS = ("Sangat Baik", "Baik", "Butuh Perbaikan", "Kurang", "Sangat Kurang")
POTENTIALS = ("rendah", "menengah", "tinggi")
_RECORD = (
    _f("nip", "nip", nip, "NIP pegawai", "NIP of the person", "199001012015011001", required=True),
    _f("aspek", "aspect", text(120), "potensi, predikat, atau kompetensi:Nama", "potensi, predikat, or kompetensi:Name", "potensi",
       required=True),
    _f("nilai", "value", text(40), "potensi: rendah/menengah/tinggi; predikat: namanya; kompetensi: tingkat 1–5",
       "potensi: rendah/menengah/tinggi; predikat: its name; kompetensi: level 1–5", "tinggi", required=True),
    _f("tanggal", "day", day, "hari penilaian; predikat: hari terakhir tahunnya", "day of it; predikat: last day of its year",
       "2025-12-31", required=True),
    _f("sumber", "source", text(200), "surat yang mendasarinya", "the paper it stands on", "Berita acara asesmen 12/2025"),
)  # fmt: skip


def _records(world: World) -> dict[Key, Stored]:
    table = db.PersonnelRecord
    query = table.select(table.id, table.version, db.Person.nip, table.aspect, table.value, table.day, table.source).join(db.Person)
    found: dict[Key, Stored] = {}
    for id, version, number, aspect, value, on, source in rows(query):
        plain = {"nip": number, "aspect": aspect, "value": value, "day": on, "source": source}
        found[(number, aspect, on)] = Stored(id, version, plain)
    return found


def _check_record(world: World, plain: Plain, stored: Stored | None) -> None:
    world.person(plain["nip"])
    aspect = plain["aspect"]
    allowed = {"potensi": POTENTIALS, "predikat": RATINGS}.get(aspect, tuple("12345") if aspect.startswith("kompetensi:") else ())
    if not allowed:
        raise Refused(
            "aspek", "nilai_tidak_dikenal", (f"aspek “{aspect[:30]}” tidak dikenal", f'unknown aspect "{aspect[:30]}"'),
            ("potensi, predikat, atau kompetensi:Nama", "potensi, predikat, or kompetensi:Name"),
        )  # fmt: skip
    one_of(allowed)(plain["value"], "nilai")


# ── attendance ────────────────────────────────────────────────────────────────────────────────────────────────────────
ATTENDANCE = "presensi"
_DAY = (
    _f("nip", "nip", nip, "NIP pegawai", "NIP of the person", "199001012015011001", required=True),
    _f("tanggal", "day", day, "hari kerja", "working day", "2026-07-06", required=True),
    _f("terlambat", "minutes_late", whole(0, 1_440), "menit terlambat; 0 = tepat waktu, kosong = tidak tercatat datang",
       "minutes late; 0 = on time, empty = no check-in", "12", empty=None),
    _f("tidak_masuk", "absent", yes_no, "ya bila tidak masuk sehari penuh", "ya where absent all day", "tidak",
       values=("ya", "tidak"), empty=False),
    _f("alasan_sah", "excused", yes_no, "ya bila ada izin, sakit, cuti, atau tugas", "ya with leave, illness or an order", "tidak",
       values=("ya", "tidak"), empty=False),
)  # fmt: skip


def _days(world: World) -> dict[Key, Stored]:
    """The days in question; those of the latest month on record where no file has said which."""
    table = db.Attendance
    between = world.between
    if between is None:
        last: date | None = table.select(peewee.fn.MAX(table.day)).scalar()
        if last is None:
            return {}
        between = (date.fromisoformat(str(last)).replace(day=1), date.fromisoformat(str(last)))
    columns = (table.day, table.minutes_late, table.absent, table.excused)
    query = table.select(table.id, table.version, db.Person.nip, *columns).join(db.Person).where(table.day.between(*between))
    found: dict[Key, Stored] = {}
    for id, version, number, on, late, absent, excused in rows(query):
        plain = {"nip": number, "day": on, "minutes_late": late, "absent": bool(absent), "excused": bool(excused)}
        found[(number, on)] = Stored(id, version, plain)
    return found


def _check_day(world: World, plain: Plain, stored: Stored | None) -> None:
    world.person(plain["nip"])
    held = (stored.values if stored else {}) | plain
    if held.get("absent") and held.get("minutes_late"):
        raise Refused(
            "terlambat", "presensi_bertentangan", ("tidak masuk sehari penuh, tetapi terlambat", "absent all day, and yet late"),
            ("kosongkan menitnya, atau tulis tidak pada tidak_masuk", "leave the minutes empty, or write tidak for tidak_masuk"),
        )  # fmt: skip


def _at_unit(world: World, plain: Plain, stored: Stored | None) -> tuple[str, ...]:
    return (plain["unit"],)


def _at_home(world: World, plain: Plain, stored: Stored | None) -> tuple[str, ...]:
    """Somebody's record is for who edits their unit."""
    return (world.home(plain["nip"]),)


def _newcomer(world: World, plain: Plain, stored: Stored | None) -> tuple[str, ...]:
    """A new person has no unit yet: any who edit people may enter them."""
    return () if stored is None else _at_home(world, plain, stored)


def _nothing(world: World, plain: Plain, id: int) -> None:
    """Rows of this kind refer to no row of their own kind."""


def _who(world: World, plain: Plain) -> str:
    return f"{world.people.get(plain['nip'], (0, plain['nip']))[1]}"


KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("unit", "unit", db.Unit, _UNIT, lambda w, p: (p["code"],), _units, _check_unit, _learn_unit, _unit_columns,
             lambda w, p: f"{p['name']} ({p['code']})", _unit_places, _depth),
        Kind("jabatan", "position", db.Position, _POST, lambda w, p: (p["unit"], p["code"], p["job_class"]), _posts, _check_post,
             _learn_post, _post_columns, lambda w, p: f"{p['title']}, {p['unit']}", _at_unit),
        Kind("pegawai", "person", db.Person, _PERSON, lambda w, p: (p["nip"],), _people, _check_person, _learn_person,
             lambda w, p: p, lambda w, p: f"{p['name']} ({p['nip']})", _newcomer),
        Kind("penugasan", "assignment", db.Assignment, _SEAT, _seat_key, _seats, _check_seat, _learn_seat, _seat_columns,
             lambda w, p: f"{_who(w, p)}: {p['position']}, {p['unit']}, {p['first']}", _at_unit, lambda w, p: p["first"]),
        Kind("ketidakhadiran", "absence", db.Absence, _ABSENCE, lambda w, p: (p["nip"], p["first"]), _absences, _check_absence,
             _learn_absence, _of_person, lambda w, p: f"{_who(w, p)}: {p['first']}–{p['last']}", _at_home),
        Kind("catatan", "personnel_record", db.PersonnelRecord, _RECORD, lambda w, p: (p["nip"], p["aspect"], p["day"]), _records,
             _check_record, _nothing, _of_person, lambda w, p: f"{_who(w, p)}: {p['aspect']} {p['day']}", _at_home),
        Kind(ATTENDANCE, "attendance", db.Attendance, _DAY, lambda w, p: (p["nip"], p["day"]), _days, _check_day, _nothing,
             _of_person, lambda w, p: f"{_who(w, p)}: {p['day']}", _at_home),
    )
}  # fmt: skip
