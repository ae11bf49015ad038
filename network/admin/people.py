"""People, their names and offices at the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from network.models import Appointment, Person, PersonName
from network.resources import PersonResource
from wpssite.base.admin import (
    PUBLICATION,
    NamedAdmin,
    PartAdmin,
    PublishableAdmin,
    sources_and_notes,
)
from wpssite.base.imports import TableAdmin
from wpssite.base.inlines import PERIOD, PeriodFormSet, Stack, Table

from .duplicates import MergingAdmin


class AppointmentFormSet(PeriodFormSet):
    apart = ["post"]
    once = ["organisation", "role"]


class NameInline(Table):
    model = PersonName
    fields = ["text", "kind", "language"]


class AppointmentInline(Stack):
    model = Appointment
    formset = AppointmentFormSet
    autocomplete_fields = ["organisation", "post", "sources"]
    fieldsets = [
        (None, {"fields": [("role", "organisation"), *PERIOD]}),
        (
            _("Line of holders, confidence, sources"),
            {"classes": ["collapse"], "fields": [("post", "incoming", "confidence"), "sources"]},
        ),
    ]


@admin.register(Person)
class PersonAdmin(MergingAdmin, TableAdmin, NamedAdmin, PublishableAdmin):
    actions = [*PublishableAdmin.actions, "merge_selected"]
    resource_classes = [PersonResource]
    list_display = ["name", "family_name", "given_name", "status"]
    search_fields = ["name"]
    search_help_text = _("Any form of a name, misprints included.")
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["sources"]
    inlines = [NameInline, AppointmentInline]
    popup_fields = ["name", "family_name", "given_name", "name_order", "honorific"]
    fieldsets = [
        (
            _("Name"),
            {
                "fields": [
                    "name",
                    ("family_name", "given_name", "name_order"),
                    "honorific",
                    "slug",
                ]
            },
        ),
        (_("About"), {"fields": ["summary", "website"]}),
        sources_and_notes("sources", "note"),
        PUBLICATION,
    ]


@admin.register(Appointment)
class AppointmentAdmin(PartAdmin):
    part_of = "person"
    list_display = ["person", "role", "organisation", "period_text"]
    list_select_related = ["person", "organisation"]
    search_fields = ["role"]
    named_through = ["person", "organisation"]
    autocomplete_fields = ["person", "organisation", "post", "sources"]
    fieldsets = [
        (None, {"fields": [("person", "organisation"), "role", *PERIOD]}),
        (
            _("Line of holders, confidence, sources"),
            {"fields": [("post", "incoming", "confidence"), "sources"]},
        ),
    ]
