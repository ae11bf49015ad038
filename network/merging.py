"""People entered twice: finding them, making one of two, and taking that back.

Everything that pointed at the duplicate points at the kept person afterwards: appearances,
statements, appointments, names, sources. Its name stays as another form of the name, its address
leads to the kept page. A revision of every record that changes is taken first; from it
`undo_merge` gives each of the two what was theirs, and leaves what was changed since.
"""

from collections import defaultdict
from contextlib import suppress

import reversion
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from reversion.models import Version

from wpssite.base.history import keep
from wpssite.base.models import OldAddress
from wpssite.base.text import fold

from .models import Appointment, Person, PersonName

BEFORE = "before merging "  # How the comment of a merge's revision begins; not translated.
JOINED = {"personname", "appointment"}  # Rows that both may have; one of two stays.


def likely_duplicates(people) -> list[list[Person]]:
    """Return groups of people who share a form of their name, whatever its order; two queries.

    "KAMIKAWA Yoko" and "Yoko Kamikawa" are the same words, and so are a name and the variant
    that a source printed for somebody else.
    """
    groups = defaultdict(dict)
    for person in people.prefetch_related("names"):
        for form in [person.name, *(name.text for name in person.names.all())]:
            words = " ".join(sorted(fold(form).split()))
            if words:
                groups[words][person.pk] = person
    found = {tuple(sorted(group)): list(group.values()) for group in groups.values()}
    return [group for group in found.values() if len(group) > 1]


def pointing_at(record):
    """Yield (model, field) for every foreign key that may point at a record, hidden ones too."""
    for relation in record._meta.get_fields(include_hidden=True):
        points_here = relation.auto_created and (relation.one_to_many or relation.one_to_one)
        if points_here and not relation.related_model._meta.auto_created:
            yield relation.related_model, relation.field


def rows_at(record) -> list:
    """Return every row that points at a record, each with the field that does."""
    return [
        (row, field)
        for model, field in pointing_at(record)
        for row in model._default_manager.filter(**{field.name: record})
    ]


def moving(duplicate, kept) -> set:
    """Return the rows that a merge would hand over: not what the kept person has already."""
    return {row for row, field in rows_at(duplicate) if not same_at(kept, row, field)}


def same_at(kept, row, field):
    """Return the kept person's own row with which a name or an appointment would be joined."""
    if row._meta.model_name not in JOINED:
        return None
    setattr(row, field.name, kept)  # It is not saved.
    rows = type(row)._default_manager
    with suppress(rows.model.DoesNotExist):
        return rows.get_by_natural_key(*row.natural_key())
    return None


def name_moves(duplicate, kept) -> bool:
    """Return whether the duplicate's name would become another name of the kept person."""
    own = kept.names.filter(text=duplicate.name, kind=PersonName.Kind.OWN)
    return duplicate.name != kept.name and not own.exists()


@transaction.atomic
def merge(duplicate: Person, kept: Person, user=None):
    """Make one person of two, delete `duplicate`, and return the revision taken before.

    Raises ValidationError when both are the same, when the public one of two would go, or when a
    rule stands in the way: an appointment or name that both have is joined, anything else that
    would stand twice is refused. The keys are locked, so that two editors do not merge crosswise.
    """
    both = Person.objects.select_for_update().in_bulk([duplicate.pk, kept.pk])
    if len(both) != 2:
        raise ValidationError(_("Choose two different people."))
    duplicate, kept = both[duplicate.pk], both[kept.pk]
    if duplicate.status == "published" and kept.status != "published":
        raise ValidationError(_("Keep the person who is published, or publish the other first."))
    before = take_revision(duplicate, kept, user)
    with reversion.create_revision():
        reversion.set_user(user)
        reversion.set_comment(_("Merged with %s") % duplicate)
        join(duplicate, kept)
        kept.save()
    return before


def take_revision(duplicate, kept, user):
    """Take the revision from which a merge can be undone; return it."""
    rows = [row for row, _field in rows_at(duplicate)]
    for row in [row for row in rows if isinstance(row, Appointment)]:
        rows += [other for other, _field in rows_at(row)]
    addresses = OldAddress.objects.leading_to(duplicate)
    keep([*rows, *addresses, duplicate, kept], f"{BEFORE}{duplicate} into {kept}", user)
    return Version.objects.get_for_object(duplicate).select_related("revision").first().revision


def join(duplicate, kept):
    """Give everything of `duplicate` to `kept`, and delete it."""
    for row, field in rows_at(duplicate):
        hand_over(row, field, kept)
    if duplicate.name != kept.name:
        PersonName.objects.get_or_create(person=kept, text=duplicate.name, kind=PersonName.Kind.OWN)
    kept.sources.add(*duplicate.sources.all())
    OldAddress.objects.hand_over(duplicate, kept)
    duplicate.delete()


def hand_over(row, field, kept):
    """Point one row at the kept person; drop it when the kept person has the same row."""
    row.refresh_from_db()  # An earlier step may have changed another of its fields.
    setattr(row, field.name, kept)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if row._meta.model_name not in JOINED:
            raise ValidationError(_("“%s” stands in the way.") % row) from error
        same = type(row)._default_manager.get_by_natural_key(*row.natural_key())
        for other, link in rows_at(row):
            setattr(other, link.name, same)
            other.save()
        if hasattr(row, "sources"):
            same.sources.add(*row.sources.all())
        row.delete()
