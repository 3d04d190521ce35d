"""The register of built-in functions: choice among forms of one name, checks and conversions of arguments."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..arithmetic import Arithmetic
from ..errors import ARGUMENTS, FeelError, type_mismatch
from ..temporal import Date, midnight
from ..types import Type
from ..values import KINDS, Function, Value, describe, kind
from .signatures import VARIABLE, Parameter, Signature, read_signature

Body = Callable[..., Value]
MAX_KEPT = 8  # arguments: up to so many, what was found out about a call is kept


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call a built-in; body takes the arithmetic, then the arguments in order."""

    signature: Signature
    body: Body


BUILT_INS: dict[str, tuple[Form, ...]] = {}


def builtin(signature: str) -> Callable[[Body], Body]:
    """Register a function under its FEEL signature; several forms of one name are tried in the order written."""
    read = read_signature(signature)

    def register(body: Body) -> Body:
        forms = BUILT_INS.get(read.name, ())
        place = next((index for index, form in enumerate(forms) if form.body is body), len(forms))  # decorators run upwards
        BUILT_INS[read.name] = (*forms[:place], Form(read, body), *forms[place:])
        return body

    return register


# ── arguments ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def _fits(parameter: Parameter, value: Value) -> bool:
    if value is None:
        return parameter.nullable
    if parameter.any:
        return True
    of_kind = kind(value)
    if of_kind not in parameter.kinds:
        return False
    if of_kind != "list":
        return True
    return any(type_.kind == "list" and _elements_fit(type_, value) for type_ in parameter.types)


def _elements_fit(type_: Type, value: list[Value]) -> bool:
    element = type_.element
    if element is None or element.kind == "Any" or element is VARIABLE:
        return True
    return all((KINDS.get(of) or "function") == element.kind for of in set(map(type, value)))


_UNFIT = object()


def _converted(parameter: Parameter, value: Value) -> Value:
    """The implicit conversions of standard mode: singleton lists both ways, a date to its midnight."""
    if _fits(parameter, value):
        return value
    if isinstance(value, list) and len(value) == 1 and "list" not in parameter.kinds and _fits(parameter, value[0]):
        return value[0]
    if value is not None and not isinstance(value, list) and "list" in parameter.kinds and _fits(parameter, [value]):
        return [value]
    if isinstance(value, Date) and "date and time" in parameter.kinds:
        return midnight(value)
    return _UNFIT


def _spread(signature: Signature, count: int) -> Sequence[Parameter]:
    """The parameter of each of `count` positional arguments."""
    parameters = signature.parameters
    if parameters and parameters[-1].variadic:
        return [parameters[min(index, len(parameters) - 1)] for index in range(count)]
    return parameters


def _mismatch(form: Form, arguments: Sequence[Value]) -> FeelError:
    for parameter, value in zip(_spread(form.signature, len(arguments)), arguments, strict=False):
        if not _fits(parameter, value):
            where = f"{form.signature.name}, “{parameter.name}”"
            if isinstance(value, list) and "list" in parameter.kinds:
                wanted = next(type_ for type_ in parameter.types if type_.kind == "list")
                element = next(item for item in value if wanted.element is not None and kind(item) != wanted.element.kind)
                return type_mismatch(where, str(wanted.element), describe(element))
            return type_mismatch(where, parameter.expects, describe(value))
    return _no_form(form.signature.name, (form,))


def _no_form(name: str, forms: Sequence[Form]) -> FeelError:
    ways = " / ".join(str(form.signature) for form in forms)
    return FeelError(
        ARGUMENTS, f"argumen “{name}” tidak cocok; bentuknya {ways}", f'arguments of "{name}" do not fit; it is {ways}'
    )


class BuiltIn(Function):
    """A built-in bound to an arithmetic: callable by position and by name, and a value like any function."""

    def __init__(self, name: str, arithmetic: Arithmetic, *, strict: bool) -> None:
        self.name = name
        self.forms = BUILT_INS[name]
        self.arithmetic = arithmetic
        self.strict = strict
        self.by_count: dict[int, list[tuple[Form, Sequence[Parameter]]]] = {}
        self.by_types: dict[tuple[type, ...], Body] = {}
        self.parameters = tuple(parameter.name for parameter in self.forms[0].signature.parameters)

    def call(self, arguments: Sequence[Value]) -> Value:
        types = tuple(map(type, arguments))
        known = self.by_types.get(types)
        if known is not None:
            return known(self.arithmetic, *arguments)
        options = self.by_count.get(len(arguments)) or self._options(len(arguments))
        for number, (form, parameters) in enumerate(options):
            sure = not number and len(arguments) <= MAX_KEPT  # the first form, for whatever values of these types
            for parameter, value in zip(parameters, arguments, strict=False):
                if parameter.any and value is not None:
                    continue
                if KINDS.get(type(value)) not in parameter.plain:
                    sure = False
                    if not _fits(parameter, value):
                        break
            else:
                if sure:
                    self.by_types[types] = form.body
                return form.body(self.arithmetic, *arguments)
        if not self.strict:
            for form, parameters in options:
                converted = list(map(_converted, parameters, arguments))
                if all(value is not _UNFIT for value in converted):
                    return form.body(self.arithmetic, *converted)
        raise _mismatch(options[0][0], arguments)

    def _options(self, count: int) -> list[tuple[Form, Sequence[Parameter]]]:
        """The forms that take so many arguments, with the parameter of each; kept for small counts."""
        found = [(form, _spread(form.signature, count)) for form in self.forms if form.signature.accepts(count)]
        if not found:
            raise _no_form(self.name, self.forms)
        if count <= MAX_KEPT:
            self.by_count[count] = found
        return found

    def call_named(self, arguments: Mapping[str, Value]) -> Value:
        for form in self.forms:
            ordered = _ordered(form.signature, arguments)
            if ordered is not None and all(
                _fits(parameter, value) if self.strict else _converted(parameter, value) is not _UNFIT
                for parameter, value in zip(_spread(form.signature, len(ordered)), ordered, strict=False)
            ):
                break
        else:
            fitting = [(form, ordered) for form in self.forms if (ordered := _ordered(form.signature, arguments)) is not None]
            raise _mismatch(*fitting[0]) if fitting else _no_form(self.name, self.forms)
        if not self.strict:
            ordered = [
                _converted(parameter, value)
                for parameter, value in zip(_spread(form.signature, len(ordered)), ordered, strict=False)
            ]
        return form.body(self.arithmetic, *ordered)


def _ordered(signature: Signature, named: Mapping[str, Value]) -> list[Value] | None:
    """Named arguments in order of the parameters, None when names are unknown or missing."""
    names = [parameter.name for parameter in signature.parameters]
    if any(name not in names for name in named):
        return None
    ordered: list[Value] = []
    left_out = False
    for parameter in signature.parameters:
        if parameter.name in named:
            if left_out:
                ordered.append(None)
                left_out = False
            value = named[parameter.name]
            if parameter.variadic and isinstance(value, list):
                ordered.extend(value)
            else:
                ordered.append(value)
        elif parameter.optional:
            left_out = True
        elif not parameter.nullable or parameter.variadic:
            return None
        else:
            ordered.append(None)
    return ordered


def bind(arithmetic: Arithmetic, *, strict: bool) -> dict[str, BuiltIn]:
    return {name: BuiltIn(name, arithmetic, strict=strict) for name in BUILT_INS}


def integer(arithmetic: Arithmetic, value: Any, where: str) -> int:
    """A whole number argument (scale, position, length) as an int of moderate size."""
    whole = arithmetic.integer(value)
    if whole is None or abs(whole) > 10**15:
        raise type_mismatch(where, "a whole number", describe(value))
    return whole
