"""Reactions as rete rules: conditions compare scaled integers and texts, rows are joins, sums are folded fact by fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from ...core.numbers import decimal_text
from ...feel import syntax as s
from ..integer import runtime
from ..integer.codec import encode
from ..integer.errors import Fault
from ..integer.ir import Var
from ..integer.lower import Lowering, Scope
from ..integer.numeric import truth
from ..integer.plan import value_type
from ..integer.python import emit
from ..integer.types import Type
from ..rete.cells import ColumnCode, comparison
from ..rete.kernel import Kernel
from ..rete.ruleset import KIND, Condition, FactData, Pattern, Reference, Rule, Value
from .model import Clause, Happening, InARow, Match, Reaction, Together, Total, Window, period_name, period_of

SELECT, FOLD, CLOSE = 10, 20, 30
Matched = Mapping[str, FactData]
_SPACE = {f"p_{name}": function for name, function in runtime.FUNCTIONS.items()} | {"__builtins__": {"any": any, "all": all}}


class _Fields:
    """How the fields of a kind become properties of its facts, and how a clause becomes conditions on them."""

    def __init__(self, reaction: Reaction, clause: Clause, number: int) -> None:
        kinds = reaction.events[clause.kind]
        self.types: dict[str, tuple[Type, bool]] = {name: (value_type(kind), kind.nullable) for name, kind in kinds.items()}
        self.codes: dict[str, ColumnCode] = {}
        self.computed: Callable[..., bool] | None = None
        self._flag = f"w{number}"
        self.conditions: tuple[Condition, ...] = ()
        if clause.where is None:
            return
        simple = self._simple(clause.where, number)
        if simple is not None:
            self.conditions = simple
            return
        self.codes = {}
        variables = {name: Var(f"v{index}", kind, null) for index, (name, (kind, null)) in enumerate(self.types.items())}
        expression = truth(Lowering().lower(clause.where, Scope(variables)))
        names = ", ".join(variable.name for variable in variables.values())
        self.computed = eval(f"lambda {names}: {emit(expression)}", _SPACE)  # noqa: S307 - our own generated source
        self.conditions = (Condition(self._flag, "=", 1),)

    def _simple(self, node: s.Node, number: int) -> tuple[Condition, ...] | None:
        """Comparisons of fields with constants, joined by `and`; None where it is anything else."""
        if isinstance(node, s.Logic) and node.operator == "and":
            left, right = self._simple(node.left, number), self._simple(node.right, number)
            return None if left is None or right is None else left + right
        if not isinstance(node, s.Comparison) or not isinstance(node.left, s.Name) or node.left.name not in self.types:
            return None
        kind, nullable = self.types[node.left.name]
        if nullable:
            return None
        index = list(self.types).index(node.left.name)
        code = comparison(node.operator, node.right, ColumnCode(f"c{number}_{index}", f"n{number}_{index}", kind, False, 0))
        if code is None:
            return None
        column, condition = code
        if node.left.name in self.codes and self.codes[node.left.name].scale != column.scale:
            return None
        self.codes[node.left.name] = column
        return (condition,)

    def properties(self, one: Happening) -> dict[str, Value]:
        """Raises Fault where a computed condition cannot be told."""
        encoded = {name: encode(one.values.get(name), kind) for name, (kind, _) in self.types.items()}
        if self.computed is not None:
            return {self._flag: int(self.computed(*encoded.values()))}
        return {code.name: code.encode(encoded[name])[0] for name, code in self.codes.items()}


class ReactionRules:
    """One ruleset for all reactions; one case at a time."""

    def __init__(self, reactions: Sequence[Reaction]) -> None:
        self._reactions = reactions
        self._fields = {(r.name, c.name): _Fields(r, c, n) for r in reactions for n, c in enumerate(r.clauses)}
        self._happenings: Sequence[Happening] = ()
        self._found: dict[tuple[str, str], set[str]] = {}
        self._selected: dict[str, list[int]] = {}
        self._rules: list[Rule] = []
        for reaction in reactions:
            match reaction.form:
                case InARow():
                    self._add_row(reaction, reaction.form)
                case Total():
                    self._add_total(reaction, reaction.form)
                case Together():
                    self._add_together(reaction, reaction.form)
        self._kernel = Kernel(self._rules)

    def close(self) -> None:
        self._kernel.close()

    def match(self, happenings: Sequence[Happening], day: date) -> tuple[Match, ...]:
        """All matches, sorted; raises Fault where a condition cannot be told."""
        self._happenings, self._found, self._selected = happenings, {}, {}
        self._kernel.evaluate(self._facts(day))
        return tuple(sorted(Match(name, key, tuple(sorted(facts))) for (name, key), facts in self._found.items()))

    def _facts(self, day: date) -> Iterable[FactData]:
        for reaction in self._reactions:
            inside = [i for i, one in enumerate(self._happenings) if _inside(one, reaction.window, day)]
            kinds = {clause.kind for clause in reaction.clauses}
            listed = [i for i in inside if self._happenings[i].kind in kinds]
            following = self._following(reaction, listed)
            for index in listed:
                yield self._fact(reaction, index, following)
            if isinstance(reaction.form, Total):
                yield {KIND: f"end:{reaction.name}"}

    def _fact(self, reaction: Reaction, index: int, following: Mapping[int, int]) -> FactData:
        one = self._happenings[index]
        properties: dict[str, Value] = {KIND: f"h:{reaction.name}", "x": index, "k": sorted(reaction.events).index(one.kind)}
        for clause in reaction.clauses:
            if clause.kind == one.kind:
                properties |= self._fields[reaction.name, clause.name].properties(one)
        if isinstance(reaction.form, InARow):
            period = period_of(one.on, reaction.form.every)
            properties |= {"p": period, "q": following[period]}
        return properties

    def _following(self, reaction: Reaction, listed: Sequence[int]) -> dict[int, int]:
        """Each period and the one that comes after it in a row."""
        if not isinstance(reaction.form, InARow):
            return {}
        periods = sorted({period_of(self._happenings[i].on, reaction.form.every) for i in listed})
        if reaction.form.gap == "break":
            return {period: period + 1 for period in periods}
        return dict(zip(periods, [*periods[1:], -1], strict=False))

    def _pattern(self, reaction: Reaction, clause: Clause, alias: str, *joins: Condition) -> Pattern:
        kind = Condition("k", "=", sorted(reaction.events).index(clause.kind))
        return Pattern(alias, f"h:{reaction.name}", (kind, *self._fields[reaction.name, clause.name].conditions, *joins))

    def _fire(self, reaction: Reaction, key: str, indexes: Iterable[int]) -> None:
        self._found.setdefault((reaction.name, f"{reaction.name}:{key}"), set()).update(self._happenings[i].id for i in indexes)

    def _add_row(self, reaction: Reaction, form: InARow) -> None:
        patterns = [self._pattern(reaction, form.clause, "e0")]
        for number in range(1, form.times):
            joined = Condition("p", "=", Reference(f"e{number - 1}", "q"))
            patterns.append(self._pattern(reaction, form.clause, f"e{number}", joined))

        def fire(matched: Matched) -> Iterable[FactData]:
            last = int(matched[f"e{form.times - 1}"]["p"])
            self._fire(reaction, period_name(last, form.every), [int(fact["x"]) for fact in matched.values()])
            return ()

        self._rules.append(Rule(f"row:{reaction.name}", tuple(patterns), fire, SELECT))

    def _add_together(self, reaction: Reaction, form: Together) -> None:
        patterns = tuple(self._pattern(reaction, clause, f"e{number}") for number, clause in enumerate(form.clauses))

        def fire(matched: Matched) -> Iterable[FactData]:
            indexes = {int(fact["x"]) for fact in matched.values()}
            days = [self._happenings[index].on.toordinal() for index in indexes]
            if len(indexes) == len(patterns) and (form.within is None or max(days) - min(days) <= form.within):
                self._fire(reaction, "+".join(sorted(self._happenings[index].id for index in indexes)), indexes)
            return ()

        self._rules.append(Rule(f"together:{reaction.name}", patterns, fire, SELECT))

    def _add_total(self, reaction: Reaction, form: Total) -> None:
        name, scale = reaction.name, 10 ** reaction.events[form.clause.kind][form.field].scale

        def select(matched: Matched) -> Iterable[FactData]:
            self._selected.setdefault(name, []).append(int(matched["e"]["x"]))
            return ()

        def number(matched: Matched) -> Iterable[FactData]:
            """All are selected: give each its place in the order of days, and start a sum in each period."""
            places: dict[int, int] = {}
            chosen = sorted(self._selected.get(name, ()), key=lambda i: (self._happenings[i].on, self._happenings[i].id))
            for index in chosen:
                one = self._happenings[index]
                group = period_of(one.on, form.per)
                place = places[group] = places.get(group, 0) + 1
                value = int(one.values[form.field] * scale)
                yield {KIND: f"add:{name}", "g": group, "i": place, "v": value, "x": index}
            for group in places:
                yield {KIND: f"sum:{name}", "g": group, "i": 1, "s": 0, "b": 0}

        def fold(matched: Matched) -> Iterable[FactData]:
            total, added = matched["s"], matched["a"]
            reached = int(total["s"]) + int(added["v"])
            return [
                {
                    KIND: f"sum:{name}",
                    "g": total["g"],
                    "i": int(total["i"]) + 1,
                    "s": reached,
                    "b": max(int(total["b"]), int(total["s"])),
                }
            ]

        same = (Condition("g", "=", Reference("s", "g")), Condition("i", "=", Reference("s", "i")))
        self._rules.append(Rule(f"select:{name}", (self._pattern(reaction, form.clause, "e"),), select, SELECT))
        self._rules.append(Rule(f"number:{name}", (Pattern("n", f"end:{name}"),), number, CLOSE))
        self._rules.append(Rule(f"fold:{name}", (Pattern("s", f"sum:{name}"), Pattern("a", f"add:{name}", same)), fold, FOLD))
        for position, threshold in enumerate(form.at_least):
            least = -(-threshold.numerator * scale // threshold.denominator)
            conditions = (Condition("s", ">=", least), Condition("b", "<", least))
            shown = decimal_text(threshold)
            action = self._reach(reaction, form, shown)
            self._rules.append(Rule(f"reach:{name}#{position}", (Pattern("s", f"sum:{name}", conditions),), action, SELECT))

    def _reach(self, reaction: Reaction, form: Total, shown: str) -> Callable[[Matched], Iterable[FactData]]:
        def fire(matched: Matched) -> Iterable[FactData]:
            group, count = int(matched["s"]["g"]), int(matched["s"]["i"]) - 1
            members = [i for i in self._selected[reaction.name] if period_of(self._happenings[i].on, form.per) == group]
            members.sort(key=lambda i: (self._happenings[i].on, self._happenings[i].id))
            self._fire(reaction, f"{period_name(group, form.per)}:{shown}", members[:count])
            return ()

        return fire


def _inside(one: Happening, window: Window, day: date) -> bool:
    return window.first(day).toordinal() <= one.on.toordinal() <= day.toordinal()


_rules: dict[int, tuple[Sequence[Reaction], ReactionRules]] = {}


def react(reactions: Sequence[Reaction], happenings: Sequence[Happening], day: date) -> tuple[Match, ...] | str:
    """In the worker process: the matches, or the code of the error. Rules are kept for the reactions last asked of."""
    key = hash(tuple((reaction.name, reaction.place) for reaction in reactions))
    kept = _rules.get(key)
    if kept is None or kept[0] != reactions:
        while _rules:
            _rules.popitem()[1][1].close()
        kept = _rules[key] = (reactions, ReactionRules(reactions))
    try:
        return kept[1].match(happenings, day)
    except Fault as fault:
        return fault.code
