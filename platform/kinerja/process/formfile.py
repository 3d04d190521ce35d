"""A form file (YAML) → `Form`, with everything that is wrong in it told at once, each with its line."""

from __future__ import annotations

from fractions import Fraction

from ..core.errors import InputError, KinerjaError, Place
from ..core.numbers import parse_number
from ..policy.diagnostics import nearest
from . import strictyaml
from .conditions import Condition, compile_condition
from .forms import FIELD_TYPES, NO_TEXT, Field, Form, Option, Record, Text
from .planstep import read_plan_step
from .strictyaml import Problems, Value

FORM_KEYS = ("form", "title", "intro", "next", "fields", "records", "submit", "bulk", "confidential", "plan")
FIELD_KEYS = (
    "label", "type", "options", "options_from", "required", "required_when", "min_length", "max_length", "range", "scale", "help",
    "default", "decision",
)  # fmt: skip
ONLY_FOR = {
    "options": ("choice",),
    "options_from": ("choice",),
    "min_length": ("text", "long_text", "rubric"),
    "max_length": ("text", "long_text", "rubric"),
    "range": ("number",),
    "scale": ("number",),
    "decision": ("rubric",),
}


def check_form(text: str, file: str) -> tuple[Form | None, tuple[InputError, ...]]:
    """The form (None when unreadable) and all its problems."""
    try:
        root = strictyaml.parse(text, file)
    except InputError as error:
        return None, (error,)
    reader = FormReader(Problems("formulir_tidak_sah", "perbaiki berkas formulir", "mend the form file"))
    form = reader.form(root, file)
    return form, tuple(reader.problems.found)


class FormReader:
    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def form(self, root: Value, file: str) -> Form | None:
        entries = self.mapping(root, FORM_KEYS)
        for key in ("form", "title", "intro", "fields"):
            if key not in entries:
                self.problems.add(root.place, f"kunci “{key}” belum ada", f'the key "{key}" is missing')
        if not {"form", "title", "intro", "fields"} <= entries.keys():
            return None
        fields = {name: self.field(name, value) for name, value in self.mapping(entries["fields"], None).items()}
        if not fields:
            self.problems.add(entries["fields"].place, "formulir tidak menanyakan apa pun", "the form asks nothing")
        for question in fields.values():
            unknown = sorted(question.required_when.names - fields.keys()) if question.required_when else []
            if unknown:
                names = ", ".join(unknown)
                self.problems.add(
                    question.place,
                    f"required_when memakai “{names}” yang tidak ditanyakan",
                    f'required_when uses "{names}", not asked',
                )
        confidential = self.boolean(entries.get("confidential"))
        for name, question in fields.items() if confidential else ():
            if question.type in ("evidence", "rubric"):
                self.problems.add(
                    question.place,
                    f"bukti pada “{name}” akan membuka siapa yang menjawab",
                    f'evidence in "{name}" would tell who answers',
                )
        if confidential and "records" in entries:
            self.problems.add(
                entries["records"].place,
                "jawaban rahasia tidak menjadi catatan penilaian yang menyebut nama",
                "confidential answers do not become judgements, which carry a name",
            )
        return Form(
            name=self.string(entries["form"]),
            title=self.words(entries["title"]),
            intro=self.words(entries["intro"]),
            fields=fields,
            place=Place(file, 1),
            records=tuple(self.record(item, fields) for item in entries["records"].items or ()) if "records" in entries else (),
            submit=self.words(entries["submit"]) if "submit" in entries else Text("Kirim", "Submit"),
            next=self.words(entries["next"]) if "next" in entries else NO_TEXT,
            confidential=confidential,
            bulk=self.bulk(entries["bulk"], fields) if "bulk" in entries else {},
            plan=read_plan_step(self, entries["plan"], fields) if "plan" in entries else None,
        )

    def bulk(self, value: Value, fields: dict[str, Field]) -> dict[str, str]:
        """The answers for many at once: of fields of this form, each one possible, all that must be answered among them."""
        answers = {name: self.string(entry) for name, entry in self.mapping(value, None).items()}
        for name, answer in answers.items():
            if name not in fields:
                self.problems.add(value.place, f"bulk menjawab “{name}” yang tidak ditanyakan", f'bulk answers "{name}", not asked')
            elif fields[name].options and answer not in [option.value for option in fields[name].options]:
                self.problems.add(value.place, f"“{answer}” bukan pilihan “{name}”", f'"{answer}" is not an option of "{name}"')
            elif fields[name].type in ("text", "long_text", "evidence", "rubric"):
                self.problems.add(
                    value.place,
                    f"“{name}” meminta kata-kata sendiri, jadi tidak dapat dijawab serentak",
                    f'"{name}" asks for words of one\'s own and cannot be answered for many',
                )
        missing = sorted(name for name, question in fields.items() if question.required and name not in answers)
        if missing:
            names = ", ".join(missing)
            self.problems.add(value.place, f"bulk belum menjawab {names}", f"bulk does not answer {names}")
        return answers

    def mapping(self, value: Value, keys: tuple[str, ...] | None) -> dict[str, Value]:
        if value.entries is None:
            self.problems.add(value.place, "di sini diharapkan kunci: nilai", "expected `key: value` here")
            return {}
        for key in value.entries:
            if keys is not None and key not in keys:
                hint = nearest(key, keys)
                self.problems.add(
                    value.entries[key].place,
                    f"kunci “{key}” tidak dikenal" + (f" (maksud Anda “{hint}”?)" if hint else ""),
                    f'unknown key "{key}"' + (f' (did you mean "{hint}"?)' if hint else ""),
                )
        return value.entries

    def string(self, value: Value) -> str:
        if not value.text or not value.text.strip():
            self.problems.add(value.place, "di sini diharapkan teks", "expected text here")
            return ""
        return " ".join(value.text.split())

    def words(self, value: Value) -> Text:
        """A text in both languages: {id: …, en: …}."""
        entries = self.mapping(value, ("id", "en"))
        if entries.keys() != {"id", "en"}:
            self.problems.add(value.place, "tulis dalam dua bahasa: {id: …, en: …}", "write it in both languages: {id: …, en: …}")
            return NO_TEXT
        return Text(self.string(entries["id"]), self.string(entries["en"]))

    def field(self, name: str, value: Value) -> Field:
        entries = self.mapping(value, FIELD_KEYS)
        kind = self.string(entries["type"]) if "type" in entries else ""
        if kind not in FIELD_TYPES:
            known = ", ".join(FIELD_TYPES)
            self.problems.add(
                value.place, f"type “{name}” harus salah satu dari {known}", f'the type of "{name}" must be one of {known}'
            )
        if not name.isidentifier():
            self.problems.add(value.place, f"“{name}” bukan nama isian", f'"{name}" is not a field name')
        if "label" not in entries:
            self.problems.add(value.place, f"“{name}” belum punya label", f'"{name}" has no label')
        for key, kinds in ONLY_FOR.items():
            if key in entries and kind in FIELD_TYPES and kind not in kinds:
                self.problems.add(entries[key].place, f"“{key}” tidak berlaku untuk {kind}", f'"{key}" does not go with {kind}')
        if kind == "choice" and not {"options", "options_from"} & entries.keys():
            self.problems.add(value.place, f"“{name}” belum punya pilihan", f'"{name}" has no options')
        if kind == "rubric" and "decision" not in entries:
            self.problems.add(
                value.place, f"“{name}” belum menyebut decision: keputusan yang menghitungnya",
                f'"{name}" names no decision: the one that computes it',
            )  # fmt: skip
        low, high = self.span(entries.get("range"))
        options = tuple(self.option(item) for item in entries["options"].items or ()) if "options" in entries else ()
        if len({option.value for option in options}) < len(options):
            self.problems.add(value.place, f"pilihan “{name}” ada yang kembar", f'"{name}" has an option twice')
        default = self.string(entries["default"]) if "default" in entries else ""
        if default and kind == "choice" and options and default not in [option.value for option in options]:
            self.problems.add(
                entries["default"].place, f"“{default}” bukan salah satu pilihan", f'"{default}" is not one of the options'
            )
        return Field(
            name=name,
            label=self.words(entries["label"]) if "label" in entries else Text(name, name),
            type=kind,
            place=value.place,
            required=self.boolean(entries.get("required")),
            options=options,
            options_from=self.string(entries["options_from"]) if "options_from" in entries else "",
            min_length=self.count(entries.get("min_length")),
            max_length=self.count(entries.get("max_length")),
            low=low,
            high=high,
            scale=self.count(entries.get("scale")),
            help=self.words(entries["help"]) if "help" in entries else NO_TEXT,
            default=default,
            required_when=self.condition(entries.get("required_when")),
            decision=self.string(entries["decision"]) if "decision" in entries else "",
        )

    def option(self, value: Value) -> Option:
        entries = self.mapping(value, ("value", "label"))
        if entries.keys() != {"value", "label"}:
            self.problems.add(value.place, "tiap pilihan berisi value dan label", "each option has a value and a label")
            return Option("", NO_TEXT)
        return Option(self.string(entries["value"]), self.words(entries["label"]))

    def record(self, value: Value, fields: dict[str, Field]) -> Record:
        entries = self.mapping(value, ("peran", "aspek", "nilai", "alasan", "bukti"))
        text = {key: self.string(entry) for key, entry in entries.items()}
        if not {"peran", "aspek", "nilai", "alasan"} <= text.keys():
            self.problems.add(
                value.place, "tiap catatan berisi peran, aspek, nilai, alasan", "each record has peran, aspek, nilai, alasan"
            )
        for key in ("nilai", "alasan", "bukti"):
            if key in text and text[key] not in fields:
                self.problems.add(
                    entries[key].place, f"“{text[key]}” tidak ditanyakan formulir ini", f'this form does not ask "{text[key]}"'
                )
        return Record(
            text.get("peran", ""), text.get("aspek", ""), text.get("nilai", ""), text.get("alasan", ""), text.get("bukti", "")
        )

    def boolean(self, value: Value | None) -> bool:
        if value is None:
            return False
        if value.text not in ("true", "false"):
            self.problems.add(value.place, "tulis true atau false", "write true or false")
        return value.text == "true"

    def count(self, value: Value | None) -> int:
        if value is None:
            return 0
        text = value.text or ""
        if not text.isdecimal() or len(text) > 6:
            self.problems.add(value.place, "tulis bilangan bulat", "write a whole number")
            return 0
        return int(text)

    def span(self, value: Value | None) -> tuple[Fraction | None, Fraction | None]:
        if value is None:
            return None, None
        try:
            low, high = (parse_number(part.strip()) for part in (value.text or "").split(".."))
            if low > high:
                raise ValueError
        except (ValueError, InputError):
            self.problems.add(
                value.place, "tulis rentang bawah..atas, misalnya 0..100", "write a range low..high, for example 0..100"
            )
            return None, None
        return low, high

    def condition(self, value: Value | None) -> Condition | None:
        if value is None:
            return None
        try:
            return compile_condition(self.string(value))
        except KinerjaError as error:
            self.problems.add(
                value.place, f"required_when tidak terbaca: {error.text_id}", f"malformed required_when: {error.text_en}"
            )
            return None
