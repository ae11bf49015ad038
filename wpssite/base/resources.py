"""Tables of records: their columns, which row is which record, and what a row may change."""

from contextlib import suppress

import reversion
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Model
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from import_export import resources
from import_export.instance_loaders import BaseInstanceLoader

from .admin import is_locked
from .cells import WIDGETS, RecordWidget
from .tables import as_it_was, harmless
from .text import fold


class KeyLoader(BaseInstanceLoader):
    """Finds the record of a row by its key columns; all records are loaded in one query."""

    def __init__(self, resource, dataset=None):
        super().__init__(resource, dataset)
        options = resource._meta.model._meta
        names = [resource.fields[name].attribute for name in resource.get_import_id_fields()]
        columns = [options.get_field(name).attname for name in names]
        records = resource.get_queryset().select_related(*resource.record_fields())
        self.records = {tuple(getattr(r, name) for name in columns): r for r in records}

    def get_instance(self, row):
        key = self.resource.key_of(row)
        return self.records.get(key) if key else None


class Changes:
    """The cells of a row before and after; a new record has nothing before."""

    def __init__(self, resource, instance, new):
        self.before = [""] * len(resource.get_import_fields()) if new else cells(resource, instance)
        self.after = []

    def compare_with(self, resource, instance):
        self.after = cells(resource, instance)

    def as_html(self) -> list[dict]:
        return [
            {"before": before, "after": after, "changed": before != after}
            for before, after in zip(self.before, self.after, strict=True)
        ]


def cells(resource, instance) -> list[str]:
    return [field.export(instance) for field in resource.get_import_fields()]


class RecordResource(resources.ModelResource):
    """Rows of records, each checked by its model's own rules.

    Unknown columns are refused by name, missing ones that are needed too. New records come in as
    drafts; public ones change only for those who may publish. One error anywhere saves nothing.

    needed: columns that must be there.
    part_of: the record that the rows belong to and are locked with, if they have no status.
    """

    WIDGETS_MAP = WIDGETS
    needed = []
    part_of = ""

    @classmethod
    def widget_kwargs_for_field(cls, field_name, django_field):
        """Let the cells of a column know what the field may hold, if that is one of a few."""
        known = super().widget_kwargs_for_field(field_name, django_field)
        choices = [value for value, _label in django_field.flatchoices if value not in {"", None}]
        return known | {"choices": choices} if choices else known

    def record_fields(self) -> list[str]:
        return [f.attribute for f in self.fields.values() if isinstance(f.widget, RecordWidget)]

    def before_import(self, dataset, **kwargs):
        wrong = self.wrong_columns(dataset)
        if wrong:
            dataset.wipe()  # Nothing more is to be said about its rows.
            raise ValidationError(wrong)
        self.add_columns(dataset)
        self.keys_seen, self.changed, self.wholes = set(), {}, {}

    def wrong_columns(self, dataset) -> str:
        """Return what is wrong with the columns of a table, or nothing."""
        known = [field.column_name for field in self.get_import_fields()]
        missing = [name for name in self.needed if name not in dataset.headers]
        unknown = [name for name in dataset.headers if name not in known]
        return columns_sentence(unknown, missing, known) if unknown or missing else ""

    def after_import(self, dataset, result, **kwargs):
        super().after_import(dataset, result, **kwargs)
        result.lines = dataset.lines
        for whole in self.wholes.values():
            whole.touch()
        if reversion.is_active():
            for record in [*self.changed.values(), *self.wholes.values()]:
                reversion.add_to_revision(record)

    def records_in(self, dataset) -> list:
        """Return the records that rows of a table name, and what these are part of."""
        if self.wrong_columns(dataset):
            return []
        self.add_columns(dataset)
        loader, found = KeyLoader(self), []
        for values in dataset:
            row = dict(zip(dataset.headers, values, strict=True))
            with suppress(ValidationError):
                self.complete(row)
            record = loader.get_instance(row)
            if record is not None:
                found += [record, getattr(record, self.part_of)] if self.part_of else [record]
        return found

    def add_columns(self, dataset):
        """Add the columns that a row is found by, where they may be left out."""

    def key_of(self, row) -> tuple | None:
        """Return what the record of a row is found by, or None when a cell of it is wrong."""
        try:
            values = [self.fields[name].clean(row) for name in self.get_import_id_fields()]
        except ValueError:
            return None
        return tuple(value.pk if isinstance(value, Model) else value for value in values)

    def before_import_row(self, row, **kwargs):
        for name, value in row.items():
            row[name] = as_it_was(value)
        self.complete(row)
        key = self.key_of(row)
        if key in self.keys_seen:
            raise ValidationError(_("A row above is the same record."))
        if key is not None:
            self.keys_seen.add(key)

    def complete(self, row):
        """Fill in cells of a row that may be left empty."""

    def before_save_instance(self, instance, row, **kwargs):
        """Refuse to change what is public; rows that change nothing do not come here."""
        record = getattr(instance, self.part_of) if self.part_of else instance
        user = kwargs.get("user")
        if user is not None and is_locked(user, record):
            raise ValidationError(_("“%s” is public; you may not change it.") % record)

    def validate_instance(self, instance, import_validation_errors=None, validate_unique=True):
        """Check what a row can break; the loader has seen to it that its key is its own."""
        instance.get_constraints = lambda: self.constraints
        super().validate_instance(instance, import_validation_errors, self.other_unique)
        del instance.get_constraints

    @cached_property
    def columns(self) -> set[str]:
        """The fields of the model that a table has."""
        return {field.attribute for field in self.get_import_fields()}

    @cached_property
    def constraints(self) -> list[tuple]:
        """The model's constraints without those on fields that no table has, such as status."""
        model = self._meta.model
        breakable = [
            constraint
            for constraint in model._meta.constraints
            if not isinstance(constraint, CheckConstraint)
            or constraint.condition.referenced_base_fields & self.columns
        ]
        return [(model, breakable)]

    @cached_property
    def other_unique(self) -> bool:
        """Whether a column that is not the key must be unique too."""
        unique = {field.name for field in self._meta.model._meta.fields if field.unique}
        return bool(unique & self.columns - set(self.get_import_id_fields()))

    def save_instance(self, instance, is_create, row, **kwargs):
        """Save, and note whose history is to tell of it: a new record has none yet."""
        super().save_instance(instance, is_create, row, **kwargs)
        if not is_create:
            self.changed[instance.pk] = instance
        if self.part_of:
            whole = getattr(instance, self.part_of)
            self.wholes[whole.pk] = whole

    def after_save_instance(self, instance, row, **kwargs):
        for field in self.fields.values():
            if isinstance(field.widget, RecordWidget) and field.widget.model is type(instance):
                field.widget.learn(instance)

    def filter_export(self, queryset, **kwargs):
        return queryset.select_related(*self.record_fields())

    def export_resource(self, instance, selected_fields=None, **kwargs):
        return [harmless(cell) for cell in super().export_resource(instance, selected_fields)]

    @classmethod
    def get_diff_class(cls):
        return Changes


def columns_sentence(unknown, missing, known) -> str:
    parts = []
    if missing:
        parts.append(_("Missing columns: %s.") % ", ".join(missing))
    if unknown:
        parts.append(_("Unknown columns: %s.") % ", ".join(unknown))
    parts.append(_("Possible columns: %s.") % ", ".join(known))
    return " ".join(parts)


class AddressedResource(RecordResource):
    """Records found by their address; an empty one is made from the name."""

    named_by = "name"

    def add_columns(self, dataset):
        if "slug" not in dataset.headers:
            dataset.append_col([""] * len(dataset), header="slug")

    def complete(self, row):
        if not row["slug"]:
            row["slug"] = slugify(fold(row.get(self.named_by) or ""))[:100].strip("-")
        if not row["slug"]:
            raise ValidationError({"slug": _("Write an address: none can be made from the name.")})
