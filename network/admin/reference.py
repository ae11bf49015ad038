"""Topics, sources and stated counts at the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from network.models import Claim, Source, Topic
from wpssite.base.admin import PUBLICATION, DeskAdmin, PublishableAdmin


@admin.register(Topic)
class TopicAdmin(PublishableAdmin):
    list_display = ["name", "broader", "printed_as", "status"]
    list_select_related = ["broader"]
    search_fields = ["name", "printed_as"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["broader"]
    popup_fields = ["name", "broader", "printed_as"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "broader", "definition", "printed_as"]}),
        PUBLICATION,
    ]


@admin.register(Source)
class SourceAdmin(DeskAdmin):
    list_display = ["title", "publisher", "kind", "language", "published_on"]
    list_filter = ["kind", "language"]
    date_hierarchy = "published_on"
    search_fields = ["title", "publisher", "url"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "url",
                    "title",
                    ("publisher", "kind", "language"),
                    ("published_on", "read_on"),
                    "note",
                ]
            },
        )
    ]


@admin.register(Claim)
class ClaimAdmin(DeskAdmin):
    list_display = ["__str__", "qualifier", "claimed_by", "source"]
    list_filter = ["subject"]
    list_select_related = ["claimed_by", "source"]
    date_hierarchy = "as_of"
    search_fields = ["value", "source__publisher", "source__title", "note"]
    autocomplete_fields = ["claimed_by", "source"]
    fieldsets = [
        (
            _("What is stated"),
            {
                "fields": [
                    ("subject", "as_of", "as_of_precision"),
                    ("qualifier", "value", "states", "organisations"),
                ]
            },
        ),
        (
            _("By whom"),
            {"fields": [("claimed_by", "source"), "confidence", "note"]},
        ),
    ]
