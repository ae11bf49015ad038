"""How lists of the desk show the status of a record."""

from datetime import UTC

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from .publishing import Status


class StandingAdmin:
    """Shows the status in a list together with the time from which it holds, if that is to come."""

    def get_list_display(self, request):
        names = super().get_list_display(request)
        return ["standing" if name == "status" else name for name in names]

    @admin.display(description=_("status"), ordering="status")
    def standing(self, record):
        status, since = record.get_status_display(), record.published_at
        if record.status != Status.PUBLISHED or record.is_public or since is None:
            return status
        time = date_format(since.astimezone(UTC), "j F Y H:i")
        return _("%(status)s, from %(time)s UTC") % {"status": status, "time": time}
