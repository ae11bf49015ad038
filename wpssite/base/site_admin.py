"""The desk's pages for what belongs to the site itself: its own pages, and reports of errors."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from .admin import PUBLICATION, PublishableAdmin
from .models import Page, Report


@admin.register(Page)
class PageAdmin(PublishableAdmin):
    """The pages below /about/."""

    list_display = ["title", "slug", "status", "updated_at"]
    search_fields = ["title", "body"]
    prepopulated_fields = {"slug": ["title"]}
    fieldsets = [(None, {"fields": ["title", "slug", "standfirst", "body", "order"]}), PUBLICATION]


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """What readers reported. No history is kept: a name or address that is deleted is gone."""

    list_display = ["created_at", "page", "beginning", "state"]
    list_filter = ["state"]
    search_fields = ["page", "text", "note"]
    readonly_fields = ["link", "text", "name", "email", "created_at"]
    fieldsets = [
        (None, {"fields": ["link", "text", ("name", "email"), "created_at"]}),
        (_("At the desk"), {"fields": ["state", "note"]}),
    ]
    actions = ["settle"]

    @admin.display(description=_("page"))
    def link(self, report):
        return format_html('<a href="{}">{}</a>', report.page, report.page)

    @admin.display(description=_("what is wrong"))
    def beginning(self, report):
        return report.text[:80]

    @admin.action(permissions=["change"], description=_("Mark the selected reports as done"))
    def settle(self, request, queryset):
        for report in queryset.open():
            report.state = Report.State.DONE
            report.save(update_fields=["state"])
            self.log_change(request, report, [{"changed": {"fields": ["state"]}}])
