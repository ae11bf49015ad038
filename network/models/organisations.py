"""Organisations of every kind, their names, and who belongs to which body since when."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from wpssite.base.periods import START_OR_UNKNOWN, Period, PeriodQuerySet
from wpssite.base.publishing import Confidence, Publishable, PublishableQuerySet
from wpssite.base.text import FoldedField, fold

from .sources import LanguageField, Source
from .topics import refuse_cycle

NETWORK = "wps-focal-points-network"  # The slug of the network itself, a body among others.
SECURITY_COUNCIL = "un-security-council"


class OrganisationQuerySet(PublishableQuerySet):
    def members_on(self, day: date, body: str = NETWORK):
        """Organisations known to be members of `body` on `day`; a constant number of queries."""
        memberships = Membership.objects.of(body).full().on(day)
        return self.filter(Exists(memberships.filter(organisation=OuterRef("pk"))))

    def states(self):
        return self.filter(kind=Organisation.Kind.STATE)

    def ever_members(self):
        """Organisations that are or were members of the Network."""
        return self.filter(Exists(Membership.objects.of().filter(organisation=OuterRef("pk"))))

    def for_list(self, day: date):
        """Load each organisation's membership of the Network on `day`, as `held`."""
        held = Membership.objects.of().on(day)
        return self.prefetch_related(models.Prefetch("memberships", held, to_attr="held"))

    def with_rows(self, relation: str, rows, name: str):
        """Load rows of a relation, narrowed to the QuerySet `rows`, as a list called `name`."""
        return self.prefetch_related(models.Prefetch(relation, rows, to_attr=name))

    def for_page(self):
        """Load what `network/member_detail.html` shows of the organisation itself."""
        memberships = Membership.objects.select_related("body").order_by("-starts_on", "pk")
        return self.select_related("parent").prefetch_related(
            "names", models.Prefetch("memberships", memberships), "sources"
        )

    def count_by_kind(self) -> dict[str, int]:
        """Return how many of these organisations there are of each kind, in one query."""
        rows = self.order_by().values_list("kind").annotate(models.Count("pk"))
        return dict(rows)

    def named(self, words: str):
        """Organisations one of whose names, of any time or form, holds each of `words`."""
        found = self
        for word in fold(words).split():
            names = OrganisationName.objects.filter(
                organisation=OuterRef("pk"), folded__contains=word
            )
            found = found.filter(
                Q(sort_name__contains=word) | Q(abbreviation__icontains=word) | Exists(names)
            )
        return found


class Organisation(Publishable):
    """A state, a regional organisation, a ministry, a group of states … (Popolo Organization)."""

    class Kind(models.TextChoices):
        STATE = "state", _("state")
        REGIONAL = "regional-organisation", _("regional organisation")
        UN_ENTITY = "un-entity", _("United Nations entity")
        MINISTRY = "ministry", _("ministry")
        MISSION = "mission", _("mission or embassy")
        FOUNDATION = "foundation", _("foundation")
        THINK_TANK = "think-tank", _("think tank")
        UNIVERSITY = "university", _("university")
        CIVIL_SOCIETY = "civil-society", _("civil society")
        STATE_GROUP = "group-of-states", _("group of states")
        PARLIAMENT_GROUP = "parliament-group", _("parliamentary group")
        INITIATIVE = "initiative", _("initiative")
        NETWORK = "network", _("network")
        OTHER = "other", _("other")

    class UNGroup(models.TextChoices):
        AFRICA = "african", _("African Group")
        ASIA_PACIFIC = "asia-pacific", _("Asia-Pacific Group")
        EASTERN_EUROPE = "eastern-european", _("Eastern European Group")
        GRULAC = "grulac", _("Latin American and Caribbean Group")
        WEOG = "weog", _("Western European and Others Group")
        WEOG_OBSERVER = "weog-observer", _("none; observer at the WEOG")

    name = models.CharField(
        _("name"),
        max_length=200,
        help_text=_("The present short name. Other and former names go below, with their dates."),
    )
    abbreviation = models.CharField(_("abbreviation"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=30, choices=Kind)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
        help_text=_("A ministry's state, an entity's organisation."),
    )
    iso_alpha2 = models.CharField(
        _("ISO 3166-1 alpha-2"),
        max_length=2,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2}$", _("Two capital letters."))],
    )
    iso_alpha3 = models.CharField(
        _("ISO 3166-1 alpha-3"),
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters."))],
    )
    m49 = models.CharField(
        _("UN M49"),
        max_length=3,
        blank=True,
        validators=[RegexValidator(r"^[0-9]{3}$", _("Three digits."))],
    )
    code_is_user_assigned = models.BooleanField(
        _("code is user-assigned"),
        default=False,
        help_text=_("The code is in use but not part of ISO 3166-1, such as XK."),
    )
    un_group = models.CharField(_("UN regional group"), max_length=20, choices=UNGroup, blank=True)
    region = models.CharField(_("region (M49)"), max_length=60, blank=True)
    subregion = models.CharField(_("subregion (M49)"), max_length=60, blank=True)
    known_size = models.PositiveIntegerField(
        _("known size"), null=True, blank=True, help_text=_("Of a group whose list is not known.")
    )
    known_size_on = models.DateField(_("size known on"), null=True, blank=True)
    website = models.URLField(_("website"), blank=True)
    summary = models.TextField(_("in a sentence"), blank=True)
    note = models.TextField(_("note for the desk"), blank=True, help_text=_("Never public."))
    sources = models.ManyToManyField(Source, blank=True, verbose_name=_("sources"))
    sort_name = FoldedField()

    objects = OrganisationQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_name", "pk"]
        constraints = [
            *Publishable.Meta.constraints,
            models.UniqueConstraint(
                fields=["iso_alpha2"],
                condition=~Q(iso_alpha2=""),
                name="network_organisation_one_per_iso_code",
                violation_error_message=_("Another organisation has this ISO code."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("network:member_detail", args=[self.slug])

    def clean(self):
        super().clean()
        refuse_cycle(self, "parent", _("An organisation cannot be part of itself."))

    def derive(self):
        self.sort_name = fold(self.name)


class OrganisationNameQuerySet(PeriodQuerySet):
    def get_by_natural_key(self, slug, text, form):
        return self.get(organisation__slug=slug, text=text, form=form)


class OrganisationName(Period):
    """Another name: official, former, in another language, or as a source misprinted it."""

    class Form(models.TextChoices):
        SHORT = "short", _("short name")
        OFFICIAL = "official", _("official name")
        FORMER = "former", _("former name")
        ABBREVIATION = "abbreviation", _("abbreviation")
        PRINTED = "printed", _("as a source printed it (only for finding)")

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="names", verbose_name=_("organisation")
    )
    text = models.CharField(_("name"), max_length=200)
    form = models.CharField(_("form"), max_length=20, choices=Form, default=Form.SHORT)
    language = LanguageField(_("language"))
    folded = FoldedField()

    objects = OrganisationNameQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("other name")
        verbose_name_plural = _("other names")
        ordering = ["organisation", "starts_on", "text", "pk"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                fields=["organisation", "text", "form"],
                name="network_organisationname_once",
                violation_error_message=_("This name is already listed."),
            ),
        ]

    def __str__(self):
        return self.text

    def save(self, *args, **kwargs):
        self.folded = fold(self.text)
        super().save(*args, **kwargs)

    def natural_key(self):
        return (*self.organisation.natural_key(), self.text, self.form)

    natural_key.dependencies = ["network.organisation"]


class MembershipQuerySet(PeriodQuerySet):
    def of(self, body: str = NETWORK):
        """Memberships of the body with this slug."""
        return self.filter(body__slug=body)

    def full(self):
        """Memberships that count: not those that lapsed or of which nothing certain is known."""
        return self.filter(status=Membership.Status.MEMBER)

    def get_by_natural_key(self, organisation, body, starts_on):
        return self.get(organisation__slug=organisation, body__slug=body, starts_on=starts_on)


class Membership(Period):
    """An organisation belongs to a body, from a first to a last day."""

    class Status(models.TextChoices):
        MEMBER = "member", _("member")
        INACTIVE = "inactive", _("inactive")
        LEFT = "left", _("left")
        UNKNOWN = "unknown", _("not known")

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("organisation")
    )
    body = models.ForeignKey(
        Organisation,
        models.PROTECT,
        related_name="members",
        verbose_name=_("body"),
        help_text=_("What it belongs to: the Network, the Security Council …"),
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status,
        default=Status.MEMBER,
        help_text=_("In this period. Someone who left keeps this row, with its last day."),
    )
    role = models.CharField(
        _("as"), max_length=100, blank=True, help_text=_("Such as “non-permanent member”.")
    )
    founding = models.BooleanField(_("founding member"), null=True, blank=True)
    last_seen = models.CharField(
        _("last seen"),
        max_length=10,
        blank=True,
        help_text=_("The last date at which a source names it as a member, such as 2023-06."),
    )
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, blank=True)
    note = models.TextField(_("note for the desk"), blank=True, help_text=_("Never public."))
    sources = models.ManyToManyField(Source, blank=True, verbose_name=_("sources"))

    objects = MembershipQuerySet.as_manager()

    class Meta(Period.Meta):
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["body", "organisation__sort_name", "starts_on", "pk"]
        constraints = [
            *Period.Meta.constraints,
            models.UniqueConstraint(
                "organisation",
                "body",
                START_OR_UNKNOWN,
                name="network_membership_once_a_day",
                violation_error_message=_("A membership of that body begins on that day already."),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} – {self.body}: {self.period_text}"

    def natural_key(self):
        return (
            *self.organisation.natural_key(),
            *self.body.natural_key(),
            self.starts_on and self.starts_on.isoformat(),
        )

    natural_key.dependencies = ["network.organisation"]

    def clean(self):
        super().clean()
        if self.organisation_id is None or self.body_id is None:
            return
        if self.organisation_id == self.body_id:
            raise ValidationError({"body": _("A body cannot be a member of itself.")})
        others = Membership.objects.filter(organisation=self.organisation, body=self.body)
        clash = others.exclude(pk=self.pk).overlapping(self.starts_on, self.ends_on).first()
        if clash:
            raise ValidationError(
                {"starts_on": _("This overlaps another membership: %s.") % clash.period_text}
            )
