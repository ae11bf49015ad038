"""Plans, resolutions, documents and chair terms at the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from network.models import (
    ActionPlan,
    ChairHolder,
    ChairTerm,
    Document,
    DocumentSignatory,
    DocumentSymbol,
    Resolution,
)
from network.resources import ActionPlanResource
from wpssite.base.admin import PUBLICATION, DeskAdmin, PublishableAdmin, sources_and_notes
from wpssite.base.forms import DeskForm, PublishableForm
from wpssite.base.imports import TableAdmin
from wpssite.base.inlines import PERIOD, OrderedTable, Table

from .gaps import GapsAdmin


class PlanForm(PublishableForm):
    beside = PublishableForm.beside | {
        "ends_after_start": "end_year",
        "extended_forwards": "extended_to",
    }


class ResolutionForm(PublishableForm):
    beside = PublishableForm.beside | {"number_if_adopted": "number"}


class ChairTermForm(DeskForm):
    beside = {"has_a_start": "starts_on"}


@admin.register(ActionPlan)
class ActionPlanAdmin(GapsAdmin, TableAdmin, PublishableAdmin):
    form = PlanForm
    resource_classes = [ActionPlanResource]
    list_display = ["owner", "title", "generation", "start_year", "end_year", "stage", "status"]
    list_display_links = ["title"]
    list_filter = ["status", "kind", "stage"]
    list_select_related = ["owner"]
    search_fields = ["title"]
    search_help_text = _("Title, or any name of the state or organisation.")
    named_through = ["owner"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["owner", "supersedes", "sources"]
    popup_fields = ["owner", "title", "kind", "generation", ("start_year", "end_year")]
    fieldsets = [
        (
            _("What it is"),
            {"fields": ["owner", "title", "slug", ("kind", "stage", "generation"), "supersedes"]},
        ),
        (
            _("When"),
            {
                "fields": [
                    ("start_year", "end_year", "extended_to"),
                    ("adopted_on", "adopted_precision"),
                    ("launched_on", "launched_precision"),
                ]
            },
        ),
        (_("Text"), {"fields": ["url", ("languages", "instrument")]}),
        sources_and_notes("sources", "confidence", "public_note", "note"),
        PUBLICATION,
    ]


@admin.register(Resolution)
class ResolutionAdmin(PublishableAdmin):
    form = ResolutionForm
    list_display = ["symbol", "decided_on", "outcome", "in_wps_set", "status"]
    list_filter = ["status", "in_wps_set", "outcome"]
    date_hierarchy = "decided_on"
    search_fields = ["symbol", "subject"]
    prepopulated_fields = {"slug": ["symbol"]}
    autocomplete_fields = ["topics", "sources"]
    fieldsets = [
        (
            _("What it is"),
            {"fields": [("symbol", "number"), "slug", "subject", "in_wps_set", "topics"]},
        ),
        (
            _("Decision"),
            {
                "fields": [
                    ("decided_on", "outcome"),
                    ("votes_for", "votes_against", "abstentions"),
                    "voters_note",
                    ("meeting_number", "meeting_symbol"),
                ]
            },
        ),
        (
            _("How the vote was taken"),
            {
                "classes": ["collapse"],
                "fields": ["vote_method", "vote_opened", "vote_closed", "vote_zone"],
            },
        ),
        sources_and_notes("sources", "confidence", "public_note", "note"),
        PUBLICATION,
    ]


class SymbolInline(Table):
    model = DocumentSymbol
    fields = ["symbol"]
    extra = 1


class SignatoryInline(OrderedTable):
    model = DocumentSignatory
    fields = ["order", "organisation", "printed_name"]
    autocomplete_fields = ["organisation"]


@admin.register(Document)
class DocumentAdmin(PublishableAdmin):
    list_display = ["title", "organ", "circulated_on", "status"]
    date_hierarchy = "circulated_on"
    search_fields = ["title", "symbols__symbol"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["sources"]
    inlines = [SymbolInline, SignatoryInline]
    popup_fields = ["title", "organ", "circulated_on", "url"]
    fieldsets = [
        (_("What it is"), {"fields": ["title", "slug", ("organ", "agenda_item"), "url"]}),
        (
            _("Dates and form"),
            {
                "fields": [
                    ("text_on", "letter_on", "circulated_on"),
                    ("languages", "annexes", "job_number", "reissued"),
                ]
            },
        ),
        sources_and_notes("sources", "confidence", "note"),
        PUBLICATION,
    ]


class HolderInline(OrderedTable):
    model = ChairHolder
    fields = ["order", "organisation"]
    autocomplete_fields = ["organisation"]
    extra = 1


@admin.register(ChairTerm)
class ChairTermAdmin(DeskAdmin):
    form = ChairTermForm
    list_display = ["period_text", "holder_names", "status"]
    list_filter = ["status"]
    autocomplete_fields = ["sources"]
    inlines = [HolderInline]
    fieldsets = [(None, {"fields": [*PERIOD, "status", "note", "sources"]})]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("holders__organisation")

    @admin.display(description=_("holders"))
    def holder_names(self, term):
        return ", ".join(str(holder) for holder in term.holders.all())
