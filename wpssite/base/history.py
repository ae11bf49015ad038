"""The history of a record: what it was, who changed it, and bringing it back."""

from contextlib import contextmanager

import reversion
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, models, transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import localize
from django.utils.translation import gettext as _
from reversion.admin import VersionAdmin
from reversion.errors import RevertError
from reversion.models import Version
from reversion.revisions import _get_options

from .publishing import Publishable, Status

READING = {"GET", "HEAD", "OPTIONS"}
# What stays as it is when a record is brought back: whether and where readers find it, and when it
# was last changed.
KEPT = ["slug", "status", "published_at", "withdrawn_note", "updated_at"]
AS_DRAFT = {"status": Status.DRAFT, "published_at": None, "withdrawn_note": ""}
OUT_OF_THE_WAY = 10_000  # added to a place while rows take back theirs


class Shown(Exception):
    """A page is made; what was changed to make it is to be undone."""

    def __init__(self, response):
        super().__init__()
        self.response = response


class HistoryAdmin(VersionAdmin):
    """A revision for each change at the desk, and one before the first change.

    Unlike its base it brings back one record with its parts and nothing else of a revision; asks
    for the right to change the record as it is now; opens no transaction for reading; and leaves
    other threads their signals while an old version is shown.
    """

    history_latest_first = True
    change_list_template = None

    @contextmanager
    def create_revision(self, request):
        if request.method in READING:
            yield
            return
        with super().create_revision(request):
            yield

    def in_history_of(self, record) -> list:
        """Return the records in whose history a change of `record` is told."""
        return [record]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        if request.method not in READING:
            record = self.get_object(request, unquote(object_id))
            if record is not None and self.has_change_permission(request, record):
                keep_first(self.in_history_of(record), request.user)
        return super().change_view(request, object_id, form_url, extra_context)

    def changelist_view(self, request, extra_context=None):
        """Make no revision of all records of an action; each action makes one of each."""
        return super(VersionAdmin, self).changelist_view(request, extra_context)

    def delete_model(self, request, obj):
        keep([obj], _("As it was before it was deleted"), request.user)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        keep(queryset, _("As it was before it was deleted"), request.user)
        super().delete_queryset(request, queryset)

    def history_view(self, request, object_id, extra_context=None):
        record = self.get_object(request, unquote(object_id))
        allowed = record is not None and self.has_change_permission(request, record)
        context = {"may_restore": allowed} | (extra_context or {})
        return super().history_view(request, object_id, context)

    def revision_view(self, request, object_id, version_id, extra_context=None):
        version = self.version_or_404(version_id, object_id=unquote(object_id))
        record = self.get_object(request, version.object_id)
        if record is None:
            raise Http404("deleted")
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        title = _("%s, as it was") % version.object_repr
        context = {"title": title, "version": version} | (extra_context or {})
        return self.older_view(request, version, "reversion/revision_form.html", context)

    def recover_view(self, request, version_id, extra_context=None):
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        version = self.version_or_404(version_id)
        if self.get_object(request, version.object_id) is not None:
            raise Http404("not deleted")
        title = _("Recover %s") % version.object_repr
        context = {"title": title, "version": version} | (extra_context or {})
        return self.older_view(request, version, "reversion/recover_form.html", context)

    def version_or_404(self, key, **fields):
        versions = Version.objects.get_for_model(self.model).select_related("revision")
        return get_object_or_404(versions, pk=key, **fields)

    def older_view(self, request, version, template, context):
        """Show the form filled in with an older version, or save it when it is sent."""
        try:
            with transaction.atomic():
                restore(version)
                with self.create_revision(request):
                    key = quote(version.object_id)
                    response = self.changeform_view(request, key, request.path, context)
                    if response.status_code == 200:
                        response.template_name = template
                    if response.status_code != 302:
                        raise Shown(response.render())
                    when = localize(version.revision.date_created)
                    reversion.set_comment(_("Brought back as it was at %s UTC") % when)
        except Shown as shown:
            return shown.response
        except RevertError as error:
            messages.error(request, str(error))
            return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return response


def keep(records, comment: str, user=None):
    """Take a revision of `records` as they are now, apart from any that tells of changes."""
    if reversion.is_active():
        raise RuntimeError("A revision of its own cannot be taken inside another.")
    with reversion.create_revision(manage_manually=True):
        reversion.set_user(user)
        reversion.set_comment(comment)
        for record in records:
            reversion.add_to_revision(record)


def keep_first(records, user=None):
    """Take a revision of those of `records` that have none, such as those from fixtures."""
    new = []
    for model in {type(record) for record in records}:
        own = {str(record.pk): record for record in records if type(record) is model}
        known = Version.objects.get_for_model(model).filter(object_id__in=own)
        known = set(known.values_list("object_id", flat=True))
        new += [record for key, record in own.items() if key not in known]
    if new:
        keep(new, _("As it was before the first change here"), user)


def restore(version):
    """Make a record and its parts what they were; its address and status stay as they are now.

    A deleted one comes back as a draft. Raises RevertError with a sentence for the editor; call
    it in a transaction.
    """
    model = version._model
    rows = model._default_manager.filter(pk=version.object_id)
    published = issubclass(model, Publishable)
    now = (rows.values(*KEPT).first() or AS_DRAFT) if published else {}
    parts = list(parts_of(version))
    try:
        for part, fk, _versions in parts:
            make_room(part._default_manager.filter(**{fk: version.object_id}), _versions)
        for one in [version, *(one for *_which, versions in parts for one in versions)]:
            one.revert()
        if published:
            rows.update(**now)
        connection.check_constraints([model._meta.db_table, *(p._meta.db_table for p, *_ in parts)])
    except models.ProtectedError as error:
        raise RevertError(
            _("It cannot be brought back: other records need a row that it did not have yet.")
        ) from error
    except IntegrityError as error:
        raise RevertError(
            _("It cannot be brought back: a record that it named, or its address, is gone.")
        ) from error


def parts_of(version):
    """Yield (model, name of the key, versions) for each kind of row that a record consists of."""
    for name in _get_options(version._model).follow:
        relation = version._model._meta.get_field(name)
        part, fk = relation.related_model, relation.field.attname
        stored = version.revision.version_set.filter(
            content_type__app_label=part._meta.app_label,
            content_type__model=part._meta.model_name,
            serialized_data__contains=f'"{relation.field.name}": {version.object_id}',
        )
        own = [one for one in stored if str(one.field_dict[fk]) == version.object_id]
        yield part, fk, own


def make_room(rows, versions):
    """Delete the rows that came later, and move those in order out of the way of each other."""
    rows.exclude(pk__in=[one.object_id for one in versions]).delete()
    if any(field.name == "order" for field in rows.model._meta.fields):
        rows.update(order=models.F("order") + OUT_OF_THE_WAY)
