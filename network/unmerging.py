"""Taking back that two people were made one: each gets what was theirs, later changes stay."""

import reversion
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from reversion.models import Revision, Version

from wpssite.base.models import OldAddress

from .merging import BEFORE, JOINED
from .models import Appointment, Person, PersonName

ALIKE = ["organisation_id", "role", "starts_on"]  # in both of two appointments that were joined


def merges(person=None):
    """Return the revisions taken before merges, the last first; those of one person if given."""
    found = Revision.objects.filter(comment__startswith=BEFORE).select_related("user")
    if person is not None:
        versions = Version.objects.get_for_object(person).values("revision")
        found = found.filter(pk__in=versions)
    return found.order_by("-pk")


def undoable(revisions) -> set[int]:
    """Return the keys of the merges that can be undone: one of their two people is gone."""
    stored = Version.objects.get_for_model(Person).filter(revision__in=[r.pk for r in revisions])
    pairs = list(stored.values_list("revision", "object_id"))
    here = {str(key) for key in Person.objects.in_bulk({int(key) for _r, key in pairs})}
    gone = [revision for revision, key in pairs if key not in here]
    left = [revision for revision, key in pairs if key in here]
    return {revision for revision in gone if gone.count(revision) == left.count(revision) == 1}


def undo_merge(revision, user=None) -> Person:
    """Undo the merge before which `revision` was taken; return the person who is back.

    Raises ValidationError when it is undone already, or something has taken their place since.
    """
    if revision.pk not in undoable([revision]):
        raise ValidationError(_("This merge is undone already, or both people are gone."))
    try:
        with transaction.atomic(), reversion.create_revision():
            reversion.set_user(user)
            reversion.set_comment(_("Undone: %s") % revision.comment)
            person = give_back(Stored(revision))
            connection.check_constraints()
    except IntegrityError as error:
        raise ValidationError(
            _("It cannot be undone: an address, a name or a row of theirs is taken.")
        ) from error
    return person


class Stored:
    """What a merge's revision holds, sorted by what became of it."""

    def __init__(self, revision):
        versions = list(revision.version_set.all())
        self.of = {}
        for version in versions:
            self.of.setdefault(version._model, []).append(version)
        people = Person.objects.in_bulk([v.object_id for v in self.of[Person]])
        (self.kept,) = people.values()
        (self.gone,) = [v for v in self.of[Person] if int(v.object_id) not in people]
        self.gone_pk = int(self.gone.object_id)
        (self.before,) = [v for v in self.of[Person] if v is not self.gone]
        self.joined = [
            v for v in versions if v._model._meta.model_name in JOINED and self.is_lost(v)
        ]

    def is_lost(self, version) -> bool:
        """Whether a row of the person who is gone went with them: the kept one had it too."""
        if version.field_dict["person_id"] != self.gone_pk:
            return False
        return not version._model._default_manager.filter(pk=version.object_id).exists()


def give_back(stored) -> Person:
    """Bring back the person who is gone and give them what was theirs."""
    came = list(sources_that_came(stored))
    for version in [stored.gone, *stored.joined, *stored.of.get(OldAddress, [])]:
        version.revert()
    person = Person.objects.get(pk=stored.gone_pk)
    for version in [v for versions in stored.of.values() for v in versions]:
        point_back(version, stored)
    own = PersonName.objects.filter(person=stored.kept, text=person.name, kind=PersonName.Kind.OWN)
    own.exclude(pk__in=[v.object_id for v in stored.of.get(PersonName, [])]).delete()
    for record, sources in came:
        record.sources.remove(*sources)
    OldAddress.objects.leading_to(stored.kept).filter(slug=person.slug).delete()
    reversion.add_to_revision(person)
    stored.kept.save()
    return person


def point_back(version, stored):
    """Let the links of a row that led to what the merge removed lead there again."""
    appointments = {int(v.object_id) for v in stored.joined if v._model is Appointment}
    row = version._model._default_manager.filter(pk=version.object_id).first()
    links = [field for field in version._model._meta.fields if field.many_to_one]
    changed = False
    for field in links if row else []:
        then, now = version.field_dict[field.attname], getattr(row, field.name)
        person = field.related_model is Person and then == stored.gone_pk and now == stored.kept
        office = field.related_model is Appointment and then in appointments and now
        if person or (office and now.person_id == stored.kept.pk):
            setattr(row, field.attname, then)
            changed = True
    if changed:
        row.save()


def sources_that_came(stored):
    """Yield the kept person and offices, with the sources that came from what was merged.

    Asked before anything is brought back: a version forgets its links to many when it is.
    """
    pairs = [(stored.before, stored.gone)]
    offices = stored.of.get(Appointment, [])
    for lost in [version for version in stored.joined if version._model is Appointment]:
        same = [v for v in offices if v not in stored.joined and alike(v, lost)]
        pairs += [(v, lost) for v in same if v.field_dict["person_id"] == stored.kept.pk]
    for before, lost in pairs:
        record = before._model._default_manager.filter(pk=before.object_id).first()
        if record:
            yield record, set(lost.field_dict["sources"]) - set(before.field_dict["sources"])


def alike(one, other) -> bool:
    return all(one.field_dict[name] == other.field_dict[name] for name in ALIKE)
