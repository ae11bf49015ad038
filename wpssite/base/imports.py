"""Tables of records in and out: CSV and XLSX, tried first, saved whole or not at all."""

import zipfile

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify
from django.utils.translation import gettext as _
from import_export import fields, resources, widgets
from import_export.formats import base_formats
from import_export.forms import ImportForm

from .admin import may_publish
from .text import fold

MAX_BYTES = 5 * 2**20
MAX_UNPACKED = 60 * 2**20  # of an XLSX, which is a ZIP archive
FORMATS = [base_formats.CSV, base_formats.XLSX]


class CheckedImportForm(ImportForm):
    """Refuse a file that is too large, packed or unpacked, before it is read."""

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %s.") % filesizeformat(MAX_BYTES)
            )
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as archive:
                size = sum(part.file_size for part in archive.infolist())
            if size > MAX_UNPACKED:
                raise forms.ValidationError(
                    _("The file unpacks to more than %s.") % filesizeformat(MAX_UNPACKED)
                )
        file.seek(0)
        return file


class RecordResource(resources.ModelResource):
    """Rows of records, each checked by its model's own rules.

    Unknown columns are refused by name, missing ones that are needed too. New records come in as
    drafts; public ones change only for those who may publish. One error anywhere saves nothing.
    """

    needed = []

    def before_import(self, dataset, **kwargs):
        headers = {str(header or "").strip() for header in dataset.headers or []}
        known = {field.column_name for field in self.get_import_fields()}
        unknown, missing = sorted(headers - known), sorted(set(self.needed) - headers)
        if unknown or missing:
            raise ValidationError(columns_sentence(unknown, missing, sorted(known)))

    def before_save_instance(self, instance, row, **kwargs):
        user = kwargs.get("user")
        public = getattr(instance, "status", "") in {"published", "withdrawn"}
        if instance.pk and public and user is not None and not may_publish(user, instance):
            raise ValidationError(_("“%s” is public; you may not change it.") % instance)


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

    def before_import_row(self, row, **kwargs):
        row["slug"] = str(row.get("slug") or "").strip() or slugify(row.get(self.named_by) or "")


class RecordWidget(widgets.ForeignKeyWidget):
    """A record named by its address, its ISO code, or any form of its name, if only one fits."""

    def __init__(self, model, codes=(), **kwargs):
        super().__init__(model, "slug", **kwargs)
        self.codes = codes
        self.found = None

    def clean(self, value, row=None, **kwargs):
        text = str(value or "").strip()
        if not text:
            return None
        if self.found is None:
            self.found = self.every_name()
        records = self.found.get(text) or self.found.get(fold(text)) or set()
        if len(records) != 1:
            why = _("Nothing is called “%s”.") if not records else _("Several are called “%s”.")
            raise ValueError(why % text)
        return self.model.objects.get(pk=next(iter(records)))

    def every_name(self) -> dict[str, set]:
        """Return the keys of the records by address, code and folded name, in two queries."""
        found = {}
        columns = ["slug", *self.codes]
        for key, name, *codes in self.model.objects.values_list("pk", "name", *columns):
            for text in [fold(name), *filter(None, codes)]:
                found.setdefault(text, set()).add(key)
        for key, name in self.model.objects.values_list("pk", "names__folded"):
            found.setdefault(name, set()).add(key)
        return found

    def render(self, value, obj=None, **kwargs):
        return value.slug if value else ""


def record_field(name: str, model, codes=()):
    """Return a column that names another record."""
    return fields.Field(column_name=name, attribute=name, widget=RecordWidget(model, codes=codes))
