"""What happened to a record while somebody had its form open, and what they had typed."""

import re

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils.formats import date_format
from django.utils.translation import gettext as _

MACHINE = re.compile(r"^_|^csrf|^seen$|_FORMS$|-id$")  # what a form sends by itself


def version_of(record) -> str:
    """Return the last change of a record as a form carries it."""
    return record.updated_at.isoformat()


def last_editor(record) -> str:
    """Return who last changed a record at the desk, or nothing."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(record), object_id=str(record.pk)
    )
    last = entries.select_related("user").order_by("-action_time", "-pk").first()
    return (last.user.get_full_name() or last.user.get_username()) if last else ""


def changed_meanwhile(record, seen: str) -> str:
    """Return the sentence for whoever would save over the work of somebody else, or nothing.

    seen: the version that was open. From here to the end of the transaction nobody else changes
    the record, so what is found still holds when it is saved.
    """
    rows = type(record)._base_manager.select_for_update()
    try:
        record.refresh_from_db(fields=["updated_at"], from_queryset=rows)
    except record.DoesNotExist:
        return _("Not saved: somebody deleted this record, while you had it open.")
    if seen == version_of(record):
        return ""
    return _(
        "Not saved yet: %(who)s changed this record at %(when)s UTC, while you had it open. "
        "Look at it in another window. Saving again puts what stands in this form in its place."
    ) % {
        "who": last_editor(record) or _("somebody"),
        "when": date_format(record.updated_at, "j F Y, H:i"),
    }


def typed(post) -> list[tuple[str, str]]:
    """Return (name of the box, what it held) of a form that cannot be shown again."""
    return [
        (name.replace("-", " ").replace("_", " "), ", ".join(filter(None, values)))
        for name, values in post.lists()
        if any(values) and not MACHINE.search(name)
    ]
