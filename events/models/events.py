"""Events: when, where, by whom, as part of what."""

import contextlib

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from network.models import Organisation, Person, Source, Topic
from network.models.sources import LanguageField
from network.models.topics import refuse_cycle
from wpssite.base.moments import (
    REAL_DAYS,
    VAGUE,
    Fold,
    Precision,
    ZoneField,
    day_text,
    first_moment,
)
from wpssite.base.paths import path_to
from wpssite.base.publishing import LINKED, Confidence, Publishable
from wpssite.base.text import RichTextField

from .finding import INDEXES, EventQuerySet
from .occasions import EventSeries, Occasion
from .schedule import EventStatus
from .timing import check_times, last_moment_of

ONLY_A_STATE = _("The country of an event must be a state.")


class Event(Publishable):
    """A meeting held or backed by the Network, or one that its record needs (schema.org Event)."""

    class Kind(models.TextChoices):
        LAUNCH = "launch", _("launch")
        CAPITAL_LEVEL = "capital-level-meeting", _("capital-level meeting")
        INTER_REGIONAL = "inter-regional-meeting", _("inter-regional meeting")
        REGIONAL = "regional-conference", _("regional conference")
        THEMATIC = "thematic-meeting", _("thematic meeting")
        SIDE_EVENT = "high-level-side-event", _("high-level side event")
        MINISTERIAL = "ministerial-meeting", _("ministerial meeting")
        DEBRIEFING = "debriefing", _("debriefing")
        BRIEFING = "online-briefing", _("online briefing")
        CONFERENCE = "conference", _("conference")
        SYMPOSIUM = "symposium", _("symposium")
        COUNCIL_DEBATE = "council-debate", _("Security Council open debate")
        ARRIA = "arria-formula-meeting", _("Arria-formula meeting")
        RECEPTION = "reception", _("reception")
        COURTESY_CALL = "courtesy-call", _("courtesy call")
        DIALOGUE = "dialogue", _("dialogue")
        MEETING = "meeting", _("meeting")

    class TitleKind(models.TextChoices):
        OFFICIAL = "official", _("official title")
        THEME = "theme", _("official theme")
        DESCRIPTIVE = "descriptive", _("our words")

    class Access(models.TextChoices):
        PUBLIC = "public", _("open to the public")
        INVITATION = "invitation", _("by invitation")
        CLOSED = "closed", _("closed")
        PARTLY = "partly", _("partly open")

    class Mode(models.TextChoices):
        OFFLINE = "offline", _("in person")
        ONLINE = "online", _("online")
        MIXED = "mixed", _("in person and online")

    class Qualifier(models.TextChoices):
        EXACT = "exact", _("exactly")
        MORE = "more-than", _("more than")
        ABOUT = "about", _("about")

    title = models.CharField(_("title"), max_length=300)
    title_kind = models.CharField(
        _("the title is"), max_length=20, choices=TitleKind, default=TitleKind.OFFICIAL
    )
    printed_title = models.CharField(
        _("title as printed"),
        max_length=300,
        blank=True,
        help_text=_("Where a source prints it otherwise, misprints included."),
    )
    language = LanguageField(_("language of the title"), default="en")
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    network_event = models.BooleanField(
        _("event of the Network"),
        default=True,
        help_text=_("Untick for events the record needs that are not the Network's own."),
    )
    access = models.CharField(_("open to"), max_length=12, choices=Access, blank=True)
    occasion = models.ForeignKey(
        Occasion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("occasion"),
        help_text=_("What it took place beside."),
    )
    series = models.ForeignKey(
        EventSeries,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("series"),
    )
    series_number = models.PositiveSmallIntegerField(_("number in it"), null=True, blank=True)
    super_event = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sub_events",
        verbose_name=_("part of the event"),
    )
    summary = models.TextField(
        _("summary"), blank=True, help_text=_("Two or three sentences, in our own words.")
    )
    description = RichTextField(_("more"))

    starts_on = models.DateField(
        _("begins on"),
        validators=REAL_DAYS,
        help_text=_("Year or month only: enter the first day of it."),
    )
    starts_time = models.TimeField(
        _("at"), null=True, blank=True, help_text=_("On the clock of the place.")
    )
    starts_precision = models.CharField(
        _("known to the"), max_length=10, choices=Precision, default=Precision.MINUTE
    )
    starts_about = models.BooleanField(_("about"), default=False)
    ends_on = models.DateField(_("ends on"), validators=REAL_DAYS, null=True, blank=True)
    ends_time = models.TimeField(_("at"), null=True, blank=True)
    zone = ZoneField(
        _("time zone of the place"), help_text=_("Region/City, such as America/New_York.")
    )
    fold = models.PositiveSmallIntegerField(
        _("If the clock showed this time twice"), choices=Fold, null=True, blank=True
    )
    duration_minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    duration_about = models.BooleanField(_("about"), default=False)
    times_of = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("times are those of"),
        help_text=_("When a source gives only how long one person attended. Empty: the event's."),
    )
    second_zone = ZoneField(
        _("also shown in"),
        blank=True,
        help_text=_("A second zone for readers, such as the zone of the source: Asia/Tokyo."),
    )
    second_printed_on = models.DateField(
        _("date printed there"),
        null=True,
        blank=True,
        help_text=_("If the source prints the time of that zone too, as printed."),
    )
    second_printed_time = models.TimeField(_("time printed there"), null=True, blank=True)
    starts_utc = models.DateTimeField(_("starts (UTC)"), editable=False, db_index=True)
    ends_utc = models.DateTimeField(_("over at (UTC)"), editable=False, db_index=True)

    venue = models.CharField(_("venue"), max_length=200, blank=True)
    room = models.CharField(_("room"), max_length=100, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    country = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": Organisation.Kind.STATE},
        verbose_name=_("country"),
        error_messages={"invalid": ONLY_A_STATE},
    )
    mode = models.CharField(_("held"), max_length=10, choices=Mode, blank=True)
    event_status = models.CharField(
        _("went ahead"), max_length=20, choices=EventStatus, default=EventStatus.SCHEDULED
    )
    people_present = models.PositiveIntegerField(_("people present"), null=True, blank=True)
    states_present = models.PositiveIntegerField(_("states present"), null=True, blank=True)
    present_qualifier = models.CharField(
        _("qualifier"), max_length=10, choices=Qualifier, default=Qualifier.EXACT
    )
    un_record = models.CharField(
        _("UN record"), max_length=40, blank=True, help_text=_("Such as S/PV.7533.")
    )
    un_press_release = models.CharField(
        _("UN press release"), max_length=40, blank=True, help_text=_("Such as SC/12076.")
    )
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="events", verbose_name=_("topics")
    )
    sources = models.ManyToManyField(
        Source, blank=True, related_name="events", verbose_name=_("sources")
    )
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, blank=True)
    public_note = models.TextField(
        _("note for readers"), blank=True, help_text=_("Where sources disagree, and how.")
    )
    note = models.TextField(_("note for the desk"), blank=True, help_text=_("Never public."))

    linked = [*LINKED, "title", "starts_on", "starts_precision"]
    objects = EventQuerySet.as_manager()

    changes_at = (*Publishable.changes_at, "starts_utc", "ends_utc")

    tallied = ("starts_on", "starts_utc")

    class Meta(Publishable.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-starts_utc", "-pk"]
        indexes = INDEXES
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_utc__gte=F("starts_utc")),
                name="events_event_ends_after_start",
                violation_error_message=_("The event ends before it starts."),
            ),
            models.UniqueConstraint(
                fields=["series", "series_number"],
                name="events_event_once_in_series",
                violation_error_message=_("Another event has this number in the series."),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.starts_on.year if self.starts_on else '–'})"

    def get_absolute_url(self):
        return path_to("events:event_detail", self.starts_on.year, self.slug)

    def clean(self):
        super().clean()
        refuse_cycle(self, "super_event", _("An event cannot be part of itself."))
        check_times(self)

    def derive(self):
        """Work out the UTC bounds by which events are ordered and known to be over."""
        self.starts_utc = first_moment(
            self.starts_on, self.starts_time, self.zone, self.starts_precision, self.fold
        )
        self.ends_utc = max(last_moment_of(self), self.starts_utc)

    def full_clean(self, *args, **kwargs):
        """Derive before the constraints are checked: one of them looks at the derived ends."""
        if self.starts_on and self.zone:
            # An unknown zone or an impossible date: the fields say so themselves.
            with contextlib.suppress(ValueError, KeyError, OverflowError):
                self.derive()
        super().full_clean(*args, **kwargs)

    @property
    def has_clock_time(self) -> bool:
        return self.starts_precision == Precision.MINUTE and self.starts_time is not None

    @property
    def place(self) -> str:
        """The city, or that the event was held online; nothing where neither is known."""
        return gettext("online") if self.mode == self.Mode.ONLINE else self.city

    @property
    def has_a_day(self) -> bool:
        """The twin of `with_a_day()`, for an event already loaded."""
        return self.starts_precision not in VAGUE

    @property
    def start_text(self) -> str:
        """The first day in words, as exact as it is known."""
        return day_text(self.starts_on, self.starts_precision)

    @property
    def heading(self):
        """Under what a list shows the event: its year, or nothing while it is to come."""
        return self.starts_on.year if self.phase == "past" else None

    @property
    def phase(self) -> str:
        """`past`, `live` or `next`, by the clock; never stored."""
        now = timezone.now()
        if self.ends_utc < now:
            return "past"
        return "live" if self.starts_utc <= now else "next"
