"""Statements: who said what, in which role, for whom, in which texts."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from network.models import Document, Organisation, Person, Resolution, Source, Topic
from network.models.sources import LanguageField
from wpssite.base.moments import REAL_DAYS
from wpssite.base.paths import path_to
from wpssite.base.publishing import Confidence, Publishable, public

from .appearances import Appearance
from .rows import RowsManager
from .saying import StatementQuerySet
from .texts import TextKind


class Statement(Publishable):
    """What somebody said, wrote or had read, on a day (schema.org CreativeWork)."""

    class Kind(models.TextChoices):
        STATEMENT = "statement", _("statement")
        NATIONAL = "national", _("national statement")
        JOINT = "joint", _("joint statement")
        OPENING = "opening", _("opening remarks")
        KEYNOTE = "keynote", _("keynote")
        REMARKS = "remarks", _("remarks")
        MESSAGE = "message", _("message")
        BRIEFING = "briefing", _("briefing")

    title = models.CharField(_("title"), max_length=300)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.STATEMENT)
    event = models.ForeignKey(
        "events.Event",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("at the event"),
    )
    appearance = models.OneToOneField(
        Appearance,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="statement",
        verbose_name=_("appearance"),
        help_text=_("The speaker's place in the programme. Fills in what is left empty below."),
    )
    occasion_text = models.CharField(
        _("or on the occasion of"),
        max_length=300,
        blank=True,
        help_text=_("When the event has no record of its own."),
    )
    date = models.DateField(
        _("date"),
        validators=REAL_DAYS,
        blank=True,
        help_text=_("On the calendar of the place. Empty: the event's."),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements",
        verbose_name=_("speaker"),
    )
    printed_name = models.CharField(_("name as printed"), max_length=200, blank=True)
    role_printed = models.CharField(
        _("role on the day"),
        max_length=200,
        blank=True,
        help_text=_("Empty: as in the appearance."),
    )
    delivered_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statements_read",
        verbose_name=_("read by"),
    )
    represents = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("in place of"),
    )
    mode = models.CharField(_("mode"), max_length=20, choices=Appearance.Mode, blank=True)
    language = LanguageField(
        _("language of delivery"), help_text=_("BCP 47: en, ja. Empty: not known.")
    )
    text_kind = models.CharField(
        _("what we have"), max_length=30, choices=TextKind, default=TextKind.UNKNOWN
    )
    text_by = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("summarised or published by"),
    )
    summary = models.TextField(_("in a sentence"), blank=True)
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="statements", verbose_name=_("topics")
    )
    resolutions = models.ManyToManyField(
        Resolution, blank=True, related_name="statements", verbose_name=_("resolutions cited")
    )
    documents = models.ManyToManyField(
        Document, blank=True, related_name="statements", verbose_name=_("documents cited")
    )
    sources = models.ManyToManyField(
        Source, blank=True, related_name="statements", verbose_name=_("sources")
    )
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, blank=True)
    public_note = models.TextField(_("note for readers"), blank=True)
    note = models.TextField(_("note for the desk"), blank=True, help_text=_("Never public."))

    objects = RowsManager.from_queryset(StatementQuerySet)()

    tallied = ("date", "date")

    class Meta(Publishable.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-date", "-pk"]
        indexes = [
            models.Index(
                fields=["status", "published_at", "id"], name="events_statement_as_published"
            ),
            models.Index(
                fields=["status", "date", "id", "published_at"], name="events_statement_in_order"
            ),
            models.Index(
                fields=["person", "status", "date", "id"], name="events_statement_by_person"
            ),
            models.Index(
                fields=["status", "language", "date", "id", "published_at"],
                name="events_statement_by_language",
            ),
            models.Index(
                fields=["status", "text_kind", "date", "id", "published_at"],
                name="events_statement_by_text",
            ),
        ]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(printed_name=""),
                name="events_statement_by_somebody",
                violation_error_message=_("Say who spoke: choose a person or write the name."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return path_to("events:statement_detail", self.slug)

    def clean(self):
        super().clean()
        if self.slug == "feed":
            raise ValidationError({"slug": _("The feed of all statements has this address.")})
        if self.appearance_id:
            self.clean_appearance()
        if self.date is None and self.event_id:
            self.date = self.event.starts_on
        if self.date is None:
            raise ValidationError({"date": _("Enter the date, or choose the event.")})

    def clean_appearance(self):
        """Take from the appearance what is left empty; refuse what contradicts it."""
        appearance = self.appearance
        if self.event_id and self.event_id != appearance.event_id:
            raise ValidationError({"appearance": _("This appearance is at another event.")})
        if self.person_id and appearance.person_id and self.person_id != appearance.person_id:
            raise ValidationError({"person": _("The appearance is by %s.") % appearance.person})
        self.event = appearance.event
        self.person = self.person or appearance.person
        self.printed_name = self.printed_name or appearance.printed_name
        self.role_printed = self.role_printed or appearance.role_printed
        self.mode = self.mode or appearance.mode

    @property
    def who(self) -> str:
        """The right name if the person is public, else what the source calls them."""
        person = public(self.person) if self.person_id else None
        return person.name if person else self.printed_name
