"""Organisations, their names and memberships at the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from network.models import FocalPoint, Membership, Organisation, OrganisationName, Post
from network.resources import MembershipResource, OrganisationResource
from wpssite.base.admin import (
    PUBLICATION,
    DeskAdmin,
    NamedAdmin,
    PartAdmin,
    PublishableAdmin,
    sources_and_notes,
)
from wpssite.base.forms import PublishableForm
from wpssite.base.imports import TableAdmin
from wpssite.base.inlines import PERIOD, PeriodFormSet, Stack


class OrganisationForm(PublishableForm):
    beside = PublishableForm.beside | {"one_per_iso_code": "iso_alpha2"}


class MembershipFormSet(PeriodFormSet):
    apart = ["body"]


class NameInline(Stack):
    model = OrganisationName
    fieldsets = [
        (None, {"fields": [("text", "form", "language")]}),
        (_("From and to"), {"fields": PERIOD, "classes": ["collapse"]}),
    ]


class MembershipInline(Stack):
    model = Membership
    formset = MembershipFormSet
    fk_name = "organisation"
    autocomplete_fields = ["body", "sources"]
    fieldsets = [
        (None, {"fields": [("body", "status", "role"), *PERIOD]}),
        (
            _("How well it is known"),
            {
                "classes": ["collapse"],
                "fields": [("founding", "last_seen", "confidence"), "sources", "note"],
            },
        ),
    ]


@admin.register(Organisation)
class OrganisationAdmin(TableAdmin, NamedAdmin, PublishableAdmin):
    form = OrganisationForm
    resource_classes = [OrganisationResource]
    list_display = ["name", "abbreviation", "kind", "region", "status"]
    list_filter = ["status", "kind", "un_group", "region"]
    search_fields = ["name"]
    search_help_text = _("Any name: short, official, former, abbreviated or misprinted.")
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["parent", "sources"]
    inlines = [NameInline, MembershipInline]
    popup_fields = ["name", "abbreviation", "kind", "parent"]
    fieldsets = [
        (
            _("What it is"),
            {"fields": ["name", ("abbreviation", "kind"), "slug", "parent", "summary", "website"]},
        ),
        (
            _("Codes and regions"),
            {
                "classes": ["collapse"],
                "fields": [
                    ("iso_alpha2", "iso_alpha3", "m49", "code_is_user_assigned"),
                    ("un_group", "region", "subregion"),
                    ("known_size", "known_size_on"),
                ],
            },
        ),
        sources_and_notes("sources", "note"),
        PUBLICATION,
    ]


@admin.register(Membership)
class MembershipAdmin(TableAdmin, PartAdmin):
    resource_classes = [MembershipResource]
    part_of = "organisation"
    list_display = ["organisation", "body", "period_text", "status"]
    list_filter = ["status", "body"]
    list_select_related = ["organisation", "body"]
    search_fields = ["role"]
    named_through = ["organisation", "body"]
    autocomplete_fields = ["organisation", "body", "sources"]
    popup_fields = ["organisation", "body", "status", "role", *PERIOD]
    fieldsets = [
        (None, {"fields": [("organisation", "body"), ("status", "role"), *PERIOD]}),
        (
            _("How well it is known"),
            {"fields": [("founding", "last_seen", "confidence"), "sources", "note"]},
        ),
    ]


@admin.register(FocalPoint)
class FocalPointAdmin(PartAdmin):
    part_of = "organisation"
    list_display = ["organisation", "office", "period_text", "person_is_public"]
    list_select_related = ["organisation"]
    search_fields = ["office"]
    named_through = ["organisation", "person"]
    autocomplete_fields = ["organisation", "person", "sources"]
    fieldsets = [
        (None, {"fields": [("organisation", "office"), ("person", "person_is_public"), *PERIOD]}),
        (_("Contact, never public"), {"fields": [("email", "phone")]}),
        (_("Sources"), {"fields": ["sources"]}),
    ]


@admin.register(Post)
class PostAdmin(DeskAdmin):
    list_display = ["title", "organisation", "single_holder"]
    list_select_related = ["organisation"]
    search_fields = ["title"]
    named_through = ["organisation"]
    autocomplete_fields = ["organisation"]
