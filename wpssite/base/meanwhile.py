"""What happened to a record while somebody had its form open, and what they had typed."""

import re
from hashlib import blake2b

from django.contrib.admin.models import LogEntry
from django.contrib.admin.utils import unquote
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from reversion.revisions import _get_options

MACHINE = re.compile(r"^_|^csrf|^seen$|_FORMS$|-id$")  # what a form sends by itself

GONE = gettext_lazy(
    "this record was deleted meanwhile; “Recover deleted”, above the list, brings it back."
)


def version_of(record) -> str:
    """Return what tells a record, as it is stored, from an older or newer version of it."""
    if hasattr(record, "updated_at"):
        return record.updated_at.isoformat()
    held = [field.value_to_string(record) for field in record._meta.concrete_fields]
    links = [field.name for field in record._meta.many_to_many]
    for name in [*links, *_get_options(type(record)).follow]:  # What else its form shows.
        held += getattr(record, name).order_by("pk").values_list()
    return blake2b(repr(held).encode(), digest_size=12).hexdigest()


def changed_meanwhile(record, seen: str) -> str:
    """Return the sentence for whoever would save over the work of somebody else, or nothing.

    seen: the version that was open. From here to the end of the transaction nobody else changes
    the record, so what is found still holds when it is saved.
    """
    stored = type(record)._base_manager.select_for_update().filter(pk=record.pk).first()
    if stored is None:
        return _("Not saved: somebody deleted this record, while you had it open.")
    if seen == version_of(stored):
        return ""
    who, when = last_change(stored)
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
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Locked:
            return self.locked_meanwhile(request)

    def locked_meanwhile(self, request, record=None):
        why = _(
            "this record has become public meanwhile, and this account may not change what is "
            "public."
        )
        return self.not_saved(request, why, 403, original=record, publishers=self.publishers())

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
        changed = obj and request.method == "POST"  # By the form, in memory.
        stored = type(obj)._base_manager.filter(pk=obj.pk).first() if changed else obj
        context["seen"] = version_of(stored) if stored else ""
        return super().render_change_form(request, context, obj=obj, **kwargs)


def typed(post) -> list[tuple[str, str]]:
    """Return (name of the box, what it held) of a form that cannot be shown again."""
    return [
        (name.replace("-", " ").replace("_", " "), ", ".join(filter(None, values)))
        for name, values in post.lists()
        if any(values) and not MACHINE.search(name)
    ]
