"""The kinds of rule file and the keys each may hold: the source of the checks and of docs/schemas/*.json."""

from __future__ import annotations

from .model import HitPolicy
from .shapes import Day, Either, Empty, Flag, Key, ListOf, MapOf, Name, Number, Plain, Record, Shape, Span, Text

STATUSES = ("verified", "recalled", "policy")
POLARITIES = ("lebih_tinggi", "lebih_rendah", "rentang", "rentang_lebih_rendah")
SOURCES = ("kejadian", "tim_evaluasi", "laporan")
EVENT_STATISTICS = (
    "persen_tepat_waktu",
    "median_hari",
    "median_menit",
    "rata_rata_hari",
    "p90_hari",
    "jumlah_selesai",
)  # as ingest
STATISTICS = (*EVENT_STATISTICS, "nilai")
ASPECTS = ("kuantitas", "kualitas", "waktu", "biaya")
"""Of a work result, as the SKP form asks (PermenPANRB 6/2022)."""
PRORATIONS = ("hari_kalender", "hari_kerja")
"""By which days the target of a quantity is divided where somebody holds a post for a part of the period."""
BASES = ("number", "text", "boolean", "date")

LONGEST_LABEL, LONGEST_TITLE, LONGEST_NOTE = 200, 300, 4000


def _named(text: Text) -> Either:
    return Either((text, Record({"id": Key(text, "in Indonesian", True), "en": Key(text, "in English")})))


LABEL = _named(Text(longest=LONGEST_LABEL))
TITLE = _named(Text(longest=LONGEST_TITLE, worded=True))
NOTE = Text(multiline=True, longest=LONGEST_NOTE)
CITATION = Record(
    {
        "instrument": Key(Text(longest=LONGEST_LABEL, worded=True), "the law or regulation, e.g. PermenPANRB 6/2022", True),
        "part": Key(Text(), "article, annex, table"),
        "status": Key(Text(STATUSES), "verified (read in the source), recalled (from knowledge), policy (the city's choice)", True),
        "note": Key(NOTE, "remark on the citation"),
    }
)
EFFECTIVE = Record(
    {
        "from": Key(Day(), "first day in force", True),
        "to": Key(Day(), "last day in force"),
        "review_by": Key(Day(), "day by which it must be looked at again; alarms 90, 30 and 7 days before"),
    }
)
AUTHORITY = ListOf(CITATION, least=1)

_TYPE_KEYS: dict[str, Key] = {
    "type": Key(Text(BASES), "number, text, boolean or date"),
    "label": Key(LABEL, "name on the screen and in letters"),
    "unit": Key(Text(), "unit of a number"),
    "scale": Key(Number(integer=True), "digits after the decimal point"),
    "range": Key(Span(), "low..high, both included"),
    "values": Key(ListOf(Text(), least=1), "the allowed texts; makes the type text"),
    "list": Key(Flag(), "a list of such values"),
    "nullable": Key(Flag(also=("elements",)), "true: may be absent; elements: list elements may be null"),
    "note": Key(NOTE, "remark"),
}
FACT = Record({**_TYPE_KEYS, "source": Key(Text(), "where the fact comes from")}, "fact")
INPUT = Record({**_TYPE_KEYS, "from": Key(Text(), "entity.fact, decision.output, or an entity (its items as a list)")}, "input")
OUTPUT = Record({**_TYPE_KEYS, "best": Key(Text(), "the best of the values (first or last)")}, "output")
KEY_TYPE = Record({k: _TYPE_KEYS[k] for k in ("type", "unit", "scale", "range", "values", "label")})


def _common() -> dict[str, Key]:
    return {
        "title": Key(TITLE, "what the file is, in one line", True),
        "authority": Key(AUTHORITY, "legal basis", True),
        "effective": Key(EFFECTIVE, "dates in force", True),
        "note": Key(NOTE, "remark"),
    }


CONSTRAINT = Record(
    {
        "that": Key(Text(multiline=True), "FEEL over the entity's facts that holds in every legal case", True),
        "id": Key(Text(), "sentence in Indonesian", True),
        "en": Key(Text(), "sentence in English"),
    }
)
ENTITY = Record(
    {
        "label": Key(LABEL, "name on the screen", True),
        "of": Key(Name(), "the entity whose items these are"),
        "key": Key(Name(), "the fact that tells items apart"),
        "facts": Key(MapOf(FACT), "name: fact", True),
        "constraints": Key(ListOf(CONSTRAINT), "what holds in every legal case"),
        "note": Key(NOTE, "remark"),
    },
    "entity",
)
VOCABULARY = Record(
    {
        **_common(),
        "entities": Key(MapOf(ENTITY), "name: entity", True),
        "goals": Key(MapOf(ListOf(Name(), least=1)), "entity: decisions that an evaluation of it must answer"),
    },
    "Vocabulary",
)
PARAMETER = Record(
    {
        **_common(),
        "parameter": Key(Name(), "the name used in formulas", True),
        **{key: value for key, value in _TYPE_KEYS.items() if key not in ("list", "nullable", "note")},
        "key": Key(KEY_TYPE, "type of the key, for a value that depends on one"),
        "values": Key(
            ListOf(
                Record(
                    {
                        "from": Key(Day(), "first day", True),
                        "to": Key(Day(), "last day"),
                        "review_by": Key(Day(), "day by which it must be looked at again"),
                        "value": Key(Either((Text(), MapOf(Text(), "plain"))), "the value, or key: value pairs", True),
                        "authority": Key(AUTHORITY, "legal basis of this value"),
                        "note": Key(NOTE, "remark"),
                    }
                ),
                least=1,
            ),
            "dated values",
            True,
        ),
        "choices": Key(ListOf(Text(), least=1), "the allowed texts of a text parameter"),
    },
    "Parameter",
)
INDICATOR = Record(
    {
        "kode": Key(Text(), "short code, unique in the standard", True),
        "label": Key(LABEL, "name on the screen and in letters", True),
        "polarity": Key(Text(POLARITIES), "which way is better", True),
        "target": Key(Number(), "the target, or the lower end of the target range", True),
        "target_high": Key(Number(), "upper end of the target range"),
        "weight": Key(Number(), "weight in per cent; a standard's weights add up to 100", True),
        "unit": Key(Text(), "unit of target and actual", True),
        "source": Key(Text(SOURCES), "where the actual comes from", True),
        "statistic": Key(Text(STATISTICS), "how it is computed: a statistic of events, or nilai (as it was given)", True),
        "service": Key(Text(), "the service whose events are counted"),
        "prorate": Key(Text(PRORATIONS), "for quantities: the target of a part of the period, by its days"),
        "aspect": Key(Text(ASPECTS), "which aspect of the work it measures, as the SKP form prints it"),
        "serves": Key(ListOf(Text(), least=1), "codes of the superior's indicators it serves, the nearest first"),
        "definition": Key(Text(multiline=True), "what exactly is measured", True),
        "population": Key(Text(multiline=True), "which events or people count", True),
        "note": Key(NOTE, "remark"),
    },
    "indicator",
)
STANDARD = Record(
    {
        **_common(),
        "standard": Key(Name(), "name of the standard", True),
        "applies_to": Key(
            Record(
                {
                    "positions": Key(ListOf(Text(), least=1), "codes of the posts", True),
                    "units": Key(ListOf(Text(), least=1), "codes of the units; all when absent"),
                    "classes": Key(ListOf(Number(integer=True), least=1), "job classes; all when absent"),
                }
            ),
            "whom it holds for",
            True,
        ),
        "indicators": Key(ListOf(INDICATOR, least=1), "the indicators", True),
    },
    "Performance standard",
)
CASE = Record(
    {
        "given": Key(Plain(), "inputs by name", True),
        "expect": Key(Plain(), "outputs by name"),
        "error": Key(Text(), "the code of the named error that must come"),
        "on": Key(Day(), "judgement day"),
        "note": Key(NOTE, "remark"),
    },
    "case",
)
STEP = Either(
    (Text(multiline=True), Record({"formula": Key(Text(multiline=True), "FEEL", True), "label": Key(LABEL, "name in traces")}))
)
DECISION = Record(
    {
        **_common(),
        "decision": Key(Name(), "the decision's id", True),
        "for_each": Key(Name(), "the item entity it works on, one item at a time"),
        "inputs": Key(
            Either((ListOf(Name()), MapOf(Either((INPUT, Empty(), Text()))))),
            "names of facts, or name: {from: …} / name: {type: …}",
            True,
        ),
        "outputs": Key(MapOf(OUTPUT), "name: type", True),
        "hit": Key(Text(tuple(policy.value for policy in HitPolicy)), "hit policy of the table; UNIQUE when absent"),
        "table": Key(Text(multiline=True), "pipe grid in a `|` block, or the name of a .csv or .xlsx beside the file"),
        "formula": Key(Text(multiline=True), "FEEL, for a single output"),
        "steps": Key(MapOf(STEP), "name: FEEL, in order; outputs are the steps of those names"),
        "requires": Key(
            ListOf(
                Record(
                    {
                        "code": Key(Name(), "code of the named error", True),
                        "that": Key(Text(multiline=True), "FEEL that must be true", True),
                        "id": Key(Text(), "sentence in Indonesian", True),
                        "en": Key(Text(), "sentence in English", True),
                    }
                )
            ),
            "preconditions with named errors",
        ),
        "monotone": Key(
            MapOf(Text(("up", "down")), "plain"),
            "input, member of its items (indikator.capaian), output further back (capaian_indikator.capaian): up or down; proved",
        ),
        "exception_to": Key(Name(), "the general decision that this one overrides where `when` holds"),
        "when": Key(Text(multiline=True), "FEEL over this decision's inputs: for whom the exception holds"),
        "transitional": Key(
            Record(
                {
                    "when": Key(Text(multiline=True), "FEEL over the inputs of the version before: which cases stay with it", True),
                    "until": Key(Day(), "the last day on which they do", True),
                }
            ),
            "cases that stay with the version before, until a day",
        ),
        "cases": Key(ListOf(CASE), "worked examples"),
    },
    "Decision",
)

# ── reactions ────────────────────────────────────────────────────────────────────────────────────────────────────────────
PERIODS = ("day", "week", "month", "year")
_SPAN = Record({"months": Key(Number(integer=True), "calendar months"), "days": Key(Number(integer=True), "days")})
_BANDS = Record(
    {
        "decision": Key(Name(), "the decision whose table states the thresholds", True),
        "input": Key(Name(), "its input that is counted", True),
        "output": Key(Name(), "its output that changes from band to band", True),
        "given": Key(MapOf(Plain()), "its other inputs"),
        "ignore": Key(ListOf(Text()), "outputs that ask for nothing"),
    }
)
EVENT = Record({"label": Key(LABEL, "name on the screen", True), "facts": Key(MapOf(FACT), "name: fact", True)}, "event")
_CLAUSE = {
    "event": Key(Name(), "kind of happening", True),
    "where": Key(Text(multiline=True), "FEEL over its fields"),
}
REACTION = Record(
    {
        "title": Key(TITLE, "what the file is, in one line", True),
        "authority": Key(AUTHORITY, "legal basis", True),
        "effective": Key(EFFECTIVE, "dates in force", True),
        "note": Key(NOTE, "remark"),
        "reaction": Key(Name(), "its name", True),
        "events": Key(MapOf(EVENT), "kind of happening: its facts", True),
        "window": Key(_SPAN, "how far back happenings count"),
        "in_a_row": Key(
            Record(
                {
                    **_CLAUSE,
                    "every": Key(Text(PERIODS), "the period", True),
                    "times": Key(Either((Number(integer=True), _BANDS)), "how many periods, or a decision's threshold", True),
                    "gap": Key(Text(("break", "skip")), "what a period without happenings does; default break"),
                    "repeat": Key(Text(("each", "once")), "a key for each completed row, or one for an unbroken run; default each"),
                }
            ),
            "periods one after another",
        ),
        "total": Key(
            Record(
                {
                    **_CLAUSE,
                    "sum": Key(Name(), "the field that is summed; the happenings are counted when absent"),
                    "per": Key(Text(PERIODS), "the period", True),
                    "at_least": Key(Either((ListOf(Number(), least=1), _BANDS)), "thresholds, or a decision's", True),
                    "report": Key(Text(("each", "highest")), "every threshold reached, or the highest only; default each"),
                }
            ),
            "a running sum",
        ),
        "together": Key(
            Record(
                {
                    "within": Key(_SPAN, "how far apart at most"),
                    "all": Key(MapOf(Record(_CLAUSE)), "name: clause", True),
                    "key": Key(ListOf(Text(), least=1), "clause.field whose values make the key"),
                    "per": Key(Text(PERIODS), "the period that is part of the key"),
                }
            ),
            "happenings in any order",
        ),
        "missing": Key(
            Record(
                {
                    **_CLAUSE,
                    "before": Key(ListOf(Number(integer=True), least=1), "days before it, descending", True),
                    "unless": Key(Record(_CLAUSE), "the happening that is awaited", True),
                    "same": Key(ListOf(Name(), least=1), "fields that must be equal in both", True),
                }
            ),
            "what is due and still lacks something",
        ),
        "then": Key(
            Record(
                {
                    "act": Key(Text(("task", "notice", "flag")), "what follows", True),
                    "name": Key(Name(), "of the task or flag", True),
                    "role": Key(Name(), "whose it is"),
                    "text": Key(TITLE, "what it says", True),
                }
            ),
            "what follows",
            True,
        ),
        "cases": Key(
            ListOf(
                Record(
                    {
                        "on": Key(Day(), "judgement day", True),
                        "given": Key(ListOf(MapOf(Plain())), "happenings: event, on, fields", True),
                        "expect": Key(ListOf(Text()), "the keys that fire, without the reaction's name", True),
                        "note": Key(NOTE, "remark"),
                    },
                    "case",
                )
            ),
            "worked examples",
        ),
    },
    "reaction",
)

KINDS: dict[str, Shape] = {
    "vocabulary": VOCABULARY,
    "parameter": PARAMETER,
    "standard": STANDARD,
    "decision": DECISION,
    "reaction": REACTION,
}
FOLDERS: dict[str, str] = {
    "parameters": "parameter",
    "standards": "standard",
    "decisions": "decision",
    "incentives": "decision",
    "reactions": "reaction",
}
