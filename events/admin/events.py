"""Events at the desk, in the order in which an editor reads a release."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from events.models import (
    Attachment,
    Event,
    EventContext,
    EventSeries,
    Occasion,
    Participation,
    StatusChange,
)
from events.models.events import ONLY_A_STATE
from events.resources import EventResource
from wpssite.base.admin import PUBLICATION, DeskAdmin, PublishableAdmin, sources_and_notes
from wpssite.base.forms import DeskForm, PublishableForm, RowForm
from wpssite.base.imports import TableAdmin
from wpssite.base.inlines import OrderedForm, OrderedStack, OrderedTable, Stack
from wpssite.base.moments import day_text, part_of_day
from wpssite.base.when import clock

from .programme import AppearanceInline, SegmentInline


class EventForm(PublishableForm):
    beside = PublishableForm.beside | {
        "ends_after_start": "ends_on",
        "once_in_series": "series_number",
    }

    class Meta:
        error_messages = {"country": {"invalid_choice": ONLY_A_STATE}}


class OccasionForm(DeskForm):
    beside = {"ends_after_start": "ends_on"}


class AttachmentForm(OrderedForm):
    beside = {"is_somewhere": "url"}


class StatusChangeForm(RowForm):
    beside = {"once": "event_status"}


class HostInline(OrderedTable):
    model = Participation
    fields = ["order", "organisation", "role", "printed_as"]
    autocomplete_fields = ["organisation"]
    extra = 2


class ContextInline(OrderedStack):
    model = EventContext
    autocomplete_fields = ["resolution", "plan", "membership", "claim", "organisation"]
    fields = [
        ("order", "kind", "year"),
        "text",
        ("resolution", "plan"),
        ("membership", "claim"),
        "organisation",
    ]


class StatusChangeInline(Stack):
    model = StatusChange
    form = StatusChangeForm
    autocomplete_fields = ["source"]
    fields = [
        ("changed_on", "event_status"),
        ("previous_on", "previous_time"),
        ("reason", "source"),
    ]


class AttachmentInline(OrderedStack):
    model = Attachment
    form = AttachmentForm
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("order", "kind", "language"),
                    ("title", "url"),
                    ("picture", "decorative"),
                    ("alt", "credit"),
                ]
            },
        ),
        (
            _("What a cropped picture keeps"),
            {"classes": ["collapse"], "fields": [("focus_x", "focus_y")]},
        ),
    ]


@admin.register(Event)
class EventAdmin(TableAdmin, PublishableAdmin):
    form = EventForm
    resource_classes = [EventResource]
    list_display = ["title", "when", "place", "kind", "status"]
    list_filter = ["status", "kind", "network_event", "series", "occasion"]
    list_select_related = ["country"]
    date_hierarchy = "starts_on"
    search_fields = ["title", "printed_title", "city", "venue", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = [
        "occasion",
        "series",
        "super_event",
        "times_of",
        "country",
        "topics",
        "sources",
    ]
    readonly_fields = [*PublishableAdmin.readonly_fields, "moment"]
    inlines = [
        HostInline,
        SegmentInline,
        AppearanceInline,
        ContextInline,
        StatusChangeInline,
        AttachmentInline,
    ]
    fieldsets = [
        (
            _("What"),
            {
                "fields": [
                    "title",
                    "slug",
                    ("title_kind", "language", "printed_title"),
                    ("kind", "access", "network_event"),
                    "summary",
                    "topics",
                ]
            },
        ),
        (
            _("When, on the clock of the place"),
            {
                "fields": [
                    ("starts_on", "starts_time", "zone"),
                    ("starts_precision", "starts_about"),
                    ("duration_minutes", "duration_about"),
                    ("second_zone", "second_printed_on", "second_printed_time"),
                    "moment",
                ]
            },
        ),
        (
            _("Its end, a repeated hour, one person's times"),
            {"classes": ["collapse"], "fields": [("ends_on", "ends_time"), "fold", "times_of"]},
        ),
        (_("Where"), {"fields": [("venue", "room"), ("city", "country"), "mode"]}),
        (
            _("Part of what"),
            {"fields": ["occasion", ("series", "series_number"), "super_event"]},
        ),
        (
            _("How it went: schedule, attendance, UN records, longer text"),
            {
                "classes": ["collapse"],
                "fields": [
                    "event_status",
                    ("people_present", "states_present", "present_qualifier"),
                    ("un_record", "un_press_release"),
                    "description",
                ],
            },
        ),
        sources_and_notes("sources", "confidence", "public_note", "note"),
        PUBLICATION,
    ]

    @admin.display(description=_("when, on the spot"), ordering="starts_utc")
    def when(self, event):
        if not event.has_clock_time:
            return event_day(event)
        local = clock(event.starts_utc, event.zone)
        return f"{local.date}, {local.time} ({local.name})"

    @admin.display(description=_("where"), ordering="city")
    def place(self, event):
        return ", ".join(str(name) for name in (event.city, event.country) if name)

    @admin.display(description=_("the same moment elsewhere"))
    def moment(self, event):
        """Say the moment in UTC and in the second zone; a script keeps it up to date."""
        return format_html('<span class="desk-moment" role="status">{}</span>', elsewhere(event))


def event_day(event) -> str:
    """Return the day as exactly as it is known, with the part of it if that is known."""
    day = day_text(event.starts_on, event.starts_precision)
    part = part_of_day(event.starts_precision)
    return f"{day}, {part}" if part else day


def elsewhere(event) -> str:
    """Return the start in UTC and in the second zone, each with its date, or nothing."""
    if not (event.pk and event.has_clock_time):
        return ""
    zones = dict.fromkeys(["UTC", event.second_zone or "Asia/Tokyo"])
    clocks = [clock(event.starts_utc, zone) for zone in zones]
    return " · ".join(f"{there.time} {there.zone}, {there.date}" for there in clocks)


@admin.register(Occasion)
class OccasionAdmin(DeskAdmin):
    form = OccasionForm
    list_display = ["name", "starts_on", "ends_on"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    popup_fields = ["name", "starts_on", "ends_on", "url"]


@admin.register(EventSeries)
class EventSeriesAdmin(DeskAdmin):
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    popup_fields = ["name"]
