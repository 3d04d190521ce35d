"""Static inference: the type of an expression, and what is certainly wrong with it, before any value is known.

It complains only of what no value of the inferred types could do; Any is never wrong. Nulls are a matter for run time.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import syntax as ast
from .builtins import BUILT_INS
from .builtins.signatures import VARIABLE, Parameter, Signature
from .errors import ARGUMENTS, FeelError, bad_value, too_deep, type_mismatch, unknown_name
from .operations import PROPERTIES, TABLES
from .syntax import Node, Span
from .temporal_text import read_temporal
from .types import (
    ANY,
    BOOLEAN,
    COMPARABLE,
    DAYS,
    LIST,
    MONTHS,
    NULL,
    NUMBER,
    STRING,
    Type,
    by_name,
    common,
    compatible,
    context_of,
    from_source,
    function_of,
    list_of,
    range_of,
)
from .values import kind
from .walk import walk

Types = Mapping[str, Type]
_NOT_BOOLEAN_RESULTS = {"start": ANY, "end": ANY, "timezone": STRING, "time offset": DAYS}


def infer(node: Node, types: Types, *, declared: Types | None = None) -> tuple[Type, list[FeelError]]:
    """The type of an expression whose outer names have these types, and every error found, each with its span.

    declared: named types that `instance of` and function parameters may use.
    """
    check = _Inference(declared or {})
    try:
        return check.of(node, types), check.errors
    except RecursionError:
        return ANY, [too_deep(node.span)]


def infer_tests(tests: ast.UnaryTests, tested: Type, types: Types, *, declared: Types | None = None) -> list[FeelError]:
    """What is certainly wrong with a cell that tests values of a type."""
    check = _Inference(declared or {})
    try:
        check.tests(tests, tested, {**types, "?": tested})
    except RecursionError:
        return [too_deep(tests.span)]
    return check.errors


class _Inference:
    def __init__(self, declared: Types) -> None:
        self.declared = declared
        self.errors: list[FeelError] = []

    def report(self, error: FeelError) -> Type:
        self.errors.append(error)
        return ANY

    def want(self, found: Type, wanted: Type, where: str, span: Span) -> None:
        if not compatible(found, wanted) or found.kind == "Null":
            self.report(type_mismatch(where, str(wanted), _shown(found), span))

    def of(self, node: Node, types: Types) -> Type:
        match node:
            case ast.NumberLiteral():
                return NUMBER
            case ast.StringLiteral():
                return STRING
            case ast.BooleanLiteral():
                return BOOLEAN
            case ast.NullLiteral():
                return NULL
            case ast.TemporalLiteral():
                return self.temporal(node)
            case ast.Name():
                return self.name(node, types)
            case ast.Path():
                return self.path(node, types)
            case ast.Filter():
                return self.filter(node, types)
            case ast.Call():
                return self.call(node, types)
            case ast.If():
                self.want(self.of(node.condition, types), BOOLEAN, "if", node.condition.span)
                return common(self.of(node.then, types), self.of(node.otherwise, types))
            case ast.For():
                inner = self.iterators(node.iterators, {**types, "partial": LIST})
                return list_of(self.of(node.body, inner))
            case ast.Quantified():
                inner = self.iterators(node.iterators, types)
                self.want(self.of(node.condition, inner), BOOLEAN, node.kind, node.condition.span)
                return BOOLEAN
            case ast.ListLiteral() | ast.ContextLiteral() | ast.FunctionLiteral() | ast.Range():
                return self.composed(node, types)
            case _:
                return self.operator(node, types)

    # ── operators ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def operator(self, node: Node, types: Types) -> Type:
        match node:
            case ast.Arithmetic():
                return self.arithmetic(node, self.of(node.left, types), self.of(node.right, types))
            case ast.Negation():
                operand = self.of(node.operand, types)
                if operand.kind not in ("Any", "number", DAYS.kind, MONTHS.kind):
                    return self.report(type_mismatch("“-”", "number, duration", _shown(operand), node.span))
                return operand
            case ast.Comparison():
                self.comparison(node.operator, self.of(node.left, types), self.of(node.right, types), node.span)
            case ast.Between():
                value = self.of(node.value, types)
                self.comparison("<=", value, self.of(node.low, types), node.span)
                self.comparison("<=", value, self.of(node.high, types), node.span)
            case ast.Logic():
                self.want(self.of(node.left, types), BOOLEAN, f"“{node.operator}”", node.left.span)
                self.want(self.of(node.right, types), BOOLEAN, f"“{node.operator}”", node.right.span)
            case ast.In():
                self.tests(node.tests, self.of(node.value, types), types)
            case ast.InstanceOf():
                self.of(node.value, types)
                self.named_type(node.type)
            case ast.Compare():
                return range_of(self.of(node.operand, types))
        return BOOLEAN

    def temporal(self, node: ast.TemporalLiteral) -> Type:
        try:
            return by_name(kind(read_temporal(node.text))) or ANY
        except FeelError as error:
            return self.report(error.at(node.span))

    def arithmetic(self, node: ast.Arithmetic, left: Type, right: Type) -> Type:
        table = TABLES[node.operator]
        results = {pair: _ARITHMETIC_RESULTS.get((node.operator, *pair)) for pair in table}
        fitting = [pair for pair in table if left.kind in ("Any", pair[0]) and right.kind in ("Any", pair[1])]
        if not fitting:
            wrong_left = not any(left.kind in ("Any", pair[0]) for pair in table)
            wanted = dict.fromkeys(
                pair[0] if wrong_left else pair[1] for pair in table if wrong_left or left.kind in ("Any", pair[0])
            )
            part, found = (node.left, left) if wrong_left else (node.right, right)
            return self.report(type_mismatch(f"“{node.operator}”", ", ".join(wanted), _shown(found), part.span))
        found_types = {results[pair] for pair in fitting}
        only = found_types.pop() if len(found_types) == 1 else None
        return (by_name(only) if only else None) or ANY

    def comparison(self, operator: str, left: Type, right: Type, span: Span) -> None:
        ordered = operator not in ("=", "!=")
        if ordered and "Null" in (left.kind, right.kind):
            self.report(type_mismatch(f"“{operator}”", _shown(right if left.kind == "Null" else left), "null", span))
        elif not compatible(left, right):
            self.report(type_mismatch(f"“{operator}”", _shown(left), _shown(right), span))
        elif ordered and left.kind != "Any" and left not in COMPARABLE:
            self.report(type_mismatch(f"“{operator}”", "number, string, date, time, duration", _shown(left), span))

    # ── names, paths, filters ─────────────────────────────────────────────────────────────────────────────────────────
    def name(self, node: ast.Name, types: Types) -> Type:
        if node.name in types:
            return types[node.name]
        if node.name in BUILT_INS:
            return Type("function")
        return self.report(unknown_name(node.name, [*types, *BUILT_INS], node.span))

    def path(self, node: ast.Path, types: Types) -> Type:
        source = self.of(node.source, types)
        if source.kind == "list" and source.element is not None:
            return list_of(self.member(source.element, node))
        return self.member(source, node)

    def member(self, source: Type, node: ast.Path) -> Type:
        if source.kind == "Any" or (source.kind == "context" and source.fields is None):
            return ANY
        if source.kind == "context":
            found = source.field(node.name)
            names = [name for name, _ in source.fields or ()]
            return found if found is not None else self.report(unknown_name(node.name, names, node.span))
        if (source.kind, node.name) not in PROPERTIES:
            properties = [name for owner, name in PROPERTIES if owner == source.kind]
            if properties:
                return self.report(unknown_name(node.name, properties, node.span))
            return self.report(type_mismatch(f"“.{node.name}”", "context", _shown(source), node.source.span))
        if source.kind == "range" and node.name in ("start", "end"):
            return source.element or ANY
        if node.name.endswith("included"):
            return BOOLEAN
        return _NOT_BOOLEAN_RESULTS.get(node.name, NUMBER)

    def filter(self, node: ast.Filter, types: Types) -> Type:
        source = self.of(node.source, types)
        if source.kind not in ("Any", "list"):
            self.report(type_mismatch("“[ ]”", "list", _shown(source), node.source.span))
        element = source.element or ANY
        inner = {**types, "item": element}
        if element.kind == "context" and element.fields is not None:
            inner |= dict(element.fields)
        elif element.kind in ("Any", "context"):  # its entries are not known: any name may be one
            inner = _Open(inner)
        verdict = self.of(node.predicate, inner)
        if verdict.kind == "number":
            return element
        self.want(verdict, BOOLEAN, "“[ ]”", node.predicate.span)
        return list_of(element) if verdict.kind == "boolean" else ANY

    # ── control and composed values ───────────────────────────────────────────────────────────────────────────────────
    def iterators(self, iterators: tuple[ast.Iterator, ...], types: Types) -> Types:
        for iterator in iterators:
            domain = self.of(iterator.domain, types)
            if iterator.end is not None:
                if domain.kind != "date":
                    self.want(domain, NUMBER, "“..”", iterator.domain.span)
                self.want(self.of(iterator.end, types), domain, "“..”", iterator.end.span)
                element = domain
            else:
                if domain.kind not in ("Any", "list", "range"):
                    self.report(type_mismatch("for", "list", _shown(domain), iterator.domain.span))
                element = domain.element or ANY
            types = {**types, iterator.name: element}
        return types

    def composed(self, node: Node, types: Types) -> Type:
        match node:
            case ast.ListLiteral():
                element = NULL
                for item in node.items:
                    element = common(element, self.of(item, types))
                return list_of(ANY if element is NULL else element)
            case ast.ContextLiteral():
                fields: dict[str, Type] = {}
                for key, value in node.entries:
                    fields[key] = self.of(value, {**types, **fields})
                return context_of(fields)
            case ast.FunctionLiteral():
                parameters = {name: ANY if written is None else self.named_type(written) for name, written in node.parameters}
                return function_of(tuple(parameters.values()), self.of(node.body, {**types, **parameters}))
            case ast.Range():
                return self.range(node, types)
        return ANY

    def range(self, node: ast.Range, types: Types) -> Type:
        ends = [self.of(end, types) for end in (node.low, node.high) if end is not None]
        if len(ends) == 2 and not compatible(ends[0], ends[1]):
            self.report(type_mismatch("“..”", _shown(ends[0]), _shown(ends[1]), node.span))
        if (
            isinstance(node.low, ast.NumberLiteral)
            and isinstance(node.high, ast.NumberLiteral)
            and node.low.value > node.high.value
        ):
            self.report(
                bad_value("rentang terbalik: tidak memuat apa pun", "the range runs backwards: nothing is in it").at(node.span)
            )
        return range_of(common(ends[0], ends[-1]) if ends else ANY)

    def named_type(self, written: ast.TypeName) -> Type:
        found = from_source(written, self.declared)
        return found if found is not None else self.report(unknown_name(written.name, self.declared, written.span))

    # ── tests ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def tests(self, tests: ast.UnaryTests, tested: Type, types: Types) -> None:
        for test in tests.alternatives:
            expression = test.expression
            if isinstance(expression, ast.Compare):
                self.comparison(expression.operator, tested, self.of(expression.operand, types), expression.span)
                continue
            found = self.of(expression, types)
            if "?" in types and any(isinstance(node, ast.Name) and node.name == "?" for node in walk(expression)):
                self.want(found, BOOLEAN, "?", expression.span)
                continue
            element = found.element if found.kind in ("list", "range") and tested.kind not in ("list", "range") else found
            if element is not None and not _may_match(element, tested):
                self.report(type_mismatch("=", _shown(tested), _shown(element), expression.span))

    # ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def call(self, node: ast.Call, types: Types) -> Type:
        positional = [self.of(argument, types) for argument in node.arguments]
        named = {name: self.of(argument, types) for name, argument in node.named}
        callee = node.function
        if isinstance(callee, ast.Name) and callee.name in BUILT_INS and types.get(callee.name, ANY).kind != "function":
            return self.built_in(node, callee.name, positional, named)
        function = self.of(callee, types)
        if function.kind not in ("Any", "function"):
            return self.report(type_mismatch("( )", "function", _shown(function), callee.span))
        if function.parameters is not None:
            self.arguments(node, function.parameters, positional, named)
        return function.result or ANY

    def arguments(self, node: ast.Call, wanted: tuple[Type, ...], positional: list[Type], named: Types) -> None:
        count = len(positional) + len(named)
        if count != len(wanted):
            self.report(
                FeelError(
                    ARGUMENTS,
                    f"fungsi memerlukan {len(wanted)} argumen, diberikan {count}",
                    f"the function takes {len(wanted)} arguments, {count} given",
                    span=node.span,
                )
            )
        for argument, found, type_ in zip(node.arguments, positional, wanted, strict=False):
            if not compatible(found, type_):
                self.report(type_mismatch("( )", str(type_), _shown(found), argument.span))

    def built_in(self, node: ast.Call, name: str, positional: list[Type], named: Types) -> Type:
        signatures = [form.signature for form in BUILT_INS[name]]
        possible = [
            signature for signature in signatures if (_names_fit(signature, named) if named else signature.accepts(len(positional)))
        ]
        if not possible:
            ways = " / ".join(str(signature) for signature in signatures)
            error = FeelError(
                ARGUMENTS, f"argumen “{name}” tidak cocok; bentuknya {ways}", f'arguments of "{name}" do not fit; it is {ways}'
            )
            return self.report(error.at(node.span))
        results: list[Type] = []
        complaint: FeelError | None = None
        for signature in possible:
            pairs = _pairs(signature, node, positional, named)
            wrong = next(((parameter, type_, span) for parameter, type_, span in pairs if not _accepts(parameter, type_)), None)
            if wrong is None:
                results.append(_result(signature, pairs))
            elif complaint is None:
                parameter, type_, span = wrong
                complaint = type_mismatch(f"{name}, “{parameter.name}”", parameter.expects, _shown(type_), span)
        if not results:
            return self.report(complaint) if complaint is not None else ANY
        certain = all(type_.kind != "Any" for type_ in (*positional, *named.values()))
        return results[0] if certain or all(result == results[0] for result in results) else ANY


class _Open(dict[str, Type]):
    """Names within a filter over elements of unknown shape: one that is not known outside may be an entry."""

    def __contains__(self, name: object) -> bool:
        return True

    def __missing__(self, name: str) -> Type:
        return Type("function") if name in BUILT_INS else ANY


def _shown(type_: Type) -> str:
    return "null" if type_.kind == "Null" else str(type_)


def _may_match(found: Type, tested: Type) -> bool:
    if compatible(found, tested):
        return True
    return found.kind in ("list", "range") and found.element is not None and compatible(found.element, tested)


def _names_fit(signature: Signature, named: Types) -> bool:
    names = {parameter.name for parameter in signature.parameters}
    required = {parameter.name for parameter in signature.parameters if not (parameter.optional or parameter.nullable)}
    return set(named) <= names and required <= set(named)


def _pairs(signature: Signature, node: ast.Call, positional: list[Type], named: Types) -> list[tuple[Parameter, Type, Span]]:
    if node.named:
        by = {parameter.name: parameter for parameter in signature.parameters}
        return [(by[name], named[name], argument.span) for name, argument in node.named]
    last = len(signature.parameters) - 1
    return [
        (signature.parameters[min(index, last)], type_, argument.span)
        for index, (type_, argument) in enumerate(zip(positional, node.arguments, strict=True))
    ]


def _accepts(parameter: Parameter, type_: Type) -> bool:
    if type_.kind == "Null":
        return parameter.nullable
    return parameter.any or any(compatible(type_, _plain(wanted)) for wanted in parameter.types)


def _plain(type_: Type) -> Type:
    """A parameter's type with its variable read as Any."""
    if type_ is VARIABLE:
        return ANY
    if type_.element is VARIABLE:
        return Type(type_.kind, ANY)
    return type_


def _result(signature: Signature, pairs: list[tuple[Parameter, Type, Span]]) -> Type:
    result = signature.result
    if result is not VARIABLE and result.element is not VARIABLE:
        return result
    bound: Type = NULL
    for parameter, type_, _ in pairs:
        for wanted in parameter.types:
            if wanted is VARIABLE:
                bound = common(bound, type_)
            elif wanted.element is VARIABLE and type_.kind == "list":
                bound = common(bound, type_.element or ANY)
    bound = ANY if bound is NULL else bound
    return bound if result is VARIABLE else list_of(bound)


def _arithmetic_results() -> dict[tuple[str, str, str], str]:
    """What each pair of kinds gives under each operator."""
    results: dict[tuple[str, str, str], str] = {}
    for operator, table in TABLES.items():
        for left, right in table:
            durations = (DAYS.kind, MONTHS.kind)
            if left == right and (operator == "/" or (operator == "-" and left not in ("number", *durations))):
                result = "number" if operator == "/" else DAYS.kind
            elif operator == "-" and {left, right} == {"date", "date and time"}:
                result = DAYS.kind
            elif (operator == "+" and left in durations) or (operator == "*" and left == "number"):
                result = right
            else:
                result = left
            results[operator, left, right] = result
    return results


_ARITHMETIC_RESULTS = _arithmetic_results()
