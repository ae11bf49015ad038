"""People entered twice: finding them, and making one of two.

Everything that pointed at the duplicate points at the kept person afterwards: appearances,
statements, appointments, names, sources. Its name stays as another form of the name, its address
leads to the kept page. One transaction; the desk takes a revision of every record that changed.
"""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wpssite.base.models import OldAddress
from wpssite.base.text import fold

from .models import Person, PersonName


def likely_duplicates(people) -> list[list[Person]]:
    """Return groups of people who share a form of their name, whatever its order; two queries.

    "KAMIKAWA Yoko" and "Yoko Kamikawa" are the same words, and so are a name and the variant
    that a source printed for somebody else.
    """
    groups = defaultdict(dict)
    for person in people.prefetch_related("names"):
        for form in [person.name, *(name.text for name in person.names.all())]:
            groups[" ".join(sorted(fold(form).split()))][person.pk] = person
    found = {tuple(sorted(group)): list(group.values()) for group in groups.values()}
    return [group for group in found.values() if len(group) > 1]


def pointing_at(person):
    """Yield (model, field) for every foreign key that may point at a person."""
    for relation in person._meta.related_objects:
        if not relation.many_to_many:
            yield relation.related_model, relation.field


@transaction.atomic
def merge(duplicate: Person, kept: Person) -> list:
    """Make one person of two and delete `duplicate`. Return the records that were changed.

    Raises ValidationError when both are the same, or when a rule stands in the way: an
    appointment or name that both have is joined, anything else that would stand twice is refused.
    """
    if duplicate.pk == kept.pk:
        raise ValidationError(_("Choose two different people."))
    changed = [kept]
    for model, field in pointing_at(duplicate):
        for row in model._default_manager.filter(**{field.name: duplicate}):
            changed += hand_over(row, field, kept)
    PersonName.objects.get_or_create(
        person=kept, text=duplicate.name, defaults={"kind": PersonName.Kind.OWN}
    )
    kept.sources.add(*duplicate.sources.all())
    OldAddress.objects.hand_over(duplicate, kept)
    duplicate.delete()
    return changed


def hand_over(row, field, kept) -> list:
    """Point one row at the kept person; drop it when the kept person has the same row."""
    setattr(row, field.name, kept)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if row._meta.model_name not in {"personname", "appointment"}:
            raise ValidationError(_("“%s” stands in the way.") % row) from error
        same = kept_twin(row)
        repoint_appearances(row, same)
        row.delete()
        return []
    return [row]


def kept_twin(row):
    """Return the kept person's row that has the same natural key as `row`."""
    return type(row)._default_manager.get_by_natural_key(*row.natural_key())


def repoint_appearances(row, same):
    """Let appearances that rest on an appointment rest on the one that is kept."""
    for relation in row._meta.related_objects:
        relation.related_model._default_manager.filter(**{relation.field.name: row}).update(
            **{relation.field.name: same}
        )
