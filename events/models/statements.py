"""Statements: who said what, in which role, for whom, in which texts."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import CharField, Exists, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from network.models import Document, Organisation, Person, Resolution, Source, Topic
from network.models.sources import LanguageField
from wpssite.base.moments import REAL_DAYS
from wpssite.base.publishing import Confidence, Publishable, PublishableQuerySet, public

from .appearances import Appearance
from .texts import StatementParty, TextKind


class StatementQuerySet(PublishableQuerySet):
    def for_cards(self):
        """Load what `includes/_statement_card.html` shows: speaker, event, for whom, points."""
        return self.select_related("person", "event").prefetch_related(
            Prefetch("parties", StatementParty.objects.with_names_then()), "points"
        )

    def for_feed(self):
        return self.for_cards()

    def for_page(self):
        """Load what `events/statement_detail.html` shows, in one query for each kind of row."""
        return self.select_related(
            "person", "event", "appearance", "delivered_by", "represents", "text_by"
        ).prefetch_related(
            Prefetch("parties", StatementParty.objects.with_names_then()),
            "points",
            "texts",
            Prefetch("topics", Topic.objects.published()),
            Prefetch("resolutions", Resolution.objects.published()),
            Prefetch("documents", Document.objects.published()),
            "sources",
        )

    def for_search(self):
        """Load what `events.search.statement_entry` reads."""
        return self.select_related(
            "person", "event", "delivered_by", "represents"
        ).prefetch_related(
            Prefetch("parties", StatementParty.objects.with_names_then()),
            "points",
            "texts",
            Prefetch("topics", Topic.objects.published()),
            Prefetch("resolutions", Resolution.objects.published()),
            Prefetch("documents", Document.objects.published().prefetch_related("symbols")),
        )

    def in_year(self, year: int):
        return self.filter(date__year=year)

    def by(self, slug: str):
        """Statements by a public person."""
        return self.filter(person__in=Person.objects.published().filter(slug=slug))

    def made_for(self, slug: str):
        """Statements on behalf of a public organisation."""
        return self.with_party(slug, StatementParty.Relation.FOR)

    def with_party(self, slug: str, *relations):
        """Statements that a public organisation is a party to, in one of these relations."""
        parties = StatementParty.objects.filter(
            organisation__in=Organisation.objects.published().filter(slug=slug),
            relation__in=relations,
        )
        return self.filter(Exists(parties.filter(statement=OuterRef("pk"))))

    def about(self, slug: str):
        """Statements about a public topic."""
        return self.filter(topics__in=Topic.objects.published().filter(slug=slug))

    def in_language(self, tag: str):
        return self.filter(language=tag)

    def with_text(self, kind: str):
        return self.filter(text_kind=kind)

    def narrowed(self, asked: dict):
        """Statements narrowed by what `events.filters.statement_filters` found in an address."""
        found = self.in_year(asked["year"]) if asked["year"] else self
        found = found.by(asked["speaker"]) if asked["speaker"] else found
        found = found.made_for(asked["for"]) if asked["for"] else found
        found = found.about(asked["topic"]) if asked["topic"] else found
        found = found.in_language(asked["language"]) if asked["language"] else found
        return found.with_text(asked["text"]) if asked["text"] else found

    def neighbours_of(self, statement):
        """Return the statements before and after this one at its event, or None for each.

        One query: the running order of the event's public statements.
        """
        if statement.event_id is None:
            return {"previous": None, "next": None}
        order = list(self.filter(event=statement.event_id).in_running_order())
        places = [row.pk for row in order]
        if statement.pk not in places:
            return {"previous": None, "next": None}
        place = places.index(statement.pk)
        return {
            "previous": order[place - 1] if place else None,
            "next": order[place + 1] if place + 1 < len(order) else None,
        }

    def filter_options(self):
        """What a reader can filter by, from these statements: (what, value, name), one query."""
        own = self.order_by()
        statements = own.values("pk")
        year = own.annotate(value=Cast("date__year", CharField()))
        for_whom = Organisation.objects.published().filter(
            statement_parties__statement__in=statements,
            statement_parties__relation=StatementParty.Relation.FOR,
        )
        topics = Topic.objects.published().filter(statements__in=statements)
        return year.values_list(Value("year"), "value", "value").union(
            own.exclude(language="").values_list(Value("language"), "language", "language"),
            for_whom.order_by().values_list(Value("for"), "slug", "name"),
            topics.order_by().values_list(Value("topic"), "slug", "name"),
        )

    def in_running_order(self):
        """Statements of an event in the order in which they were delivered."""
        return self.order_by("appearance__order", "date", "pk")


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

    objects = StatementQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        ordering = ["-date", "-pk"]
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
        return reverse("events:statement_detail", args=[self.slug])

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
