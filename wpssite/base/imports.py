"""Import and export at the desk: tried first, shown, then saved whole or not at all."""

from datetime import timedelta

import reversion
from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from import_export.admin import ImportExportMixin
from import_export.formats import base_formats
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.results import RowResult
from import_export.tmp_storages import MediaStorage
from tablib import Dataset

from .history import keep_first
from .sheets import MAX_BYTES, MAX_ROWS, read_sheet

FOLDER = "tables"  # Below MEDIA_ROOT, which all workers share and nobody serves.
WAITS = timedelta(days=1)  # for the editor's word
SHOWN = 100  # rows of the preview


class Table(base_formats.Format):
    """A table to come in, CSV or XLSX: what it is shows from its content."""

    def __init__(self, encoding=None):
        super().__init__()

    def get_title(self):
        return "CSV, XLSX"

    def can_import(self):
        return True

    def create_dataset(self, in_stream, **kwargs):
        sheet = read_sheet(in_stream)
        dataset = Dataset(*sheet.rows, headers=sheet.headers)
        dataset.lines = sheet.lines
        return dataset


class UploadedTables(MediaStorage):
    """Tables that wait for the editor's word; those that nobody confirmed go after a day."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.MEDIA_FOLDER = FOLDER
        self.read_mode = "rb"

    def save(self, data):
        sweep()
        super().save(data)


def sweep():
    """Delete the tables that have waited too long."""
    try:
        names = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return
    for name in names:
        path = f"{FOLDER}/{name}"
        if timezone.now() - default_storage.get_modified_time(path) > WAITS:
            default_storage.delete(path)


class TableForm(ImportForm):
    """The file, refused when it is too large before it is read."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].widget = forms.HiddenInput()
        self.fields["import_file"].label = _("File")
        self.fields["import_file"].widget.attrs = {"accept": ".csv,.xlsx"}

    @property
    def media(self):
        return forms.Media()  # The format is not asked for, so nothing has to be guessed.

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than %s.") % filesizeformat(MAX_BYTES))
        return file


class ConfirmForm(ConfirmImportForm):
    import_file_name = forms.RegexField("^[0-9a-f]{32}$", widget=forms.HiddenInput)
    format = forms.RegexField("^0$", widget=forms.HiddenInput)
    resource = forms.RegexField("^0?$", widget=forms.HiddenInput, required=False)


class Refused(Exception):
    """Rows that were in order in the preview are no longer."""


class TableAdmin(ImportExportMixin):
    """Gives a kind of record at the desk the import and export of a table.

    Subclasses name the one class of their columns in `resource_classes`.
    """

    import_formats = [Table]
    export_formats = [base_formats.CSV, base_formats.XLSX]
    import_form_class = TableForm
    confirm_form_class = ConfirmForm
    export_form_class = ExportForm
    tmp_storage_class = UploadedTables
    to_encoding = "utf-8-sig"  # With a byte order mark, so that Excel reads accents.
    import_export_change_list_template = None
    import_template_name = "admin/import_table.html"
    export_template_name = "admin/export_table.html"

    def has_import_permission(self, request):
        return self.has_add_permission(request) and self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def list_tools(self, request) -> list[tuple]:
        tools = super().list_tools(request)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        if self.has_export_permission(request):
            asked = request.GET.urlencode()
            address = reverse(f"{name}_export")
            tools.append((_("Export"), f"{address}?{asked}" if asked else address))
        if self.has_import_permission(request):
            tools.append((_("Import"), reverse(f"{name}_import")))
        return tools

    def import_action(self, request, **kwargs):
        response = super().import_action(request, **kwargs)
        form = response.context_data["form"]
        stored = form.is_bound and getattr(form.files.get("import_file"), "tmp_storage_name", "")
        if stored and "confirm_form" not in response.context_data:
            self.tmp_storage_class(name=stored).remove()
        return self.with_report(response)

    def with_report(self, response):
        """Add to a page what the table would do, or what is wrong with it."""
        context = response.context_data
        context["title"] = _now("Import %s") % self.opts.verbose_name_plural
        context["most_rows"] = MAX_ROWS
        context["columns"] = columns_of(self.resource_classes[0])
        if "result" in context:
            context |= {
                "fate_of_new_rows": self.fate_of_new_rows(),
                "problems": problems(context["result"]),
                "preview": preview(context["result"]),
            }
        response.context_data = context
        return response

    def add_data_read_fail_error_to_form(self, form, e):
        if not isinstance(e, ValidationError):
            raise e
        form.add_error("import_file", e)

    def process_import(self, request, **kwargs):
        """Save the table that the editor has seen and confirmed."""
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = self.create_confirm_form(request)
        if request.method != "POST" or not form.is_valid():
            return self.ask_again(request)
        storage = self.tmp_storage_class(name=form.cleaned_data["import_file_name"])
        try:
            dataset = Table().create_dataset(storage.read())
        except (OSError, ValidationError):
            return self.ask_again(request)
        try:
            result = self.save_table(request, dataset, form)
        except Refused as refused:
            return self.refusal(request, refused.args[0])
        finally:
            storage.remove()
        return self.process_result(result, request)

    def ask_again(self, request):
        text = _now("This table is no longer waiting here. Please choose the file again.")
        messages.warning(request, text)
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_import")

    def save_table(self, request, dataset, form):
        """Save all rows with one revision of what they change; raise Refused when one is wrong."""
        keep_first(self.resource_classes[0]().records_in(dataset), request.user)
        with reversion.create_revision(manage_manually=True):
            reversion.set_user(request.user)
            reversion.set_comment(
                _now("Imported from %s") % form.cleaned_data["original_file_name"]
            )
            result = self.process_dataset(
                dataset, form, request, rollback_on_validation_errors=True
            )
            if result.has_errors() or result.has_validation_errors():
                raise Refused(result)
        return result

    def refusal(self, request, result):
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "form": TableForm(self.get_import_formats(), self.resource_classes),
            "result": result,
        }
        return self.with_report(TemplateResponse(request, self.import_template_name, context))

    def generate_log_entries(self, result, request):
        for kind, flag in [("new", ADDITION), ("update", CHANGE)]:
            records = [row.instance for row in result if row.import_type == kind]
            if records:
                text = _now("Imported from a table.")
                LogEntry.objects.log_actions(request.user.pk, records, flag, text)

    def add_success_message(self, result, request):
        new, changed, same = (result.totals[kind] for kind in ("new", "update", "skip"))
        text = _now("The table is in: %(new)d new, %(changed)d changed, %(same)d as before.")
        text %= {"new": new, "changed": changed, "same": same}
        messages.success(request, f"{text} {self.fate_of_new_rows()}" if new else text)

    def fate_of_new_rows(self) -> str:
        if self.resource_classes[0].part_of:
            return _now("What is new is public as soon as the record that it belongs to is.")
        return _now("What is new is a draft.")

    def init_request_context_data(self, request, form):
        context = super().init_request_context_data(request, form)
        title = _now("Export %s") % self.opts.verbose_name_plural
        return context | {"title": title, "columns": columns_of(self.resource_classes[0])}


def columns_of(resource_class) -> list[dict]:
    """Return name, meaning and need of each column, for the page that asks for the file."""
    resource = resource_class()
    options = resource._meta.model._meta
    found = []
    for field in resource.get_import_fields():
        column = options.get_field(field.attribute)
        found.append(
            {
                "name": field.column_name,
                "label": column.verbose_name,
                "needed": field.column_name in resource.needed,
                "choices": [value for value, _label in column.flatchoices if value != ""],
            }
        )
    return found


def problems(result) -> list[dict]:
    """Return every sentence about a table: the line in the file, the column, what is wrong."""
    found = [{"line": None, "text": sentence(one.error)} for one in result.base_errors]
    for row in result.error_rows:
        line = result.lines[row.number - 1]
        found += [{"line": line, "text": sentence(one.error)} for one in row.errors]
    for row in result.invalid_rows:
        line = result.lines[row.number - 1]
        for column, sentences in row.error_dict.items():
            name = "" if column == NON_FIELD_ERRORS else column
            found += [{"line": line, "column": name, "text": one} for one in sentences]
    return sorted(found, key=lambda one: one["line"] or 0)


def sentence(error) -> str:
    return " ".join(getattr(error, "messages", None) or [str(error)])


def preview(result) -> dict:
    """Return how many rows are new, changed and as before, and the first that make a change."""
    lines = zip(result.lines, result.rows, strict=True) if result.valid_rows() else []
    shown = [
        {"line": line, "new": row.import_type == RowResult.IMPORT_TYPE_NEW, "cells": row.diff}
        for line, row in lines
        if row.import_type in {RowResult.IMPORT_TYPE_NEW, RowResult.IMPORT_TYPE_UPDATE}
    ]
    return {
        "new": result.totals[RowResult.IMPORT_TYPE_NEW],
        "changed": result.totals[RowResult.IMPORT_TYPE_UPDATE],
        "same": result.totals[RowResult.IMPORT_TYPE_SKIP],
        "headers": result.diff_headers,
        "rows": shown[:SHOWN],
        "more": max(0, len(shown) - SHOWN),
    }
