"""rules/vocabulary.yaml → Vocabulary."""

from __future__ import annotations

from collections.abc import Mapping

from ...feel.syntax import Node as Expression
from ..diagnostics import Report
from ..facts import CASE
from ..model import Constraint, Entity, Fact, Vocabulary
from ..shapes import text, texts
from ..source import ListNode, MapNode, Node, Scalar
from .builtins import BUILT_INS
from .common import label, value_type
from .expressions import check_name, read_expression
from .scope import uses


def build_vocabulary(root: MapNode, report: Report, broken: set[str]) -> Vocabulary:
    """The vocabulary; names of facts too broken to use go into `broken`, so that nobody else is accused for them."""
    entities: dict[str, Entity] = {}
    listed = root.get("entities")
    for name, node in listed.items() if isinstance(listed, MapNode) else ():
        if isinstance(node, MapNode):
            check_name(name, listed.place_of(name) if isinstance(listed, MapNode) else node.place, report)
            entities[name] = _entity(name, node, report, broken)
    for name, entity in entities.items():
        _check_entity(name, entity, entities, listed, report)
    goals_node = root.get("goals")
    goals = {name: texts(node) for name, node in goals_node.items()} if isinstance(goals_node, MapNode) else {}
    for name in goals:
        if (name != CASE or name not in entities) and isinstance(goals_node, MapNode):
            report.add(
                "R020",
                goals_node.place_of(name),
                near=(name, [CASE]),
                name=name,
                remedy_id=f"yang dinilai selalu entitas “{CASE}”; beri nama itu di entities dan goals",
                remedy_en=f"what is judged is always the entity `{CASE}`; call it that under entities and goals",
            )
    return Vocabulary(entities, goals)


def _check_entity(name: str, entity: Entity, entities: Mapping[str, Entity], listed: Node | None, report: Report) -> None:
    node = listed.get(name) if isinstance(listed, MapNode) else None
    if not isinstance(node, MapNode):
        return
    if entity.of is not None and entity.of not in entities:
        report.add(
            "R020",
            node.place_of("of"),
            near=(entity.of, entities),
            name=entity.of,
            remedy_id="sebut entitas dari kosakata ini",
            remedy_en="name an entity of this vocabulary",
        )
    if entity.key is not None and entity.key not in entity.facts:
        report.add(
            "R020",
            node.place_of("key"),
            near=(entity.key, entity.facts),
            name=entity.key,
            remedy_id="sebut fakta dari entitas ini",
            remedy_en="name a fact of this entity",
        )


def _entity(name: str, node: MapNode, report: Report, broken: set[str]) -> Entity:
    facts: dict[str, Fact] = {}
    listed = node.get("facts")
    for fact_name, fact_node in listed.items() if isinstance(listed, MapNode) else ():
        if not isinstance(fact_node, MapNode) or not isinstance(listed, MapNode):
            continue
        place = listed.place_of(fact_name)
        check_name(fact_name, place, report)
        type_ = value_type(fact_node, fact_name, report)
        if type_ is not None:
            facts[fact_name] = Fact(
                name, fact_name, label(fact_node.get("label"), fact_name), type_, text(fact_node.get("source")), place
            )
        else:
            broken.add(fact_name)
    return Entity(
        name,
        label(node.get("label"), name),
        facts,
        text(node.get("of")) or None,
        text(node.get("key")) or None,
        _constraints(node, facts, report),
        node.place,
    )


def _constraints(node: MapNode, facts: Mapping[str, Fact], report: Report) -> tuple[Constraint, ...]:
    found: list[Constraint] = []
    listed = node.get("constraints")
    for item in listed.items if isinstance(listed, ListNode) else ():
        that = item.get("that") if isinstance(item, MapNode) else None
        if isinstance(item, MapNode) and isinstance(that, Scalar):
            expression: Expression | None = read_expression(that, facts, report)
            if expression is not None:
                for use in uses(expression):
                    if use.name not in facts and use.name not in BUILT_INS:
                        report.add(
                            "R020",
                            that.at(use.span.start),
                            near=(use.name, facts),
                            name=use.name,
                            remedy_id="sebut fakta dari entitas ini",
                            remedy_en="name a fact of this entity",
                        )
                found.append(Constraint(that.text.strip(), expression, label(item, ""), that.place))
    return tuple(found)
