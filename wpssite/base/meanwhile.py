"""What happened to a record while somebody had its form open, and what they had typed."""

import re
from hashlib import blake2b

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from reversion.revisions import _get_options

MACHINE = re.compile(r"^_|^csrf|^seen$|_FORMS$|-id$")  # what a form sends by itself

# Why nothing was saved.
PUBLIC = gettext_lazy(
    "this record has become public meanwhile, and this account may not change what is public."
)
GONE = gettext_lazy(
    "this record was deleted meanwhile; “Recover deleted”, above the list, brings it back."
)


def version_of(record) -> str:
    """Return what tells a record, as it is stored, from an older or newer version of it."""
    if hasattr(record, "updated_at"):
        return record.updated_at.isoformat()
    held = [field.value_to_string(record) for field in record._meta.concrete_fields]
    for field in record._meta.many_to_many:
        held += getattr(record, field.name).order_by("pk").values_list("pk")
    for rows in _get_options(type(record)).follow:
        held += getattr(record, rows).order_by("pk").values_list()
    return blake2b(repr(held).encode(), digest_size=12).hexdigest()


def changed_meanwhile(record, seen: str) -> str:
    """Return the sentence for whoever would save over the work of somebody else, or nothing.

    record: as it is stored; seen: the version that was open.
    """
    if seen == version_of(record):
        return ""
    who, when = last_change(record)
    return _(
        "Not saved yet: %(who)s changed this record at %(when)s, while you had it open. "
        "Look at it in another window. Saving again puts what stands in this form in its place."
    ) % {"who": who, "when": when}


def last_change(record) -> tuple[str, str]:
    """Return who last changed a record at the desk, and when it was last changed."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk)
    )
    last = entries.select_related("user").order_by("-action_time", "-pk").first()
    who = (last.user.get_full_name() or last.user.get_username()) if last else _("somebody")
    moment = getattr(record, "updated_at", last and last.action_time)
    return who, date_format(moment, "j F Y, H:i") + " UTC" if moment else _("an unknown time")


class Locked(PermissionDenied):
    """What a part would be added to is public, and this account may not change that."""


class MeanwhileAdmin:
    """Forms of records that others change too: nothing is lost unseen, saved or typed."""

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Keep what was typed on the screen when it cannot be saved any more."""
        if request.method == "POST":
            record = self.get_object(request, unquote(object_id))
            if record is None and self.has_change_permission(request):
                return self.not_saved(request, GONE, 404)
            if self.is_locked(request, record) and self.has_view_permission(request, record):
                return self.locked_meanwhile(request, record)
        return super().change_view(request, object_id, form_url, extra_context)

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        words = request, object_id, form_url, extra_context
        if request.method != "POST":
            return super().changeform_view(*words)
        try:
            with transaction.atomic():
                self.hold(object_id and unquote(object_id))
                return super().changeform_view(*words)
        except Locked:
            return self.locked_meanwhile(request)

    def hold(self, key: str | None):
        """Let nobody else change a record until the transaction ends: what is read stays true.

        First what it is a part of, as the form of that does: else two could wait for each other.
        """
        try:
            rows = self.model._base_manager.filter(pk=self.opts.pk.to_python(key)).order_by()
        except ValidationError:
            return  # No record has such a key.
        if self.part_of:
            whole = self.opts.get_field(self.part_of).related_model
            wholes = whole._base_manager.filter(pk__in=rows.values(self.part_of)).order_by()
            list(wholes.select_for_update(no_key=True).values_list("pk"))
        list(rows.select_for_update(no_key=True).values_list("pk"))

    def older_view(self, request, version, template, context):
        """Let who brings back an older version hear of a newer one than the page was opened on."""
        with transaction.atomic():
            self.hold(version.object_id)
            stored = self.model._base_manager.filter(pk=version.object_id).first()
            now = version_of(stored) if stored else ""
            if request.method == "POST":  # The form will compare with the record as it was.
                sent, request.POST = request.POST.get("seen"), request.POST.copy()
                request.POST["seen"] = "another" if sent and sent != now else ""
            return super().older_view(request, version, template, context | {"seen": now})

    def locked_meanwhile(self, request, record=None):
        return self.not_saved(request, PUBLIC, 403, original=record, publishers=self.publishers())

    def not_saved(self, request, why: str, status: int, original=None, **context):
        """Show what was sent, to copy from, and why it was not saved."""
        context |= self.admin_site.each_context(request) | {
            "title": _("Not saved: %s") % (original or self.opts.verbose_name),
            "opts": self.opts,
            "original": original,
            "why": why,
            "typed": typed(request.POST),
        }
        return TemplateResponse(request, "admin/not_saved.html", context, status=status)

    def render_change_form(self, request, context, obj=None, **kwargs):
        """Let the page carry which version of the record it shows."""
        if obj and "seen" not in context:
            changed = request.method == "POST"  # By the form, in memory.
            stored = type(obj)._base_manager.get(pk=obj.pk) if changed else obj
            context["seen"] = version_of(stored)
        return super().render_change_form(request, context, obj=obj, **kwargs)


def typed(post) -> list[tuple[str, str]]:
    """Return (name of the box, what it held) of a form that cannot be shown again."""
    return [
        (name.replace("-", " ").replace("_", " "), ", ".join(filter(None, values)))
        for name, values in post.lists()
        if any(values) and not MACHINE.search(name)
    ]
