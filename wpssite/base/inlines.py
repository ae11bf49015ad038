"""Rows below a form: put in order, numbered when left empty, kept apart in time."""

import re
from contextlib import suppress
from datetime import date
from itertools import combinations

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db.models import F, UniqueConstraint
from django.forms import BaseInlineFormSet
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from .fieldsets import unfolding
from .forms import FORMFIELDS, RowForm
from .keyset import MOST_KEY

LAST_PLACE = 9999
OUT_OF_THE_WAY = 10_000  # added to a place while rows change theirs; within a small integer


class RowFormSet(BaseInlineFormSet):
    """Rows of one record; of two that must differ and do not, the second says so."""

    twins = ""  # The sentence about the two rows found last.

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.is_bound:
            self.let_gone_rows_be_new()

    def let_gone_rows_be_new(self):
        """Let a row that somebody deleted while the form was open follow the others as a new one.

        Else it could never be saved, and the page would show one row less than was sent.
        """
        rows = {row.pk: row for row in self.get_queryset()}
        sent, pk = self.total_form_count(), self.model._meta.pk.name
        known = range(min(self.initial_form_count(), sent))
        keys = {number: self.key_sent(f"{self.add_prefix(number)}-{pk}") for number in known}
        unknown = {key for key in keys.values() if key and key not in rows}
        deleted = unknown - self.model._base_manager.in_bulk(unknown).keys()
        gone = [number for number in known if keys[number] in deleted]
        there = [number for number in known if number not in gone]
        # In the order of the forms.
        self._queryset = [rows[keys[number]] for number in there if keys[number] in rows]
        if gone:
            order = [*there, *gone, *range(len(known), sent)]
            numbers = {old: new for new, old in enumerate(order)}
            self.data = renumbered(self.data, self.prefix, numbers)
            self.files = self.files and renumbered(self.files, self.prefix, numbers)
            self.data[f"{self.prefix}-INITIAL_FORMS"] = str(len(there))
            for number in gone:
                self.data[f"{self.prefix}-{numbers[number]}-{pk}"] = ""
            del self.management_form  # It was read already.

    def key_sent(self, name: str) -> int | None:
        """Return a key in what was sent, or None if no row can have it: Django refuses it."""
        with suppress(ValidationError):
            key = self.model._meta.pk.to_python(self.data.get(name))
            return key if key and 0 < key <= MOST_KEY else None

    def clean(self):
        """Refuse a row like one that somebody else added: Django looks at the rows here alone."""
        super().clean()
        for constraint in unique_constraints(self.model):
            if self.fk.name in constraint.fields and "order" not in constraint.fields:
                self.refuse_twins_of_others(constraint)

    def refuse_twins_of_others(self, constraint):
        names = [self.model._meta.get_field(name).attname for name in constraint.fields]
        taken = set(self.other_rows().values_list(*names))
        for form in self.kept():
            row = tuple(getattr(form.instance, name) for name in names)
            if row in taken and None not in row and not form.errors:
                form.add_error(None, constraint.violation_error_message)

    def get_unique_error_message(self, unique_check):
        """Say it as the model does, or else with the names that stand above the boxes."""
        self.twins = sentence_of(self.model, unique_check) or self.alike_in(unique_check)
        return self.twins

    def alike_in(self, names) -> str:
        fields = self.empty_form.fields
        labels = [str(fields[name].label) for name in names if name in fields]
        return _("Two rows have the same here: %s.") % ", ".join(labels)

    def get_form_error(self):
        """Return what stands at the second row: Django asks for it after the sentence above."""
        return self.twins or super().get_form_error()

    def kept(self) -> list:
        """Return the forms that will be rows after saving."""
        return [
            form
            for form in self.forms
            if (form.instance.pk or form.has_changed()) and not self._should_delete_form(form)
        ]

    def dropped(self) -> list:
        """Return the keys of the rows that will be deleted."""
        rows = [form for form in self.initial_forms if self._should_delete_form(form)]
        return [form.instance.pk for form in rows]

    def other_rows(self):
        """Return rows of the record that are not in this form: someone else has added them."""
        if not self.instance.pk:
            return self.model._default_manager.none()
        rows = self.model._default_manager.filter(**{self.fk.name: self.instance})
        return rows.exclude(pk__in=[f.instance.pk for f in self.initial_forms])


def renumbered(values: MultiValueDict, prefix: str, numbers: dict[int, int]) -> MultiValueDict:
    """Return what a page sent with other numbers for its rows."""

    def moved(row):
        return f"{prefix}-{numbers.get(int(row[1]), row[1])}-"

    start = re.compile(rf"^{re.escape(prefix)}-(\d{{1,6}})-")
    return MultiValueDict({start.sub(moved, name, count=1): held for name, held in values.lists()})


def unique_constraints(model) -> list[UniqueConstraint]:
    """Return the constraints by which rows must differ in some fields, whatever else they hold."""
    unique = (c for c in model._meta.constraints if isinstance(c, UniqueConstraint))
    return [constraint for constraint in unique if not constraint.condition]


def sentence_of(model, names):
    """Return what a constraint of a model says when two rows are alike in all of `names`."""
    for constraint in unique_constraints(model):
        if set(constraint.fields) == set(names):
            own = constraint.violation_error_message
            return own if own != constraint.default_violation_error_message else None
    return None


class OrderedForm(RowForm):
    """A row with a place in an order; the place may be left empty."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "order" in self.fields:
            order = self.fields["order"]
            order.required, order.initial = False, None
            order.validators = [*order.validators, MaxValueValidator(LAST_PLACE)]

    def _get_validation_exclusions(self):
        """Leave the order to the formset, which sees all rows: two may change places."""
        return super()._get_validation_exclusions() | {"order"}


class OrderedFormSet(RowFormSet):
    """Rows in order: a place used twice is an error at its box, an empty one gets the next."""

    def clean(self):
        super().clean()
        rows = [form for form in self.kept() if "order" not in form.errors]
        typed = [form for form in rows if form.cleaned_data.get("order") is not None]
        self.refuse_twins(typed)
        places = [form.cleaned_data["order"] for form in typed if "order" in form.cleaned_data]
        last = max([*places, *self.other_rows().values_list("order", flat=True)], default=0)
        for form in rows:
            if form not in typed:
                last += 1
                form.cleaned_data["order"] = form.instance.order = last

    def refuse_twins(self, forms):
        """Put the constraint's own sentence at each place that another row has already."""
        constraint = order_constraint(self.model)
        taken = set(self.other_rows().values_list("order", flat=True))
        for form in forms:
            order = form.cleaned_data["order"]
            if constraint and order in taken:
                form.add_error("order", constraint.violation_error_message)
            taken.add(order)

    def save(self, commit=True):
        if commit:
            self.make_room()
        return super().save(commit)

    def make_room(self):
        """Move rows that change places out of the way: databases look at each row as it comes."""
        moving = [form.instance.pk for form in self.initial_forms if "order" in form.changed_data]
        rows = self.model._default_manager.filter(pk__in=[*moving, *self.dropped()])
        rows.update(order=F("order") + OUT_OF_THE_WAY)


def order_constraint(model):
    """Return the constraint by which an order is used once, or None if twins do no harm."""
    return next((c for c in unique_constraints(model) if "order" in c.fields), None)


class PeriodFormSet(RowFormSet):
    """Rows that hold from one day to another, checked against each other before any is saved.

    apart: names of fields; rows alike in them all share no day.
    once: names of fields; rows alike in them all begin on different days.
    """

    apart = []
    once = []

    def _construct_form(self, i, **kwargs):
        """Let a row's own rules leave its neighbours to this formset, which sees them as typed."""
        form = super()._construct_form(i, **kwargs)
        form.instance.checked_beside = [row.pk for row in self.get_queryset()]
        return form

    def clean(self):
        super().clean()
        rows = [form for form in self.kept() if form.is_valid()]
        for first, second in combinations(rows, 2):
            if self.clash(first, second) and share_a_day(first.instance, second.instance):
                period = first.instance.period_text
                second.add_error("starts_on", _("This overlaps another row: %s.") % period)
            elif self.once and alike(first, second, [*self.once, "starts_on"]):
                second.add_error("starts_on", _("The same is listed twice from this day."))

    def clash(self, first, second) -> bool:
        """Return whether two forms must share no day; an empty field clashes with nothing."""
        filled = self.apart and all(first.cleaned_data.get(name) for name in self.apart)
        return bool(filled) and alike(first, second, self.apart)


def alike(first, second, fields) -> bool:
    """Return whether two forms hold the same in each of `fields`."""
    one, other = first.cleaned_data, second.cleaned_data
    return all(one.get(name) == other.get(name) for name in fields)


def share_a_day(one, other) -> bool:
    """The twin of `PeriodQuerySet.overlapping()`, for rows not saved yet."""
    starts = max(one.starts_on or date.min, other.starts_on or date.min)
    return starts <= min(one.ends_on or date.max, other.ends_on or date.max)


class DeskInline:
    """What all inlines of the desk have in common."""

    form = RowForm
    formset = RowFormSet
    formfield_overrides = FORMFIELDS
    extra = 0

    def get_fieldsets(self, request, obj=None):
        return unfolding(super().get_fieldsets(request, obj))

    def has_delete_permission(self, request, obj=None):
        """Let whoever may change a record take rows out of it; they are part of it."""
        return self.has_change_permission(request, obj)


class Table(DeskInline, admin.TabularInline):
    """Rows of a few short fields."""


class Stack(DeskInline, admin.StackedInline):
    """Rows of many fields, each row a small form."""


class OrderedTable(Table):
    form = OrderedForm
    formset = OrderedFormSet


class OrderedStack(Stack):
    form = OrderedForm
    formset = OrderedFormSet


PERIOD = [
    ("starts_on", "starts_precision", "starts_bound"),
    ("ends_on", "ends_precision", "ends_bound"),
]
