"""Organisations of every kind."""

from datetime import date

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _

from wpssite.base.countries import country_name
from wpssite.base.paths import path_to
from wpssite.base.publishing import LINKED, Publishable, PublishableQuerySet
from wpssite.base.text import MOST_WORDS, FoldedField, fold

from .memberships import NETWORK, Membership
from .names import OrganisationName, closeness
from .sources import Source
from .topics import refuse_cycle

# By what a list of members may be ordered: the word in an address, the columns.
SORT_KEYS = {
    "name": [],
    "kind": ["kind"],
    "region": ["region", "subregion"],
    "since": [models.F("since").asc(nulls_last=True)],
}


class OrganisationQuerySet(PublishableQuerySet):
    def members_on(self, day: date, body: str = NETWORK):
        """Organisations known to be members of `body` on `day`; a constant number of queries."""
        memberships = Membership.objects.of(body).full().on(day)
        return self.filter(Exists(memberships.filter(organisation=OuterRef("pk"))))

    def states(self):
        return self.filter(kind=Organisation.Kind.STATE)

    def with_code(self):
        """Organisations that have a code of the UN's standard M49, and so a place on a map."""
        return self.exclude(m49="")

    def codes_of_countries(self) -> dict[str, str]:
        """Return the ISO 3166-1 alpha-2 code of each of these that has one, by its address."""
        return dict(self.exclude(iso_alpha2="").order_by().values_list("slug", "iso_alpha2"))

    def ever_members(self):
        """Organisations that are or were members of the Network."""
        return self.filter(Exists(Membership.objects.of().filter(organisation=OuterRef("pk"))))

    def for_list(self, day: date):
        """Load each organisation's membership of the Network on `day`, as `held`.

        `name_then` is what it was called on that day, when that was another name.
        """
        held = Membership.objects.of().on(day)
        return self.annotate(name_then=OrganisationName.objects.then("pk", day)).prefetch_related(
            models.Prefetch("memberships", held, to_attr="held")
        )

    def of_kind(self, kind: str):
        return self.filter(kind=kind)

    def in_region(self, region: str):
        return self.filter(region=region)

    def sorted_by(self, key: str, day: date):
        """Order a list of members by a key of SORT_KEYS; by name where that is equal."""
        held = Membership.objects.of().on(day).filter(organisation=OuterRef("pk"))
        members = self.annotate(since=models.Subquery(held.values("starts_on")[:1]))
        return members.order_by(*SORT_KEYS[key], "sort_name", "pk")

    def with_rows(self, relation: str, rows, name: str):
        """Load rows of a relation, narrowed to the QuerySet `rows`, as a list called `name`."""
        return self.prefetch_related(models.Prefetch(relation, rows, to_attr=name))

    def for_page(self):
        """Load what `network/member_detail.html` shows of the organisation itself."""
        memberships = Membership.objects.select_related("body").order_by("-starts_on", "pk")
        return self.select_related("parent").prefetch_related(
            "names", models.Prefetch("memberships", memberships), "sources"
        )

    def for_search(self):
        return self.select_related("parent").prefetch_related("names")

    def count_by_kind_and_region(self) -> dict[tuple[str, str], int]:
        """Return how many of these organisations there are of each kind in each region."""
        rows = self.order_by().values_list("kind", "region").annotate(models.Count("pk"))
        return {(kind, region): number for kind, region, number in rows}

    def named(self, words: str):
        """Organisations one of whose names, of any time or form, holds each of `words`."""
        found = self
        for word in fold(words).split()[:MOST_WORDS]:
            names = OrganisationName.objects.filter(
                organisation=OuterRef("pk"), folded__contains=word
            )
            found = found.filter(
                Q(sort_name__contains=word) | Q(abbreviation__icontains=word) | Exists(names)
            )
        return found

    def closest_first(self, words: str):
        """Put first what is called `words`, then what begins so; states before their ministries."""
        names = OrganisationName.objects.filter(organisation=OuterRef("pk"))
        abbreviated = Q(abbreviation__iexact=words.strip())
        fit = closeness(words, names, "sort_name", exactly=abbreviated)
        state_first = Case(When(kind=Organisation.Kind.STATE, then=0), default=1)
        return self.order_by(fit, state_first, "sort_name", "pk")


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

    linked = [*LINKED, "name", "abbreviation", "kind", "iso_alpha2", "m49", "region"]
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
        """The name in the language of the page, for states; others have one name."""
        return country_name(self.iso_alpha2, self.name)

    def get_absolute_url(self):
        return path_to("network:member_detail", self.slug)

    def clean(self):
        super().clean()
        refuse_cycle(self, "parent", _("An organisation cannot be part of itself."))

    def derive(self):
        self.sort_name = fold(self.name)
