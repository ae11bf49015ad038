"""Statements at the desk, started from the speaker's place in the programme."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.models import Appearance, Point, Statement, StatementParty, StatementText
from wpssite.base.admin import PUBLICATION, DeskAdmin, PublishableAdmin, sources_and_notes
from wpssite.base.forms import PublishableForm
from wpssite.base.inlines import OrderedForm, OrderedStack, OrderedTable


class StatementForm(PublishableForm):
    beside = PublishableForm.beside | {"by_somebody": "person"}


class PointForm(OrderedForm):
    class Meta:
        widgets = {"text": forms.Textarea(attrs={"rows": 3, "cols": 80})}


class TextForm(OrderedForm):
    beside = {"is_somewhere": "url"}


class PartyInline(OrderedTable):
    model = StatementParty
    fields = ["order", "organisation", "relation", "printed_as", "footnote"]
    autocomplete_fields = ["organisation"]
    extra = 1


class PointInline(OrderedTable):
    model = Point
    form = PointForm
    fields = ["order", "text"]
    extra = 3


class TextInline(OrderedStack):
    model = StatementText
    form = TextForm
    fields = [("order", "language", "kind", "origin"), ("publisher", "url"), "body"]


@admin.register(Statement)
class StatementAdmin(PublishableAdmin):
    form = StatementForm
    list_display = ["title", "date", "speaker", "event", "text_kind", "status"]
    list_filter = ["status", "kind", "text_kind", "language"]
    list_select_related = ["person", "event"]
    date_hierarchy = "date"
    search_fields = ["title", "printed_name", "role_printed"]
    named_through = ["person"]
    search_help_text = _("Title, or any form of the speaker's name.")
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = [
        "event",
        "appearance",
        "person",
        "delivered_by",
        "represents",
        "text_by",
        "topics",
        "resolutions",
        "documents",
        "sources",
    ]
    inlines = [PartyInline, PointInline, TextInline]
    fieldsets = [
        (_("What"), {"fields": ["title", "slug", ("kind", "language"), "summary"]}),
        (_("At which event"), {"fields": ["appearance", ("event", "occasion_text"), "date"]}),
        (
            _("Who, if not as in the appearance"),
            {
                "fields": [
                    ("person", "printed_name"),
                    ("role_printed", "mode"),
                    ("delivered_by", "represents"),
                ]
            },
        ),
        (_("What we have of it"), {"fields": [("text_kind", "text_by")]}),
        (_("About"), {"fields": ["topics", ("resolutions", "documents")]}),
        sources_and_notes("sources", "confidence", "public_note", "note"),
        PUBLICATION,
    ]

    @admin.display(description=_("speaker"), ordering="person__sort_name")
    def speaker(self, statement):
        return statement.person or statement.printed_name

    def get_changeform_initial_data(self, request):
        """Start from the appearance whose link was followed: its event, speaker and part."""
        found = super().get_changeform_initial_data(request)
        key = str(found.get("appearance", ""))
        appearance = Appearance.objects.filter(pk=key).first() if key.isdecimal() else None
        if appearance is None:
            return found
        kinds = Statement.Kind.values
        return {
            "event": appearance.event_id,
            "person": appearance.person_id,
            "kind": appearance.kind if appearance.kind in kinds else Statement.Kind.STATEMENT,
        } | found


@admin.register(Appearance)
class AppearanceAdmin(DeskAdmin):
    """Only for choosing; appearances are entered below their event."""

    search_fields = ["printed_name", "unnamed_as", "role_printed", "event__title"]
    named_through = ["person", "organisation"]
    list_select_related = ["event", "person"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("event", "person")

    def has_module_permission(self, request):
        return False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
