"""Forms of the desk: labels for every box, an address made from the name, errors in their place."""

from itertools import count

from django import forms
from django.contrib.admin.widgets import (
    AdminFileWidget,
    AdminSplitDateTime,
    AdminTextareaWidget,
    AdminTextInputWidget,
    AdminTimeWidget,
)
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.text import format_lazy, slugify
from django.utils.translation import gettext_lazy as _

from .meanwhile import changed_meanwhile
from .moments import ZoneField
from .pictures import FORMATS, MAX_BYTES, PictureField
from .text import RichTextField, fold

BODY_LIMIT = 200_000  # characters of HTML: the longest statements have a tenth of it
TYPED = (forms.TextInput, forms.Textarea)


class ZoneInput(AdminTextInputWidget):
    """A box for a time zone that proposes the names; the list stands once in the page."""

    def __init__(self, attrs=None):
        names = {"list": "zones", "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}
        super().__init__(attrs=names | (attrs or {}))


class LabelledDateTime(AdminSplitDateTime):
    """Date and time in two boxes, each with a name that can be heard."""

    def __init__(self, attrs=None):
        super().__init__(attrs)
        for widget, name in zip(self.widgets, [_("Date"), _("Time")], strict=True):
            widget.attrs["aria-label"] = name


def picture_hint():
    """Return what a picture may be, from what it is checked against."""
    *others, last = FORMATS.values()
    words = _("{others} or {last}, up to {size} MB.")
    return format_lazy(words, others=", ".join(others), last=last, size=MAX_BYTES // 2**20)


PICTURE_TYPES = ",".join(f"image/{name.lower()}" for name in FORMATS)
FORMFIELDS = {
    PictureField: {
        "widget": AdminFileWidget(attrs={"accept": PICTURE_TYPES}),
        "help_text": picture_hint(),
    },
    ZoneField: {"widget": ZoneInput},
    RichTextField: {"widget": AdminTextareaWidget, "max_length": BODY_LIMIT},
    models.URLField: {"assume_scheme": "https"},
    models.TimeField: {"widget": AdminTimeWidget(format="%H:%M")},
    models.DateTimeField: {"form_class": forms.SplitDateTimeField, "widget": LabelledDateTime},
}


def free_slug(records, text: str, year: int | None = None) -> str:
    """Return an address for `text` that no other of `records` has: the year or a number is added.

    Letters outside ASCII are taken apart or dropped; if nothing is left, the kind is the address.
    """
    start = slugify(fold(text))[:100].strip("-") or records.model._meta.model_name
    if not records.filter(slug=start).exists():
        return start
    if year and not records.filter(slug=f"{start}-{year}").exists():
        return f"{start}-{year}"
    numbered = (f"{start}-{number}" for number in count(2))
    return next(slug for slug in numbered if not records.filter(slug=slug).exists())


class DeskForm(forms.ModelForm):
    """A form of the desk.

    `beside` names the field at which the sentence of a broken constraint is shown, by the last
    part of the constraint's name (without app and model).
    """

    beside = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        for field in self.fields.values():
            if isinstance(field.widget, TYPED):
                # A title in Arabic is typed from the right, whatever the language of the desk.
                field.widget.attrs.setdefault("dir", "auto")

    def clean(self):
        data = super().clean()
        seen = not self.prefix and self.data.get("seen")  # A row has a prefix, and its record this.
        if self.instance.pk and seen and (sentence := changed_meanwhile(self.instance, seen)):
            self.add_error(None, sentence)
        if hasattr(self.instance, "slug") and "slug" not in self.errors:
            self.fill_slug(data)
        return data

    def fill_slug(self, data):
        """Make the address from the name when none is typed, or a taken one was only proposed."""
        text = next((data[key] for key in ("title", "name", "symbol") if data.get(key)), "")
        others = self._meta.model._default_manager.exclude(pk=self.instance.pk)
        typed = data.get("slug") or (self.instance.slug if "slug" not in self.fields else "")
        proposed = not self.instance.pk and typed == slugify(text)
        if not text or (typed and not (proposed and others.filter(slug=typed).exists())):
            return
        day = data.get("starts_on") or data.get("date")
        self.instance.slug = data["slug"] = free_slug(others, text, day and day.year)

    def add_error(self, field, error):
        if field is None and hasattr(error, "error_dict"):
            error = ValidationError(self.put_beside(error.error_dict))
        super().add_error(field, error)

    def put_beside(self, errors: dict) -> dict:
        """Return errors by field, those of constraints moved to the field that `beside` names."""
        sentences = self.constraint_sentences()
        placed = {
            field: messages for field, messages in errors.items() if field != NON_FIELD_ERRORS
        }
        for message in errors.get(NON_FIELD_ERRORS, []):
            place = sentences.get(str(message.message))
            placed.setdefault(place if place in self.fields else NON_FIELD_ERRORS, []).append(
                message
            )
        return placed

    def constraint_sentences(self) -> dict:
        """Return the field for each sentence of a constraint that has one in `beside`."""
        options = self._meta.model._meta
        start = f"{options.app_label}_{options.model_name}_"
        names = {c.name.removeprefix(start): c for c in options.constraints}
        return {str(names[n].violation_error_message): f for n, f in self.beside.items()}


class PublishableForm(DeskForm):
    """The form of a record with an address and a status."""

    beside = {"published_has_a_time": "published_at", "withdrawn_says_why": "withdrawn_note"}


class RowForm(DeskForm):
    """A row of an inline: every box carries its name, as the table gives it only to the eye."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            widget = getattr(field.widget, "widget", field.widget)
            if not widget.is_hidden:
                widget.attrs.setdefault("aria-label", field.label)
