"""Who appeared at an event, in which role on the day."""

from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _

from network.models import Appointment, Organisation, OrganisationName, Person
from wpssite.base.labels import Labelled
from wpssite.base.publishing import public

from .rows import OrderedQuerySet, RowsManager


class AppearanceQuerySet(OrderedQuerySet):
    def with_names_then(self):
        """Add as `name_then` what each organisation was called on the day."""
        name = OrganisationName.objects.then("organisation", OuterRef("event__starts_on"))
        return self.annotate(name_then=name)

    def for_timeline(self):
        return self.with_names_then().select_related("event", "organisation")


class Appearance(Labelled, models.Model):
    """Someone's part in an event, as it was on the day.

    Role and name stay as the source printed them, beside the links to the right records; a later
    appointment never changes them.
    """

    class Kind(models.TextChoices):
        OPENING = "opening", _("opening remarks")
        CLOSING = "closing", _("closing remarks")
        KEYNOTE = "keynote", _("keynote")
        ADDRESS = "address", _("address")
        NATIONAL = "national", _("national statement")
        STATEMENT = "statement", _("statement")
        PANEL = "panel", _("panel")
        MODERATION = "moderation", _("moderation")
        BRIEFING = "briefing", _("briefing")
        CHAIR = "chair", _("chair")
        MESSAGE = "message", _("message")
        READING = "reading", _("reading")
        REMARKS = "remarks", _("remarks")
        ATTENDANCE = "attendance", _("attendance")

    class Mode(models.TextChoices):
        IN_PERSON = "in-person", _("in person")
        ONLINE = "online", _("online")
        VIDEO = "video", _("by video")
        READ_BY_ANOTHER = "read-by-another", _("read by another")
        WRITTEN = "written", _("in writing")

    class Presence(models.TextChoices):
        INVITED = "invited", _("invited")
        UNCONFIRMED = "to-be-confirmed", _("to be confirmed")
        CONFIRMED = "confirmed", _("announced")
        DELIVERED = "delivered", _("took part")
        ABSENT = "absent", _("absent")
        REPRESENTED = "represented", _("represented by another")

    class Capacity(models.TextChoices):
        NATIONAL = "national", _("for the nation")
        CO_CHAIR = "co-chair", _("as co-chair")
        BOTH = "co-chair-and-national", _("as co-chair and for the nation")
        PRESIDENCY = "presidency", _("as Council presidency")
        GROUP = "group", _("for a group")
        ORGANISATION = "organisation", _("for the organisation")
        PERSONAL = "personal", _("in a personal capacity")

    owner = "event"
    event = models.ForeignKey(
        "events.Event", models.CASCADE, related_name="appearances", verbose_name=_("event")
    )
    order = models.PositiveSmallIntegerField(
        _("order"), help_text=_("Running order through the whole event.")
    )
    segment = models.ForeignKey(
        "events.Segment",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appearances",
        verbose_name=_("programme item"),
    )
    kind = models.CharField(_("part"), max_length=20, choices=Kind)
    order_is_known = models.BooleanField(
        _("order is from the source"),
        default=True,
        help_text=_("Untick when the source does not say who spoke first."),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appearances",
        verbose_name=_("person"),
    )
    unnamed_as = models.CharField(
        _("if unnamed"),
        max_length=100,
        blank=True,
        help_text=_("What the source calls someone it does not name: moderator."),
    )
    printed_name = models.CharField(
        _("name as printed"),
        max_length=200,
        blank=True,
        help_text=_("Where the source spells it otherwise. Never corrected."),
    )
    role_printed = models.CharField(
        _("role on the day"),
        max_length=200,
        blank=True,
        help_text=_("As the source gives it. A later change of office does not alter it."),
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appearances",
        verbose_name=_("for"),
    )
    appointment = models.ForeignKey(
        Appointment,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appearances",
        verbose_name=_("appointment"),
        help_text=_("The dated office this role rests on."),
    )
    capacity = models.CharField(_("capacity"), max_length=30, choices=Capacity, blank=True)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode, blank=True)
    presence = models.CharField(
        _("took part"), max_length=20, choices=Presence, default=Presence.DELIVERED
    )
    delivered_by = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="readings",
        verbose_name=_("read by"),
    )
    represents = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="represented_in",
        verbose_name=_("in place of"),
    )
    remark = models.CharField(
        _("quoted words or remark"),
        max_length=300,
        blank=True,
        help_text=_("A short quotation, without quotation marks."),
    )
    remark_about = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("said about"),
    )
    public_note = models.CharField(_("note for readers"), max_length=300, blank=True)

    objects = RowsManager.from_queryset(AppearanceQuerySet)()

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering = ["event", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "order"],
                name="events_appearance_order_once",
                violation_error_message=_("Two appearances have the same order."),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(unnamed_as="") | ~Q(printed_name=""),
                name="events_appearance_by_somebody",
                violation_error_message=_(
                    "Say who appeared: choose a person, or write what the source calls them."
                ),
            ),
        ]

    def __str__(self):
        # For the desk, which names drafts too; pages print `who`.
        name = self.person or self.printed_name or self.unnamed_as
        return f"{name} ({self.get_kind_display()})"

    def natural_key(self):
        return (*self.event.natural_key(), self.order)

    natural_key.dependencies = ["events.event"]

    @property
    def details(self) -> str:
        """Capacity, mode and presence in words, as far as they say something."""
        words = [self.get_capacity_display(), self.get_mode_display()]
        if self.presence != self.Presence.DELIVERED:
            words.append(self.get_presence_display())
        return " · ".join(str(word) for word in words if word)

    @property
    def who(self) -> str:
        """The right name if the person is public, else what the source calls them."""
        person = public(self.person) if self.person_id else None
        return person.name if person else self.printed_name or self.unnamed_as
