"""The rows of search, kept in step with the record: what changed, who names it, write anew."""

from functools import cache

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from wpssite.base import plans, tally
from wpssite.base.edition import Change
from wpssite.base.language import in_language
from wpssite.base.models import SearchDocument, SearchFacet, StaleRecord, Tally
from wpssite.base.prepared import Prepared

from .catalogue import KINDS

CHUNK = 500  # records loaded and written at a time
KIND_OF = {kind.model: kind for kind in KINDS}


@cache
def owner_fields(model) -> list:
    """Return the fields through which a row is a part of a public record.

    A row belongs to what it is deleted with: the name of a state to the state, an appearance to
    its event. A record is part of none.
    """
    if model in KIND_OF:
        return []
    return [
        field
        for field in model._meta.concrete_fields
        if field.remote_field
        and field.remote_field.on_delete is models.CASCADE
        and field.related_model in KIND_OF
    ]


def mentions(model, keys) -> set[tuple[str, int]]:
    """Return (model, key) of the records that point at these rows, or own a row that does.

    One query for each relation, whatever the number of rows.
    """
    found = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and relation.is_relation) or relation.concrete:
            continue
        source, field = relation.related_model, relation.field
        if source._meta.auto_created or field in owner_fields(source):
            continue
        rows = source._base_manager.filter(**{f"{field.name}__in": keys}).order_by()
        if source in KIND_OF:
            found |= {(source._meta.label_lower, key) for key in rows.values_list("pk", flat=True)}
        for owner in owner_fields(source):
            label = owner.related_model._meta.label_lower
            found |= {(label, key) for key in rows.values_list(owner.attname, flat=True)}
    return found


first_due = Prepared(lambda: StaleRecord.objects.due().order_by()[:1])


def refresh():
    """Write the rows of all records that changed, or became public, since search last looked."""
    if not first_due():
        return
    with transaction.atomic():
        SearchDocument.objects.lock()
        touched = StaleRecord.objects.take()
        for label, keys in with_mentions(touched).items():
            kind = KIND_OF.get(apps.get_model(label))
            if kind:
                write(kind, sorted(keys))
    Tally.objects.fold()
    plans.keep_up()


def with_mentions(touched: dict[str, set[int]]) -> dict[str, set[int]]:
    """Return keys by model: the rows themselves, and the records that name them."""
    found = {label: set(keys) for label, keys in touched.items()}
    for label, keys in touched.items():
        for part in chunks(sorted(keys)):
            for owner, key in mentions(apps.get_model(label), part):
                found.setdefault(owner, set()).add(key)
    return found


def chunks(keys: list) -> list[list]:
    return [keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK)]


def write(kind, keys: list[int]):
    """Write the rows of these records of a kind anew; a record that is not public has none."""
    for part in chunks(keys):
        SearchFacet.objects.filter(document__kind=kind.name, document__record_id__in=part).delete()
        SearchDocument.objects.of_records(kind.name, part).only("pk").delete()
        StaleRecord.objects.scheduled(kind.model, part).delete()
        add(kind, kind.model.objects.published_or_scheduled().filter(pk__in=part).for_search())


def documents_of(kind, records) -> tuple[list, list]:
    """Return unsaved rows for these records, and (record, what it contributes) for each."""
    found = [(record, kind.search(record)) for record in records]
    documents = [
        SearchDocument(
            record_id=record.pk,
            public_from=record.published_at,
            path=record.get_absolute_url(),
            **findable.columns(kind.name),
        )
        for record, findable in found
    ]
    return documents, found


def add(kind, records):
    """Write rows for these records, which have none; look again when a scheduled one is due."""
    with in_language(settings.LANGUAGE_CODE):  # Whoever saves, the index is the same.
        documents, found = documents_of(kind, records)
    SearchDocument.objects.bulk_create(documents, batch_size=CHUNK)
    SearchFacet.objects.bulk_create(
        (
            SearchFacet(document=document, name=name, value=value, label=label)
            for document, (_record, findable) in zip(documents, found, strict=True)
            for name, value, label in findable.facets()
        ),
        batch_size=CHUNK,
    )
    now = timezone.now()
    StaleRecord.objects.bulk_create(
        StaleRecord(model=kind.model._meta.label_lower, record_id=record.pk, due_at=moment)
        for record, _findable in found
        if (moment := record.published_at) > now
    )


@transaction.atomic
def rebuild(say=lambda kind, number: None) -> int:
    """Write all rows anew, in one transaction. Return how many; `say` hears of each chunk.

    It begins an edition: what was found before has other keys now.
    """
    Change.objects.count_one()
    SearchDocument.objects.lock()
    for model in (SearchFacet, SearchDocument, StaleRecord):
        model.objects.all().only("pk").delete()
    for kind in KINDS:
        keys = list(kind.model.objects.published_or_scheduled().values_list("pk", flat=True))
        for part in chunks(sorted(keys)):
            add(kind, kind.model.objects.filter(pk__in=part).for_search())
            say(kind, len(part))
    tally.count_anew()
    plans.analyse()
    return SearchDocument.objects.count()
