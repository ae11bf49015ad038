"""The desk: Django's admin with our name, and a start page that says what is waiting."""

from django.apps import apps
from django.contrib.admin import AdminSite
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .publishing import Publishable, Status

SHOWN = 5  # records of a kind on the start page; the rest is one click away


class Choices(AutocompleteJsonView):
    """What a box proposes for the words typed into it."""

    def get_queryset(self):
        """Put first whose name fits best, where records of the kind go by several names."""
        found = super().get_queryset()
        ordered = self.term.strip() and hasattr(found, "closest_first")
        return found.closest_first(self.term) if ordered else found


class DeskSite(AdminSite):
    site_header = _("WPS Focal Points Network: the desk")
    site_title = _("the desk")
    index_title = _("What would you like to enter?")

    def index(self, request, extra_context=None):
        kinds = self.publishable_kinds(request)
        found = {
            "waiting": [shown for kind in kinds if (shown := waiting(kind, request))],
            "scheduled": scheduled(kinds, request),
            "reports": open_reports(request),
        }
        return super().index(request, found | (extra_context or {}))

    def autocomplete_view(self, request):
        return Choices.as_view(admin_site=self)(request)

    def get_app_list(self, request, app_label=None):
        """Put what is entered daily before accounts and groups."""
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: app["app_label"] in {"auth", "base"})

    def publishable_kinds(self, request) -> list:
        """Return the admins of the public kinds of record that this account may see."""
        kinds = [kind for model, kind in self._registry.items() if issubclass(model, Publishable)]
        return [kind for kind in kinds if kind.has_view_permission(request)]


def rows_of(kind, request):
    """Return all records of a kind with what their names need, for one query."""
    rows = kind.get_queryset(request)
    return rows.select_related(*kind.list_select_related) if kind.list_select_related else rows


def waiting(kind, request) -> dict | None:
    """Return the drafts and the records in review of one kind, the newest first, or None."""
    rows = rows_of(kind, request).filter(status__in=[Status.DRAFT, Status.REVIEW])
    found = list(rows.order_by("-updated_at", "-pk")[: SHOWN + 1])
    return found and {
        "name": kind.opts.verbose_name_plural,
        "records": [{"record": row, "url": change_url(row)} for row in found[:SHOWN]],
        "more_url": len(found) > SHOWN and list_url(kind),
    }


def scheduled(kinds, request) -> list[dict]:
    """Return the next records that will publish themselves, the soonest first."""
    to_come = Q(status=Status.PUBLISHED, published_at__gt=timezone.now())
    found = []
    for kind in kinds:
        found += rows_of(kind, request).filter(to_come).order_by("published_at", "pk")[:SHOWN]
    found.sort(key=lambda record: record.published_at)
    return [{"record": row, "url": change_url(row)} for row in found[:SHOWN]]


def open_reports(request) -> dict | None:
    """Return the oldest reports that wait for an answer, or None if there are none to be read."""
    if not request.user.has_perm("base.view_report"):
        return None
    found = apps.get_model("base.Report").objects.open()  # This module is loaded before models.
    rows = [{"report": row, "url": change_url(row)} for row in found[:SHOWN]]
    more = len(rows) == SHOWN and f"{reverse('admin:base_report_changelist')}?state__exact=open"
    return rows and {"rows": rows, "more_url": more}


def change_url(record) -> str:
    options = record._meta
    return reverse(f"admin:{options.app_label}_{options.model_name}_change", args=[record.pk])


def list_url(kind) -> str:
    """Return the address of the list of a kind, narrowed to what is not public yet."""
    options = kind.opts
    address = reverse(f"admin:{options.app_label}_{options.model_name}_changelist")
    return f"{address}?status__in=draft%2Creview"
