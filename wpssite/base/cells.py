"""Cells of tables: text into values and back; what is not clear is refused, never guessed."""

from datetime import date, time

from django.utils.translation import gettext as _
from import_export import fields, widgets

from .text import fold

YES = {"yes", "true", "1"}
NO = {"no", "false", "0"}


def refuse_others(value, choices):
    """Raise ValueError, naming the choices, for a value that is none of them."""
    if choices and value not in choices:
        named = {"value": value, "choices": ", ".join(map(str, choices))}
        raise ValueError(_("“%(value)s” is none of these: %(choices)s.") % named)


class Text(widgets.CharWidget):
    """Text, empty or not, or one of a few words."""

    def __init__(self, choices=(), **kwargs):
        super().__init__(**kwargs)
        self.choices = choices

    def clean(self, value, row=None, **kwargs):
        text = super().clean(value, row, **kwargs)
        if text:
            refuse_others(text, self.choices)
        return text


class Day(widgets.Widget):
    """A day, written as in ISO 8601: 04/05/2023 is April to some and May to others."""

    def clean(self, value, row=None, **kwargs):
        try:
            return date.fromisoformat(value) if value else None
        except ValueError as error:
            raise ValueError(_("“%s” is no day; write it as 2023-09-21.") % value) from error


class Clock(widgets.Widget):
    """A time of the day."""

    def clean(self, value, row=None, **kwargs):
        try:
            return time.fromisoformat(value).replace(tzinfo=None) if value else None
        except ValueError as error:
            raise ValueError(_("“%s” is no time; write it as 11:10.") % value) from error

    def render(self, value, obj=None, **kwargs):
        return value.strftime("%H:%M") if value else ""


class Number(widgets.Widget):
    """A whole number, or one of a few."""

    def __init__(self, choices=(), **kwargs):
        super().__init__(**kwargs)
        self.choices = choices

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            raise ValueError(_("“%s” is no whole number.") % value)
        refuse_others(int(value), self.choices)
        return int(value)


class YesOrNo(widgets.Widget):
    """Yes, no, or nothing where that means “not known”."""

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        if value.casefold() not in YES | NO:
            raise ValueError(_("“%s” is neither yes nor no.") % value)
        return value.casefold() in YES

    def render(self, value, obj=None, **kwargs):
        return "" if value is None else "yes" if value else "no"


class RecordWidget(widgets.Widget):
    """A record named by its address, its ISO code, or any form of its name, if only one fits."""

    def __init__(self, model, codes=()):
        super().__init__()
        self.model, self.codes = model, codes
        self.found = None  # Keys by what they are called; loaded when it is first asked for.
        self.records = {}

    def clean(self, value, row=None, **kwargs):
        if not value:
            return None
        if self.found is None:
            self.found = self.every_name()
        keys = self.found.get(value) or self.found.get(fold(value)) or set()
        if len(keys) != 1:
            why = _("Nothing is called “%s”.") if not keys else _("Several are called “%s”.")
            raise ValueError(why % value)
        (key,) = keys
        if key not in self.records:
            self.records[key] = self.model._default_manager.get(pk=key)
        return self.records[key]

    def every_name(self) -> dict[str, set]:
        """Return the keys of the records by address, code and folded name, in two queries.

        An address or code stands for its record even where something else is called the same.
        """
        names, exact = {}, {}
        records = self.model._default_manager
        for key, name, *signs in records.values_list("pk", "name", "slug", *self.codes):
            names.setdefault(fold(name), set()).add(key)
            exact |= {sign: {key} for sign in signs if sign}
        for key, name in records.exclude(names=None).values_list("pk", "names__folded"):
            names.setdefault(name, set()).add(key)
        return names | exact

    def learn(self, record):
        """Know a record that the same table has just brought in."""
        if self.found is not None:
            self.found[record.slug] = {record.pk}
            self.found.setdefault(fold(record.name), set()).add(record.pk)

    def render(self, value, obj=None, **kwargs):
        return value.slug if value else ""


def record_field(name: str, model, codes=()):
    """Return a column that names another record."""
    return fields.Field(column_name=name, attribute=name, widget=RecordWidget(model, codes))


# By the kind of model field; links to records are declared with `record_field`.
WIDGETS = {
    "CharField": Text,
    "SlugField": Text,  # Named, so that the package does not load PostgreSQL to find it out.
    "TextField": Text,
    "DateField": Day,
    "TimeField": Clock,
    "PositiveIntegerField": Number,
    "PositiveSmallIntegerField": Number,
    "BooleanField": YesOrNo,
}
