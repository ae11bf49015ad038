"""Action plans: what members promised, for which years."""

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from wpssite.base.moments import DATE_PRECISIONS, Precision, day_text
from wpssite.base.paths import path_to
from wpssite.base.publishing import LINKED, Confidence, Publishable, PublishableQuerySet

from .organisations import Organisation
from .sources import Source
from .topics import refuse_cycle

YEAR = [MinValueValidator(1990), MaxValueValidator(2100)]


class ActionPlanQuerySet(PublishableQuerySet):
    def in_force_on(self, day: date):
        """Plans known to run on `day`: adopted, begun, not ended even with an extension.

        A plan without a known last year counts from its first year until one that supersedes
        it begins; a plan without a known first year is never counted.
        """
        return self.in_force_in(day.year)

    def in_force_in(self, year: int):
        """The same for any day of a year: of plans only years are known."""
        superseded = self.model.objects.published().filter(
            supersedes=models.OuterRef("pk"),
            stage=ActionPlan.Stage.ADOPTED,
            start_year__lte=year,
        )
        return self.annotate(last_year=Coalesce("extended_to", "end_year")).filter(
            Q(last_year__gte=year) | Q(last_year=None) & ~models.Exists(superseded),
            stage=ActionPlan.Stage.ADOPTED,
            start_year__lte=year,
        )

    def of(self, owner: int):
        """Plans of the organisation with this key."""
        return self.filter(owner=owner)

    def of_kind(self, kind: str):
        return self.filter(kind=kind)

    def of_region(self, region: str):
        """Plans whose owner lies in an M49 region."""
        return self.filter(owner__region=region)

    def states_with_one_by(self, day: date) -> int:
        """Return how many states had adopted any plan by `day`, as others count them."""
        begun = self.filter(
            stage=ActionPlan.Stage.ADOPTED, owner__kind="state", start_year__lte=day.year
        )
        return begun.aggregate(number=models.Count("owner", distinct=True))["number"]

    def count_of_ends(self) -> tuple[int, int]:
        """Return how many of these plans there are, and for how many no last year is known."""
        unknown = models.Count("pk", filter=Q(end_year=None, extended_to=None))
        counts = self.aggregate(total=models.Count("pk"), unknown=unknown)
        return counts["total"], counts["unknown"]

    def for_list(self):
        return self.select_related("owner")

    def for_feed(self):
        return self.for_list()

    def for_search(self):
        return self.select_related("owner")

    def for_page(self):
        """Load what `network/plan_detail.html` shows, the plans before and after it included."""
        later = models.Prefetch("superseded_by", ActionPlan.objects.published())
        return self.select_related("owner", "supersedes").prefetch_related(later, "sources")


class ActionPlan(Publishable):
    """A national or regional action plan, strategy or programme."""

    class Kind(models.TextChoices):
        NATIONAL = "national", _("national action plan")
        REGIONAL = "regional", _("regional action plan")
        STRATEGY = "strategy", _("strategy")
        FRAMEWORK = "framework", _("framework")
        POLICY = "policy", _("policy")
        PROGRAMME = "programme", _("programme")

    class Stage(models.TextChoices):
        ADOPTED = "adopted", _("adopted")
        DRAFT = "draft", _("in preparation")
        UNKNOWN = "unknown", _("not known")

    owner = models.ForeignKey(
        Organisation, models.PROTECT, related_name="action_plans", verbose_name=_("of")
    )
    title = models.CharField(
        _("title"), max_length=300, help_text=_("Official, or in our words if it has none.")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.NATIONAL)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.ADOPTED)
    generation = models.PositiveSmallIntegerField(
        _("generation"),
        null=True,
        blank=True,
        help_text=_("1 for a first plan. Empty: not known."),
    )
    start_year = models.PositiveSmallIntegerField(
        _("first year"), null=True, blank=True, validators=YEAR
    )
    end_year = models.PositiveSmallIntegerField(
        _("last year"),
        null=True,
        blank=True,
        validators=YEAR,
        help_text=_("As the plan says. Empty: none is stated, or not known."),
    )
    extended_to = models.PositiveSmallIntegerField(
        _("extended to"), null=True, blank=True, validators=YEAR
    )
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    adopted_precision = models.CharField(
        _("known to the"), max_length=10, choices=DATE_PRECISIONS, default=Precision.DAY
    )
    launched_on = models.DateField(_("launched on"), null=True, blank=True)
    launched_precision = models.CharField(
        _("known to the"), max_length=10, choices=DATE_PRECISIONS, default=Precision.DAY
    )
    instrument = models.CharField(_("legal instrument"), max_length=300, blank=True)
    supersedes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("supersedes"),
    )
    languages = models.CharField(
        _("languages"), max_length=100, blank=True, help_text=_("BCP 47, commas between: en, fr")
    )
    url = models.URLField(_("web address of the text"), max_length=500, blank=True)
    public_note = models.CharField(_("note for readers"), max_length=500, blank=True)
    note = models.TextField(_("note for the desk"), blank=True, help_text=_("Never public."))
    confidence = models.CharField(_("confidence"), max_length=10, choices=Confidence, blank=True)
    sources = models.ManyToManyField(Source, blank=True, verbose_name=_("sources"))

    linked = [*LINKED, "owner", "title", "start_year", "end_year"]
    objects = ActionPlanQuerySet.as_manager()

    class Meta(Publishable.Meta):
        verbose_name = _("action plan")
        verbose_name_plural = _("action plans")
        ordering = ["owner__sort_name", "start_year", "generation", "pk"]
        constraints = [
            *Publishable.Meta.constraints,
            models.CheckConstraint(
                condition=Q(start_year=None)
                | Q(end_year=None)
                | Q(end_year__gte=models.F("start_year")),
                name="network_actionplan_ends_after_start",
                violation_error_message=_("The last year is before the first year."),
            ),
            models.CheckConstraint(
                condition=Q(extended_to=None)
                | Q(end_year=None)
                | Q(extended_to__gte=models.F("end_year")),
                name="network_actionplan_extended_forwards",
                violation_error_message=_("An extension ends after the plan's last year."),
            ),
        ]

    def __str__(self):
        return f"{self.owner}: {self.title}"

    def get_absolute_url(self):
        return path_to("network:plan_detail", self.slug)

    def clean(self):
        super().clean()
        refuse_cycle(self, "supersedes", _("A plan cannot supersede itself."))

    @property
    def years_text(self) -> str:
        """The years in figures: “2019–2022, extended to 2024”, “from 2022”, or nothing."""
        if not self.start_year:
            return ""
        end = f"–{self.end_year}" if self.end_year else ""
        return f"{self.start_year}{end}"

    @property
    def adopted_text(self) -> str:
        return day_text(self.adopted_on, self.adopted_precision) if self.adopted_on else ""
