"""Who may see a record: its status, and the two doors to public data."""

import uuid
from datetime import UTC, datetime

from django.db import models
from django.db.models import Q
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .labels import Labelled
from .prepared import now


class Status(models.TextChoices):
    DRAFT = "draft", _("draft")
    REVIEW = "review", _("in review")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


def published_now(through: str = "") -> Q:
    """Return the condition for public records; `through` is the path from rows that hang on one.

    `published_now("event")` picks the rows whose event is public.
    """
    path = f"{through}__" if through else ""
    return Q(**{f"{path}status": Status.PUBLISHED, f"{path}published_at__lte": now()})


# Sent by a kind of record with the `keys` of rows that were written without a save of their own.
written_in_bulk = Signal()


class PublishableQuerySet(models.QuerySet):
    """The two doors; there is no third."""

    def published(self):
        """Records for lists, feeds, search, exports, maps and counts."""
        return self.filter(published_now())

    def published_or_scheduled(self):
        """For what keeps the moment of publishing too and asks for it itself: the search index."""
        return self.filter(status=Status.PUBLISHED)

    def visible_to(self, user):
        """Records whose own page `user` may open: the published ones, all for the desk."""
        return self if self.seen_whole_by(user) else self.published()

    def showing(self, *names):
        """Load of the columns of these records only what a link needs, and `names`."""
        shown = {"id", *LINKED, *names}
        columns = [field.name for field in self.model._meta.concrete_fields]
        return self.defer(*(name for name in columns if name not in shown))

    def update(self, **values):
        """Change all these records at once, and say so: no record's own save is called."""
        keys = list(self.order_by().values_list("pk", flat=True))
        number = super().update(**values)
        written_in_bulk.send(self.model, keys=keys)
        return number

    update.alters_data = True

    def bulk_create(self, objs, *args, **kwargs):
        """Store new records at once, and say so."""
        records = super().bulk_create(objs, *args, **kwargs)
        written_in_bulk.send(self.model, keys=[record.pk for record in records])
        return records

    bulk_create.alters_data = True

    def at(self, slug: str):
        """Return a subquery for the key of the public record at an address: one row, or none."""
        return models.Subquery(self.published().filter(slug=slug).order_by().values("pk")[:1])

    def with_keys(self, keys):
        return self.filter(pk__in=keys)

    def withdrawn(self):
        """Records that were public once; their address says that they are gone."""
        return self.filter(status=Status.WITHDRAWN)

    def for_feed(self):
        """Load what an entry in a feed shows: the row alone, unless a subclass says more."""
        return self

    def newest_first(self):
        """By when the records became public, the latest first."""
        return self.order_by("-published_at", "-pk")

    def newest(self, count: int = 50):
        """The records that became public last, for feeds; the latest first."""
        return self.newest_first()[:count]

    def seen_whole_by(self, user) -> bool:
        """Whether `user` works on this kind of record at the desk."""
        options = self.model._meta
        return user.is_staff and user.has_perm(f"{options.app_label}.view_{options.model_name}")

    def get_by_natural_key(self, slug):
        return self.get(slug=slug)


LINKED = ["slug", "status", "published_at"]  # What any link to a record needs of it.


class Publishable(Labelled, models.Model):
    """A public record with an address of its own.

    Subclasses set `objects` to a `PublishableQuerySet`, write `get_absolute_url()`, put facts to
    be worked out on save into `derive()`, and may name in `linked` the columns that pages show
    where the record is merely linked (`prepared.py`).
    """

    slug = models.SlugField(
        _("address"),
        max_length=120,
        unique=True,
        help_text=_("The last part of the page's address: small letters, digits and hyphens."),
        error_messages={"unique": _("Another record already has this address.")},
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status, default=Status.DRAFT, db_index=True
    )
    published_at = models.DateTimeField(
        _("public from"),
        null=True,
        blank=True,
        db_index=True,
        help_text=_("UTC. Leave empty to publish at once; a time to come publishes by itself."),
    )
    withdrawn_note = models.CharField(
        _("why withdrawn"),
        max_length=300,
        blank=True,
        help_text=_("Shown to everyone at the old address. Name no person."),
    )
    change_note = models.CharField(
        _("correction"),
        max_length=300,
        blank=True,
        help_text=_("After a correction: what changed, for readers. Printed on the page."),
    )
    created_at = models.DateTimeField(_("entered"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)
    # What feeds and calendars know the record by; an address may change, this never does.
    uid = models.UUIDField(_("permanent identity"), default=uuid.uuid4, editable=False, unique=True)

    objects = PublishableQuerySet.as_manager()

    # Columns of moments at which pages change by themselves (see `edition.py`).
    changes_at = ("published_at",)

    class Meta:
        abstract = True
        default_permissions = ("add", "change", "delete", "view", "publish")
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="%(app_label)s_%(class)s_published_has_a_time",
                violation_error_message=_("A published record needs the time it became public."),
            ),
            models.CheckConstraint(
                condition=~Q(status="withdrawn") | ~Q(withdrawn_note=""),
                name="%(app_label)s_%(class)s_withdrawn_says_why",
                violation_error_message=_("Say why the record was withdrawn."),
            ),
        ]

    def save(self, *args, **kwargs):
        self.derive()
        super().save(*args, **kwargs)

    def natural_key(self):
        return (self.slug,)

    def clean(self):
        super().clean()
        if self.status == Status.PUBLISHED and self.published_at is None:
            self.published_at = timezone.now()

    def derive(self):
        """Work out stored facts from the others; nothing here unless a subclass has some."""

    def publish(self):
        """Make the record public now, or at its scheduled time, and save it.

        Raises ValidationError when the record breaks a rule of its model.
        """
        self.status = Status.PUBLISHED
        self.full_clean()
        self.save()

    def take_back(self):
        """Make the record a draft again, seen by the desk alone, and save it.

        Raises ValidationError when the record breaks a rule of its model.
        """
        self.status = Status.DRAFT
        self.full_clean()
        self.save()

    def touch(self):
        """Note that the record changed now, because a part of it did."""
        self.save(update_fields=["updated_at"])

    @property
    def is_public(self) -> bool:
        """The twin of `published()`, for a record already loaded."""
        since = self.published_at
        return self.status == "published" and since is not None and since <= datetime.now(UTC)


def public(record):
    """Return `record` when everyone may see it, else None: the door for followed relations."""
    return record if record is not None and record.is_public else None


class Confidence(models.TextChoices):
    """How well the sources bear a fact out."""

    HIGH = "high", _("high: read in a good source")
    MEDIUM = "medium", _("medium: read in one source, or sources differ in details")
    LOW = "low", _("low: indirect or doubtful")
