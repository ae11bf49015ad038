"""What a statement consists of: for whom it was made, its points, its texts."""

from django.db import models
from django.db.models import OuterRef, Q
from django.utils.translation import gettext_lazy as _

from network.models import Organisation, OrganisationName
from network.models.sources import LanguageField
from wpssite.base.labels import Labelled
from wpssite.base.text import RichTextField

from .rows import OrderedQuerySet, RowsManager


class TextKind(models.TextChoices):
    VERBATIM = "verbatim", _("verbatim record")
    DELIVERED = "as-delivered", _("as delivered")
    CHECK = "check-against-delivery", _("check against delivery")
    NOTES = "notes", _("speaker's notes")
    SUMMARY = "summary", _("summary by a third party")
    OFFICIAL = "official-record", _("official record")
    UNKNOWN = "not-stated", _("not stated")


class StatementPartyQuerySet(models.QuerySet):
    def with_names_then(self):
        """Load the organisations, and as `name_then` what each was called on the day."""
        name = OrganisationName.objects.then("organisation", OuterRef("statement__date"))
        return self.select_related("organisation").annotate(name_then=name)

    def for_timeline(self):
        return self.select_related("statement__person", "statement__event")

    def get_by_natural_key(self, statement, organisation, relation):
        return self.get(
            statement__slug=statement, organisation__slug=organisation, relation=relation
        )


class StatementParty(Labelled, models.Model):
    """For whom a statement was made, who joined it, who aligned with it."""

    class Relation(models.TextChoices):
        FOR = "for", _("on behalf of")
        JOINS = "joins", _("joins")
        ALIGNS = "aligns", _("aligns with")

    statement = models.ForeignKey(
        "events.Statement", models.CASCADE, related_name="parties", verbose_name=_("statement")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="statement_parties", verbose_name=_("who")
    )
    relation = models.CharField(
        _("relation"), max_length=10, choices=Relation, default=Relation.FOR
    )
    printed_as = models.CharField(_("as printed"), max_length=200, blank=True)
    footnote = models.CharField(
        _("footnote mark and meaning"),
        max_length=200,
        blank=True,
        help_text=_("As printed: “* candidate country”."),
    )

    objects = RowsManager.from_queryset(StatementPartyQuerySet)()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("for whom")
        ordering = ["statement", "order", "pk"]
        indexes = [
            models.Index(fields=["organisation", "relation", "statement"], name="events_party_of")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "organisation", "relation"],
                name="events_statementparty_once",
                violation_error_message=_("This organisation is already listed so."),
            ),
        ]

    def __str__(self):
        return f"{self.get_relation_display()} {self.organisation}"

    def natural_key(self):
        return (*self.statement.natural_key(), *self.organisation.natural_key(), self.relation)

    natural_key.dependencies = ["events.statement"]


class Point(models.Model):
    """One thing that was said, paraphrased in our own words."""

    owner = "statement"
    statement = models.ForeignKey(
        "events.Statement", models.CASCADE, related_name="points", verbose_name=_("statement")
    )
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("point"), max_length=600, help_text=_("In our own words."))

    objects = OrderedQuerySet.as_manager()

    class Meta:
        verbose_name = _("point")
        verbose_name_plural = _("points")
        ordering = ["statement", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "order"],
                name="events_point_order_once",
                violation_error_message=_("Two points have the same order."),
            ),
        ]

    def __str__(self):
        return self.text

    def natural_key(self):
        return (*self.statement.natural_key(), self.order)

    natural_key.dependencies = ["events.statement"]


class StatementText(Labelled, models.Model):
    """One text of a statement: as prepared, as delivered, a translation."""

    class Origin(models.TextChoices):
        ORIGINAL = "original", _("original")
        OFFICIAL = "official", _("official translation")
        UNOFFICIAL = "unofficial", _("unofficial translation")

    owner = "statement"
    statement = models.ForeignKey(
        "events.Statement", models.CASCADE, related_name="texts", verbose_name=_("statement")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    language = LanguageField(_("language"), blank=False)
    kind = models.CharField(
        _("kind of text"),
        max_length=30,
        choices=TextKind,
        default=TextKind.UNKNOWN,
    )
    origin = models.CharField(
        _("original or translation"), max_length=12, choices=Origin, default=Origin.ORIGINAL
    )
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    url = models.URLField(_("web address"), max_length=500, blank=True)
    body = RichTextField(
        _("text"), help_text=_("Only where its owner lets us print it; otherwise link to it.")
    )

    objects = OrderedQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["statement", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "order"],
                name="events_statementtext_order_once",
                violation_error_message=_("Two texts have the same order."),
            ),
            models.CheckConstraint(
                condition=~Q(body="") | ~Q(url=""),
                name="events_statementtext_is_somewhere",
                violation_error_message=_("Give the text or the address where it stands."),
            ),
        ]

    def __str__(self):
        return f"{self.get_origin_display()} ({self.language})"

    def natural_key(self):
        return (*self.statement.natural_key(), self.order)

    natural_key.dependencies = ["events.statement"]
