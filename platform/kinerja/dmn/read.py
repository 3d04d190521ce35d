"""DMN files 1.1 to 1.5 → `Model`. XML is read without DTD, entities or network; imports come from files beside the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from lxml import etree

from ..core.errors import InputError, Place
from ..core.exactjson import read_bytes
from .model import Decision, DecisionService, Definition, Import, InputData, ItemDefinition, KnowledgeModel, Model

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

NAMESPACES = {
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd": "1.1",
    "http://www.omg.org/spec/DMN/20180521/MODEL/": "1.2",
    "https://www.omg.org/spec/DMN/20191111/MODEL/": "1.3",
    "https://www.omg.org/spec/DMN/20211108/MODEL/": "1.4",
    "https://www.omg.org/spec/DMN/20230324/MODEL/": "1.5",
}
MAX_BYTES = 16 * 1024 * 1024
MAX_IMPORTS = 50
_FIVE = "DMN 1.1–1.5"


def _refuse(code: str, text_id: str, text_en: str, file: str, line: int = 0) -> InputError:
    return InputError(
        code,
        text_id,
        text_en,
        place=Place(file, line),
        remedy_id="periksa berkas, atau simpan ulang dari penyunting DMN",
        remedy_en="check the file, or save it again from a DMN editor",
    )


def read_xml(path: Path) -> Element:
    """The root of an XML file; InputError when it is missing or too large, or (xml_tidak_sah) malformed or with a document type."""
    file, data = str(path), read_bytes(path, max_bytes=MAX_BYTES)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.position[0] or 0
        raise _refuse("xml_tidak_sah", f"XML tidak sah ({error.msg})", f"malformed XML ({error.msg})", file, line) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refuse("xml_tidak_sah", "DOCTYPE tidak diperbolehkan", "a DOCTYPE is not allowed", file)
    return root


def local(element: Element) -> str:
    """The name of an element without its namespace."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """The child elements of these names, of any version of DMN."""
    return (child for child in element if local(child) in names)


def child(element: Element, *names: str) -> Element | None:
    return next(children(element, *names), None)


def text_of(element: Element | None) -> str:
    """What stands in the `text` child of an element."""
    found = child(element, "text") if element is not None else None
    return "".join(str(part) for part in found.itertext()) if found is not None else ""


def read_model(path: Path) -> Model:
    """A model with all it imports; InputError when a file cannot be read or is no DMN."""
    return _Reader(path.parent).read(path)


class _Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.models: dict[Path, Model | None] = {}  # None while being read
        self.namespaces: dict[str, Path] | None = None

    def read(self, path: Path) -> Model:
        self.models[path.resolve()] = None
        root = read_xml(path)
        if local(root) != "definitions" or etree.QName(root).namespace not in NAMESPACES:
            raise _refuse("bukan_dmn", f"berkas bukan {_FIVE}", f"the file is not {_FIVE}", str(path))
        imports = tuple(_import(element) for element in children(root, "import") if "DMN" in (element.get("importType") or "DMN"))
        imported: dict[str, Model] = {}
        for one in imports:
            if (model := self._imported(one)) is not None:
                imported |= {**model.imported, model.namespace: model}
        elements = {element.id: element for element in _elements(root)}
        items = tuple(_item(element) for element in children(root, "itemDefinition"))
        name, namespace, free_names = root.get("name") or "", root.get("namespace") or "", _has_free_names(root)
        model = Model(path.name, name, namespace, items, elements, imports, imported, free_names)
        self.models[path.resolve()] = model
        return model

    def _imported(self, one: Import) -> Model | None:
        """The imported model: the file in the same folder that has its namespace; None when there is none, or it is being read."""
        if self.namespaces is None:
            self.namespaces = {}
            for path in sorted(self.folder.glob("*.dmn"))[:MAX_IMPORTS]:
                try:
                    self.namespaces[read_xml(path).get("namespace") or ""] = path
                except InputError:
                    continue
        found = self.namespaces.get(one.namespace)
        if found is None:
            return None
        return self.models[found.resolve()] if found.resolve() in self.models else self.read(found)


# ── elements ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def _import(element: Element) -> Import:
    return Import(element.get("name") or "", element.get("namespace") or "")


_LOGIC = (
    *("literalExpression", "decisionTable", "context", "invocation", "functionDefinition"),
    *("list", "relation", "conditional", "filter", "for", "every", "some"),
)


def logic_of(element: Element) -> Element | None:
    """The boxed expression below an element, if any."""
    return child(element, *_LOGIC)


def _columns(logic: Element | None) -> tuple[str, ...]:
    if logic is None or local(logic) != "decisionTable":
        return ()
    return tuple(output.get("name") or "" for output in children(logic, "output"))


def _has_free_names(root: Element) -> bool:
    return any("camunda.org" in uri for uri in root.nsmap.values()) or "Camunda" in (root.get("exporter") or "")


def _hrefs(element: Element, *names: str) -> tuple[str, ...]:
    return tuple(found.get("href") or "" for found in children(element, *names))


def _requirements(element: Element) -> tuple[str, ...]:
    hrefs: list[str] = []
    for requirement in children(element, "informationRequirement", "knowledgeRequirement"):
        hrefs += _hrefs(requirement, "requiredInput", "requiredDecision", "requiredKnowledge")
    return tuple(hrefs)


def _elements(root: Element) -> Iterator[Definition]:
    for element in root:
        kind = local(element)
        variable = child(element, "variable")
        type_ref = (variable.get("typeRef") or "") if variable is not None else ""
        name = " ".join((element.get("name") or "").split())
        identifier = element.get("id") or name
        if kind == "inputData":
            yield InputData(identifier, name, type_ref)
        elif kind == "decision":
            logic = logic_of(element)
            yield Decision(identifier, name, type_ref, _requirements(element), logic, _columns(logic))
        elif kind == "businessKnowledgeModel":
            yield KnowledgeModel(identifier, name, type_ref, _requirements(element), child(element, "encapsulatedLogic"))
        elif kind == "decisionService":
            yield DecisionService(
                identifier,
                name,
                type_ref,
                outputs=_hrefs(element, "outputDecision"),
                input_decisions=_hrefs(element, "inputDecision"),
                input_data=_hrefs(element, "inputData"),
            )


def _item(element: Element, depth: int = 0) -> ItemDefinition:
    type_ref = child(element, "typeRef")
    function = child(element, "functionItem")
    return ItemDefinition(
        " ".join((element.get("name") or "").split()),
        (type_ref.text or "").strip() if type_ref is not None else "",
        element.get("isCollection") == "true",
        text_of(child(element, "allowedValues")),
        text_of(child(element, "typeConstraint")),
        tuple(_item(component, depth + 1) for component in children(element, "itemComponent")) if depth < MAX_IMPORTS else (),
        None if function is None else _function_item(function),
    )


def _function_item(element: Element) -> tuple[tuple[tuple[str, str], ...], str]:
    parameters = tuple((one.get("name") or "", one.get("typeRef") or "") for one in children(element, "parameters"))
    return parameters, element.get("outputTypeRef") or ""
