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
from ..integer.types import Num, Type
from ..rete.cells import ColumnCode, comparison
from ..rete.kernel import Kernel
from ..rete.ruleset import KIND, Condition, FactData, Pattern, Reference, Rule, Value
from .keys import missing_key, together_key
from .model import Clause, Happening, InARow, Match, Missing, Reaction, Together, Total, Window, period_name, period_of

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
        self._linked: dict[str, set[int]] = {}
        self._after: dict[str, Mapping[int, int]] = {}
        self._opened: dict[str, date] = {}
        self._runs: dict[tuple[str, int], list[int]] = {}
        self._first: dict[tuple[str, str], date] = {}
        self._rules: list[Rule] = []
        for reaction in reactions:
            match reaction.form:
                case InARow():
                    self._add_row(reaction, reaction.form)
                case Total():
                    self._add_total(reaction, reaction.form)
                case Together():
                    self._add_together(reaction, reaction.form)
                case Missing():
                    self._add_missing(reaction, reaction.form)
        self._kernel = Kernel(self._rules)

    def close(self) -> None:
        self._kernel.close()

    def match(self, happenings: Sequence[Happening], day: date) -> tuple[Match, ...]:
        """All matches, sorted; raises Fault where a condition cannot be told."""
        self._happenings, self._found, self._selected = happenings, {}, {}
        self._linked, self._first, self._runs = {}, {}, {}
        self._kernel.evaluate(self._facts(day))
        return tuple(sorted(Match(name, key, tuple(sorted(facts))) for (name, key), facts in self._found.items()))

    def _facts(self, day: date) -> Iterable[FactData]:
        for reaction in self._reactions:
            listed = [i for i, one in enumerate(self._happenings) if _counts(reaction, one, day)]
            following = self._after[reaction.name] = self._following(reaction, listed)
            self._opened[reaction.name] = reaction.window.first(day)
            for index in listed:
                yield self._fact(reaction, index, following, day)
            yield {KIND: f"end:{reaction.name}"}

    def _fact(self, reaction: Reaction, index: int, following: Mapping[int, int], day: date) -> FactData:
        one, form = self._happenings[index], reaction.form
        properties: dict[str, Value] = {KIND: f"h:{reaction.name}", "x": index, "k": sorted(reaction.events).index(one.kind)}
        for clause in reaction.clauses:
            if clause.kind == one.kind:
                properties |= self._fields[reaction.name, clause.name].properties(one)
        if isinstance(form, InARow):
            period = period_of(one.on, form.every)
            properties |= {"p": period, "q": following[period]}
        elif isinstance(form, Missing):
            properties["r"] = one.on.toordinal() - day.toordinal()
            for number, name in enumerate(form.same):
                kind = value_type(reaction.events[one.kind][name])
                properties[f"s{number}"] = ColumnCode("", "", kind, False, _scale(kind)).encode(encode(one.values[name], kind))[0]
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
        patterns = [self._pattern(reaction, form.clause, "e0", *self._head(reaction, form))]
        for number in range(1, form.times):
            joined = Condition("p", "=", Reference(f"e{number - 1}", "q"))
            patterns.append(self._pattern(reaction, form.clause, f"e{number}", joined))
        if form.once:
            patterns.insert(0, Pattern("h", f"head:{reaction.name}"))

        def fire(matched: Matched) -> Iterable[FactData]:
            row = [matched[f"e{number}"] for number in range(form.times)]
            named = int(row[0 if form.once else -1]["p"])
            facts = self._runs[reaction.name, named] if form.once else [int(fact["x"]) for fact in row]
            self._fire(reaction, period_name(named, form.every), facts)
            return ()

        self._rules.append(Rule(f"row:{reaction.name}", tuple(patterns), fire, SELECT))

    def _head(self, reaction: Reaction, form: InARow) -> tuple[Condition, ...]:
        """Where a run counts once: rules that tell the periods that begin one, asserted as facts, and the join with these."""
        if not form.once:
            return ()
        name = reaction.name

        def select(matched: Matched) -> Iterable[FactData]:
            self._selected.setdefault(name, []).append(int(matched["e"]["x"]))
            return ()

        def link(matched: Matched) -> Iterable[FactData]:
            self._linked.setdefault(name, set()).add(int(matched["b"]["p"]))
            return ()

        def heads(matched: Matched) -> Iterable[FactData]:
            members: dict[int, list[int]] = {}
            for index in self._selected.get(name, ()):
                members.setdefault(period_of(self._happenings[index].on, form.every), []).append(index)
            for period in sorted(set(members) - self._linked.get(name, set())):
                run = self._runs[name, period] = []
                seen, within = period, 0
                while seen in members:
                    run += members[seen]
                    within += max(self._happenings[index].on for index in members[seen]) >= self._opened[name]
                    seen = self._after[name][seen]
                if within >= form.times:  # a run has one name for ever, also when the window has left its beginning behind
                    yield {KIND: f"head:{name}", "p": period}

        pair = (self._pattern(reaction, form.clause, "a"),
                self._pattern(reaction, form.clause, "b", Condition("p", "=", Reference("a", "q"))))  # fmt: skip
        self._rules.append(Rule(f"select:{name}", (self._pattern(reaction, form.clause, "e"),), select, SELECT))
        self._rules.append(Rule(f"link:{name}", pair, link, SELECT))
        self._rules.append(Rule(f"heads:{name}", (Pattern("n", f"end:{name}"),), heads, CLOSE))
        return (Condition("p", "=", Reference("h", "p")),)

    def _add_together(self, reaction: Reaction, form: Together) -> None:
        patterns = tuple(self._pattern(reaction, clause, f"e{number}") for number, clause in enumerate(form.clauses))

        def fire(matched: Matched) -> Iterable[FactData]:
            chosen = [int(matched[f"e{number}"]["x"]) for number in range(len(patterns))]
            days = [self._happenings[index].on.toordinal() for index in chosen]
            if len(set(chosen)) == len(patterns) and (form.within is None or max(days) - min(days) <= form.within):
                key = together_key(form, [self._happenings[index] for index in chosen])
                self._earliest(reaction, key, chosen)
            return ()

        self._rules.append(Rule(f"together:{reaction.name}", patterns, fire, SELECT))

    def _earliest(self, reaction: Reaction, key: str, chosen: Sequence[int]) -> None:
        """Of several combinations with one key the first in time, then in order of ids."""
        found = (reaction.name, f"{reaction.name}:{key}")
        last, facts = max(self._happenings[i].on for i in chosen), {self._happenings[i].id for i in chosen}
        if found not in self._found or (last, sorted(facts)) < (self._first[found], sorted(self._found[found])):
            self._found[found], self._first[found] = facts, last

    def _add_missing(self, reaction: Reaction, form: Missing) -> None:
        """What is due and what has come are joined; at the end each due one says whether it has been met."""
        name, met = reaction.name, f"met:{reaction.name}"

        def select(matched: Matched) -> Iterable[FactData]:
            self._selected.setdefault(name, []).append(int(matched["d"]["x"]))
            self._selected.setdefault(f"left:{name}", []).append(int(matched["d"]["r"]))
            return ()

        def meet(matched: Matched) -> Iterable[FactData]:
            self._selected.setdefault(met, []).append(int(matched["d"]["x"]))
            return ()

        def close(matched: Matched) -> Iterable[FactData]:
            done = set(self._selected.get(met, ()))
            for index, left in zip(self._selected.get(name, ()), self._selected.get(f"left:{name}", ()), strict=True):
                yield {KIND: f"due:{name}", "x": index, "r": left, "m": int(index in done)}

        due = self._pattern(reaction, form.clause, "d")
        same = [Condition(f"s{number}", "=", Reference("d", f"s{number}")) for number in range(len(form.same))]
        self._rules.append(Rule(f"select:{name}", (due,), select, SELECT))
        self._rules.append(Rule(f"meet:{name}", (due, self._pattern(reaction, form.unless, "u", *same)), meet, SELECT))
        self._rules.append(Rule(f"close:{name}", (Pattern("n", f"end:{name}"),), close, CLOSE))
        for nearer, before in zip((-1, *sorted(form.before)), sorted(form.before), strict=False):
            conditions = (Condition("m", "=", 0), Condition("r", ">", nearer), Condition("r", "<=", before))
            action = self._remind(reaction, form, before)
            self._rules.append(Rule(f"remind:{name}#{before}", (Pattern("o", f"due:{name}", conditions),), action, SELECT))

    def _remind(self, reaction: Reaction, form: Missing, before: int) -> Callable[[Matched], Iterable[FactData]]:
        def fire(matched: Matched) -> Iterable[FactData]:
            index = int(matched["o"]["x"])
            self._fire(reaction, f"{missing_key(form, self._happenings[index])}:{before}", [index])
            return ()

        return fire

    def _add_total(self, reaction: Reaction, form: Total) -> None:
        name = reaction.name
        scale = 10 ** reaction.events[form.clause.kind][form.field].scale if form.field else 1

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
                value = int(one.values[form.field] * scale) if form.field else 1
                yield {KIND: f"add:{name}", "g": group, "i": place, "v": value, "x": index}
            for group, count in places.items():
                yield {KIND: f"sum:{name}", "g": group, "i": 1, "s": 0, "b": 0, "l": count}

        def fold(matched: Matched) -> Iterable[FactData]:
            total, added = matched["s"], matched["a"]
            reached, most = int(total["s"]) + int(added["v"]), max(int(total["b"]), int(total["s"]))
            left = int(total["l"]) - 1
            return [{KIND: f"sum:{name}", "g": total["g"], "i": int(total["i"]) + 1, "s": reached, "b": most, "l": left}]

        same = (Condition("g", "=", Reference("s", "g")), Condition("i", "=", Reference("s", "i")))
        self._rules.append(Rule(f"select:{name}", (self._pattern(reaction, form.clause, "e"),), select, SELECT))
        self._rules.append(Rule(f"number:{name}", (Pattern("n", f"end:{name}"),), number, CLOSE))
        self._rules.append(Rule(f"fold:{name}", (Pattern("s", f"sum:{name}"), Pattern("a", f"add:{name}", same)), fold, FOLD))
        leasts = [-(-threshold.numerator * scale // threshold.denominator) for threshold in form.at_least]
        for position, (threshold, least) in enumerate(zip(form.at_least, leasts, strict=True)):
            conditions: tuple[Condition, ...] = (Condition("s", ">=", least), Condition("b", "<", least))
            if form.highest:  # told by the last sum of the period, where it lies below the next threshold
                above = leasts[position + 1 : position + 2]
                conditions = (Condition("l", "=", 0), Condition("s", ">=", least), *(Condition("s", "<", next_) for next_ in above))
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


def _counts(reaction: Reaction, one: Happening, day: date) -> bool:
    """Whether a happening is of a kind that the pattern reads, on a day that counts; what is due lies ahead."""
    form = reaction.form
    if isinstance(form, Missing) and one.kind == form.clause.kind:
        return 0 <= one.on.toordinal() - day.toordinal() <= max(form.before)
    if one.kind not in {clause.kind for clause in reaction.clauses}:
        return False
    return one.on <= day if isinstance(form, InARow) and form.once else _inside(one, reaction.window, day)


def _scale(kind: Type) -> int:
    return kind.den or 1 if isinstance(kind, Num) else 1


def _inside(one: Happening, window: Window, day: date) -> bool:
    return window.first(day).toordinal() <= one.on.toordinal() <= day.toordinal()


_rules: dict[int, tuple[Sequence[Reaction], ReactionRules]] = {}


def find(reactions: Sequence[Reaction], happenings: Sequence[Happening], day: date) -> tuple[Match, ...] | str:
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
