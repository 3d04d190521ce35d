"""What every view of the console has in common: who may come in, and rows that cannot be reached around their scope.

`Desk` is a page of our own. `Register` is Flask-Admin's list, details and edit over a peewee model, with its gaps closed: one
scoped query for the list and for each row by id, no recursive delete, a transaction round each change, versions that stop the
second of two editors, bounded ids and pages, exports that a spreadsheet will not run.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any, ClassVar, TypeVar, cast

import peewee
from flask import flash, has_request_context, redirect, request, url_for
from flask_admin import BaseView
from flask_admin import expose as flask_admin_expose
from flask_admin.contrib.peewee import ModelView
from flask_admin.contrib.peewee.form import CustomModelConverter
from flask_wtf import FlaskForm
from jinja2 import pass_context
from wtforms import StringField

from kinerja.core.errors import ConflictError, ForbiddenError, InputError, KinerjaError, NotFoundError
from kinerja.core.exactjson import dumps

from .formats import value as shown
from .session import actor, signed_in
from .texts import _, language, sentence

MAX_PAGE = 10_000
_ID = re.compile(r"[1-9][0-9]{0,17}\Z", re.ASCII)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_BARE = frozenset({"id", "seq", "year", "version", "job_class"})
_NUMBER = re.compile(r"-?[0-9]+([.,][0-9]+)?\Z", re.ASCII)


def row_id(text: Any) -> int:
    """An id from an address; raise NotFoundError for anything that cannot be one."""
    if not isinstance(text, str) or not _ID.match(text):
        raise not_found()
    return int(text)


def not_found() -> NotFoundError:
    return NotFoundError(
        "tidak_ditemukan", "data ini tidak ada, atau bukan untuk Anda", "there is no such record, or it is not yours to see"
    )


def neutral(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; negative numbers stay numbers."""
    return "'" + text if text.startswith(_FORMULA) and not _NUMBER.match(text) else text


View = TypeVar("View", bound=Callable[..., Any])


def expose(url: str = "/", methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Flask-Admin's `expose`, with types."""
    return cast(Callable[[View], View], flask_admin_expose(url, methods))


class Guarded:
    """roles: who may open the view; empty = everyone signed in."""

    roles: ClassVar[frozenset[str]] = frozenset()
    group: ClassVar[str] = ""

    def is_accessible(self) -> bool:
        return signed_in() and (not self.roles or not self.roles.isdisjoint(actor().roles))

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        if not signed_in():
            return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
        raise ForbiddenError(
            "tidak_berwenang",
            "peran Anda tidak mencakup halaman ini",
            "your role does not cover this page",
            remedy_id="minta administrator bila Anda memang membutuhkannya",
            remedy_en="ask the administrator if you do need it",
        )

    @property
    def title(self) -> str:
        return _(self.name)  # type: ignore[attr-defined]

    def render(self, template: str, **values: Any) -> str:
        return str(super().render(template, **values))  # type: ignore[misc]

    def is_here(self) -> bool:
        """Whether the page of this view that is open is what its entry in the menu names."""
        return True

    def waiting(self) -> int:
        """How many things wait behind this view; shown in the menu."""
        return 0

    def _run_view(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        # Flask-Admin retries without arguments on any TypeError, which would run an act twice and hide the error.
        return fn(self, *args, **kwargs)


class Desk(Guarded, BaseView):  # type: ignore[misc]
    """A page of the console with its own template."""


class PageDesk(Desk):
    """Pages about one thing each, reached from others: nothing in the menu, and no page of its own without the thing."""

    def is_visible(self) -> bool:
        return False

    @expose("/")
    def index(self) -> Any:
        raise not_found()


class Messages:
    """WTForms' own messages, which ship no Indonesian."""

    INDONESIAN: ClassVar[dict[str, str]] = {
        "This field is required.": "wajib diisi",
        "Not a valid date value.": "bukan tanggal yang sah",
        "Not a valid integer value.": "bukan bilangan bulat",
        "Invalid input.": "hanya huruf kecil, angka, titik, dan tanda hubung",
        "Field must be between %(min)d and %(max)d characters long.": "antara %(min)d dan %(max)d huruf",
        "Field cannot be longer than %(max)d character.": "paling panjang %(max)d huruf",
        "Field cannot be longer than %(max)d characters.": "paling panjang %(max)d huruf",
        "Number must be between %(min)s and %(max)s.": "angka %(min)s sampai %(max)s",
    }

    def gettext(self, text: str) -> str:
        return text if language() == "en" else self.INDONESIAN.get(text, text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)


class TokenForm(FlaskForm):  # type: ignore[misc]
    """Forms of the registers share the one CSRF token that guards the whole console, and speak the reader's language."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: Any) -> Messages:
            return Messages()


class Converter(CustomModelConverter):  # type: ignore[misc]
    """Knows peewee's present primary key (Flask-Admin's looks for the old one) and plain date inputs that need no script."""

    def __init__(self, view: Any, additional: Any = None) -> None:
        super().__init__(view, additional)
        self.converters[peewee.AutoField] = self.handle_pk
        self.converters.pop(peewee.DateField, None)
        self.converters.pop(peewee.DateTimeField, None)


class Searched(peewee.Cast):
    """A column as free text to search in: a pattern may be longer than the column, and its table is joined already."""

    def __init__(self, field: Any, model: Any) -> None:
        super().__init__(field, "TEXT")
        self.model = model


class Register(Guarded, ModelView):  # type: ignore[misc]
    """Rows of one table. Read-only, unless it names `editors`, who may add and change rows through the services alone."""

    editors: ClassVar[frozenset[str]] = frozenset()
    joined: ClassVar[tuple[Any, ...]] = ()
    form_base_class = TokenForm
    model_form_converter = Converter
    can_delete = False
    can_view_details = True
    can_export = True
    export_types: ClassVar[list[str]] = ["csv"]
    export_max_rows = 100_000
    page_size = 50
    can_set_page_size = False
    column_display_actions = True
    list_template = "kinerja/list.html"
    details_template = "kinerja/details.html"
    edit_template = "kinerja/edit.html"
    create_template = "kinerja/edit.html"
    column_type_formatters: ClassVar[dict[Any, Any]] = {}
    column_type_formatters_export: ClassVar[dict[Any, Any]] = {}
    column_type_formatters_detail: ClassVar[dict[Any, Any]] = {}

    # -- who may change -----------------------------------------------------------------------------------------------
    def may_edit(self) -> bool:
        return has_request_context() and signed_in() and not self.editors.isdisjoint(actor().roles)

    @property
    def can_edit(self) -> bool:
        return bool(self.editors) and (not has_request_context() or self.may_edit())

    @property
    def can_create(self) -> bool:
        return self.can_edit

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        refused = super()._handle_view(name, **kwargs)
        if refused is None and name not in ("index_view", "details_view", "export") and not self.may_edit():
            return self.inaccessible_callback(name, **kwargs)
        if refused is None and name in ("ajax_update", "ajax_lookup", "action_view", "delete_view"):
            return self.inaccessible_callback(name, **kwargs)  # no change leaves the services' path
        return refused

    # -- one scoped query ---------------------------------------------------------------------------------------------
    def scope(self, query: Any) -> Any:
        """Rows this person may see. Registers of a role that sees all leave the query as it is."""
        return query

    def get_query(self) -> Any:
        query = self.model.select(self.model, *{join[0] for join in self.joined})
        for target, field, source in self.joined:
            query = query.switch(source or self.model).join(target, peewee.JOIN.LEFT_OUTER, on=field)
        return self.scope(query)

    def get_one(self, id: Any) -> Any:
        found = self.get_query().where(self.model._meta.primary_key == row_id(id)).first()
        if found is None:
            raise not_found()
        return found

    def init_search(self) -> bool:
        self._search_fields = [Searched(field, self.model) for field in self.column_searchable_list or ()]
        return bool(self._search_fields)

    def _get_list_extra_args(self) -> Any:
        args = super()._get_list_extra_args()
        args.page = min(max(args.page or 0, 0), MAX_PAGE)
        if args.sort is not None and not 0 <= args.sort < len(self._list_columns):
            args.sort = None
        args.search = (args.search or "")[:100] or None
        args.extra_args = {}
        return args

    def is_sortable(self, name: str) -> bool:
        return isinstance(name, str) and name in self._sortable_columns

    # -- values as text -----------------------------------------------------------------------------------------------
    @pass_context
    def get_list_value(self, context: Any, model: Any, name: str) -> Any:
        return self.text(model, name)

    @pass_context
    def get_detail_value(self, context: Any, model: Any, name: str) -> Any:
        return self.text(model, name)

    def text(self, model: Any, name: str) -> str:
        thing = self._get_field_value(model, name)
        if callable(thing):
            thing = thing()
        if isinstance(thing, peewee.Model):
            return str(thing)
        if isinstance(thing, dict) or (isinstance(thing, list | tuple) and any(isinstance(item, dict | list) for item in thing)):
            return dumps(thing, indent=2)
        if isinstance(thing, str) or thing is None:
            return thing or ""
        if name in _BARE:
            return str(thing)
        return shown(thing)

    def get_export_value(self, model: Any, name: str) -> str:
        thing = self._get_field_value(model, name)
        if isinstance(thing, date | datetime):
            return thing.isoformat()
        return neutral(self.text(model, name))

    # -- changing a row -----------------------------------------------------------------------------------------------
    def save(self, pk: int | None, values: dict[str, Any], version: int | None) -> int:
        """Write through the services (permission, transaction, ledger). Registers with `editors` give it."""
        raise ForbiddenError("hanya_baca", "data ini hanya dapat dibaca", "these records are read-only")

    def form_values(self, form: Any) -> dict[str, Any]:
        """The form's fields as plain values for the services; no other field of the request is looked at."""
        return {field.name: _given(field) for field in form if field.name not in ("csrf_token", "version")}

    def fill(self, form: Any, model: Any) -> None:
        """Lay the row's values into fields that are not columns (codes instead of keys)."""

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        return self._edit(None)

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> Any:
        return self._edit(self.get_one(request.args.get("id")))

    def _edit(self, model: Any) -> Any:
        form = self.create_form() if model is None else self.edit_form(obj=model)
        problem: tuple[str, str] | None = None
        if request.method == "GET" and model is not None:
            self.fill(form, model)
        if request.method == "POST" and form.validate():
            try:
                pk = self.save(None if model is None else model.id, self.form_values(form), self._version(model))
            except ConflictError as error:
                if model is None:
                    problem = sentence(error)
                else:
                    return self._conflict(form, model, error)
            except (InputError, NotFoundError) as error:
                problem = sentence(error)
            else:
                flash(_("Tersimpan."), "success")
                return redirect(self.get_url(".details_view", id=pk))
        failed = problem is not None or bool(form.errors)
        page = self.render(self.edit_template, model=model, form=form, problem=problem, return_url=self.get_url(".index_view"))
        return (page, 422) if failed else page

    def _version(self, model: Any) -> int | None:
        if model is None:
            return None
        text = request.form.get("version", "")
        if not text.isdigit() or len(text) > 9:
            raise InputError("versi_hilang", "formulir ini tanpa versi", "the form carries no version")
        return int(text)

    def _conflict(self, form: Any, model: Any, error: KinerjaError) -> Any:
        """Two editors, one row: the second sees what the first made of it, beside their own."""
        stored = self.get_one(str(model.id))
        mine = {field.name: field for field in form if field.name not in ("csrf_token", "version")}
        theirs = self.edit_form(obj=stored).__class__(formdata=None, obj=stored)
        self.fill(theirs, stored)
        rows = [
            (field.label.text, _plain(theirs[name].data), _plain(field.data))
            for name, field in mine.items()
            if _plain(theirs[name].data) != _plain(field.data)
        ]
        body = self.render("kinerja/conflict.html", model=stored, rows=rows, text=sentence(error)[0])
        return body, ConflictError.http_status

    def get_export_name(self, export_type: str = "csv") -> str:
        return f"kinerja-{self.endpoint}.{export_type}"


def _given(field: Any) -> Any:
    """A text field that was not sent counts as empty, unless its own filter makes nothing of that."""
    return "" if field.data is None and isinstance(field, StringField) and not field.filters else field.data


def _plain(thing: Any) -> str:
    return "" if thing is None else str(thing)
