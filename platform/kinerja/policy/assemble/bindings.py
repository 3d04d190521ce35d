"""inputs: → Input with its binding: a fact, another decision's output, a list of items, or a local value."""

from __future__ import annotations

from dataclasses import replace

from ...core.errors import Place
from ..diagnostics import Report
from ..model import Binding, BindingKind, Input, Label, ValueType
from ..source import ListNode, MapNode, Node, Scalar
from .common import label, value_type
from .expressions import check_name
from .registry import Header, Registry, collected

_NO_REMEDY = {"remedy_id": "periksa ejaannya", "remedy_en": "check the spelling"}


def read_inputs(header: Header, registry: Registry, report: Report) -> tuple[Input, ...]:
    """The inputs of a decision in the order written; unusable ones are reported and left out."""
    node = header.root.get("inputs")
    found: list[Input] = []
    entries: list[tuple[str, Place, Node | None]] = []
    if isinstance(node, ListNode):
        entries = [(item.text, item.place, None) for item in node.items if isinstance(item, Scalar)]
    elif isinstance(node, MapNode):
        entries = [(entry.key.text, entry.key.place, entry.value) for entry in node.entries]
    for name, place, value in entries:
        check_name(name, place, report)
        if any(other.name == name for other in found):
            report.add("R003", place, key=name, line=next(o.place.line for o in found if o.name == name))
            continue
        if (read := _read(name, place, value, header, registry, report)) is not None:
            found.append(read)
    return tuple(found)


def _read(name: str, place: Place, value: Node | None, header: Header, registry: Registry, report: Report) -> Input | None:
    if value is None or (isinstance(value, Scalar) and value.is_null):
        return _fact_of_same_name(name, place, header, registry, report)
    if isinstance(value, Scalar):
        return _bound(name, place, value.text.strip(), value.place, None, header, registry, report)
    if not isinstance(value, MapNode):
        return None
    source = value.get("from")
    if isinstance(source, Scalar):
        for key, _ in value.items():
            if key not in ("from", "label", "note"):
                report.add(
                    "R016",
                    value.place_of(key),
                    key=key,
                    what_id="“from:” (tipe datang dari sumbernya)",
                    what_en="`from:` (its source has the type)",
                )
        return _bound(name, place, source.text.strip(), source.place, value, header, registry, report)
    if value.get("type") is None and value.get("values") is None:
        found = _fact_of_same_name(name, place, header, registry, report)
        return replace(found, label=label(value.get("label"), found.label.id)) if found and value.get("label") else found
    type_ = value_type(value, name, report)
    return Input(name, label(value.get("label"), name), type_, Binding(BindingKind.LOCAL), place) if type_ else None


def _fact_of_same_name(name: str, place: Place, header: Header, registry: Registry, report: Report) -> Input | None:
    entities = registry.vocabulary.entities
    having = [entity for entity in entities.values() if name in entity.facts]
    usable = [entity for entity in having if entity.of is None or entity.name == header.for_each]
    if len(usable) == 1:
        fact = usable[0].facts[name]
        return Input(name, fact.label, fact.type, Binding(BindingKind.FACT, usable[0].name, name), place)
    if usable:
        report.add("R021", place, name=name, places=", ".join(e.name for e in usable), first=usable[0].name)
    elif having:
        _unreachable(name, place, having[0].name, report)
    elif name not in registry.broken:
        source = next((f"{d}.{name}" for d, versions in registry.headers.items() if versions[-1].output(name)), None)
        remedy = (
            {"remedy_id": f"tulis {name}: {{from: {source}}}", "remedy_en": f"write {name}: {{from: {source}}}"}
            if source
            else {
                "remedy_id": f"tambahkan fakta itu ke vocabulary.yaml, atau tulis {name}: {{type: …}}",
                "remedy_en": f"add that fact to vocabulary.yaml, or write {name}: {{type: …}}",
            }
        )
        known = {fact for entity in entities.values() for fact in entity.facts}
        report.add("R020", place, near=(name, known), name=name, **remedy)
    return None


def _unreachable(name: str, place: Place, entity: str, report: Report) -> None:
    report.add(
        "R024",
        place,
        name=name,
        why_id=f"milik tiap {entity}",
        why_en=f"it belongs to each {entity}",
        remedy_id=f"tambahkan “for_each: {entity}”, atau ambil daftarnya: {entity}: {{from: {entity}}}",
        remedy_en=f"add `for_each: {entity}`, or take the list: {entity}: {{from: {entity}}}",
    )


def _bound(
    name: str, place: Place, source: str, at: Place, node: MapNode | None, header: Header, registry: Registry, report: Report
) -> Input | None:
    """`from: entity`, `from: entity.fact` or `from: decision.output`."""
    entities = registry.vocabulary.entities
    target, _, member = source.partition(".")
    own = node.get("label") if node is not None else None
    if not member:
        if target not in entities:
            known = [*entities, *(f"{d}.{o.name}" for d, v in registry.headers.items() for o in v[-1].outputs)]
            report.add(
                "R020",
                at,
                near=(source, known),
                name=source,
                remedy_id="tulis entitas, entitas.fakta atau keputusan.keluaran",
                remedy_en="write an entity, entity.fact or decision.output",
            )
            return None
        if entities[target].of is None:
            report.add(
                "R024",
                at,
                name=source,
                why_id="bukan daftar",
                why_en="it is not a list",
                remedy_id=f"tulis {target}.<fakta>",
                remedy_en=f"write {target}.<fact>",
            )
            return None
        return Input(name, label(own, entities[target].label.id), None, Binding(BindingKind.ITEMS, target), place)
    if target in entities:
        return _from_fact(name, place, target, member, at, own, header, registry, report)
    if target in registry.headers:
        return _from_output(name, place, target, member, at, own, header, registry, report)
    if target not in registry.broken:
        report.add("R020", at, near=(target, [*entities, *registry.headers]), name=target, **_NO_REMEDY)
    return None


def _from_fact(
    name: str,
    place: Place,
    target: str,
    member: str,
    at: Place,
    own: Node | None,
    header: Header,
    registry: Registry,
    report: Report,
) -> Input | None:
    entity = registry.vocabulary.entities[target]
    fact = entity.facts.get(member)
    if fact is None:
        if member not in registry.broken:
            report.add("R020", at, near=(member, entity.facts), name=f"{target}.{member}", **_NO_REMEDY)
        return None
    if entity.of is not None and header.for_each != target:
        _unreachable(f"{target}.{member}", at, target, report)
        return None
    shown = label(own, fact.label.id) if own is not None else fact.label
    return Input(name, shown, fact.type, Binding(BindingKind.FACT, target, member), place)


def _from_output(
    name: str,
    place: Place,
    target: str,
    member: str,
    at: Place,
    own: Node | None,
    header: Header,
    registry: Registry,
    report: Report,
) -> Input | None:
    source = registry.latest(target)
    output = source.output(member)
    if output is None:
        report.add("R020", at, near=(member, [o.name for o in source.outputs]), name=f"{target}.{member}", **_NO_REMEDY)
        return None
    shown: Label = label(own, output.label.id) if own is not None else output.label
    kind, type_ = BindingKind.OUTPUT, output.type
    if source.for_each is not None and source.for_each != header.for_each:
        if header.for_each is not None:
            _unreachable(f"{target}.{member}", at, source.for_each, report)
            return None
        kind, type_ = BindingKind.COLLECTED, _collect(output.type, at, report)
    return Input(name, shown, type_, Binding(kind, target, member), place)


def _collect(type_: ValueType, at: Place, report: Report) -> ValueType:
    if type_.is_list:
        report.add("R032", at, what_id="daftar dari daftar tidak didukung", what_en="a list of lists is not supported")
    return collected(type_)
