"""Gaps and overlaps of action plans, at the desk."""

from django.core.exceptions import PermissionDenied
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from network.models import ActionPlan
from network.plan_gaps import covers
from wpssite.base.publishing import Status

PAGE = "admin:network_actionplan_gaps"


class GapsAdmin:
    """Gives the list of action plans a page that says where their years do not fit together."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.gaps_view)
        return [path("gaps/", view, name="network_actionplan_gaps"), *super().get_urls()]

    def list_tools(self, request) -> list[tuple]:
        return [(_("Gaps and overlaps"), reverse(PAGE)), *super().list_tools(request)]

    def gaps_view(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        plans = ActionPlan.objects.exclude(status=Status.WITHDRAWN).select_related("owner")
        year = timezone.now().year
        found = covers(plans.filter(stage=ActionPlan.Stage.ADOPTED), year)
        context = self.admin_site.each_context(request) | {
            "title": _now("Gaps and overlaps of action plans"),
            "opts": self.opts,
            "covers": found,
            "year": year,
        }
        return TemplateResponse(request, "admin/network/actionplan/gaps.html", context)
