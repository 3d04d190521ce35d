"""Fields of the registers' forms: plain HTML that needs no script, labelled in the reader's language."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from wtforms import SelectChoice, SelectMultipleField, StringField, ValidationError
from wtforms.validators import InputRequired, Length
from wtforms.widgets import html_params

from kinerja.services.staff import history
from kinerja.services.stafftables.cells import Refused, competencies
from kinerja.store import models as db

from ..texts import _, pick, word


def required(most: int) -> list[Any]:
    return [InputRequired(), Length(max=most)]


class Choice(StringField):  # type: ignore[misc]
    """One of stored identifiers, shown by its label in the reader's language; anything else is refused."""

    def __init__(self, label: str, values: tuple[str, ...] = (), **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.values = values

    def options(self) -> list[tuple[str, str]]:
        return [(value, word("kind", value)) for value in self.values]

    def pre_validate(self, form: Any) -> None:
        if self.data not in dict(self.options()):
            raise ValidationError(_("pilih salah satu"))

    def __call__(self, **attributes: Any) -> Markup:
        chosen = self._value()
        rows = Markup("").join(
            Markup('<option value="{}"{}>{}</option>').format(value, Markup(" selected") if value == chosen else "", label)
            for value, label in self.options()
        )
        escaped = Markup(html_params(id=self.id, name=self.name, **attributes))  # noqa: S704 - html_params escapes
        return Markup("<select {}>{}</select>").format(escaped, rows)


class CompetencyField(StringField):  # type: ignore[misc]
    """What a post asks, written as in the staff tables ("Pelayanan publik:3; Integritas:2"); data: [{name, level}]."""

    def _value(self) -> str:
        return history.told(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            self.data = competencies((valuelist or [""])[0][:1_000], "")
        except Refused as refused:
            self.data = []
            raise ValueError(pick({"id": refused.text[0], "en": refused.text[1]})) from refused


class UnitPicker(Choice):
    """A unit by its code, listed with its name. blank: none may be chosen."""

    def __init__(self, label: str, blank: bool = False, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.blank = blank

    def process_data(self, value: Any) -> None:
        super().process_data(value.code if isinstance(value, db.Unit) else value)

    def options(self) -> list[tuple[str, str]]:
        units = db.Unit.select(db.Unit.code, db.Unit.name).order_by(db.Unit.code)
        return [("", "–")] * self.blank + [(unit.code, f"{unit.name} ({unit.code})") for unit in units]


class RolePicker(SelectMultipleField):  # type: ignore[misc]
    """Roles as a list of boxes to tick, each labelled in the reader's language."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, choices=[SelectChoice(role, role) for role in db.ROLES], **kwargs)

    def __call__(self, **attributes: Any) -> Markup:
        box = Markup('<label class="choice"><input type="checkbox" name="{}" value="{}"{}> <span>{}</span></label>')
        held = self.data or []
        rows = (box.format(self.name, role, Markup(" checked") if role in held else "", word("role", role)) for role in db.ROLES)
        return Markup('<div class="choices" role="group" aria-labelledby="{}-l">{}</div>').format(self.id, Markup("").join(rows))
