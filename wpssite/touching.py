"""Which rows changed: the one place that receives signals (docs/adr/0011).

A change counts the edition up, which every cache of pages is keyed by, and is noted for search in
the same transaction, so that nothing is lost whatever happens next; `indexing.refresh` works the
notes off after commit, or before the next search.
"""

from django.apps import apps
from django.db import connection, transaction
from django.db.models.signals import m2m_changed, post_save, pre_delete, pre_save

from wpssite.base.models import Change, OldAddress, Page, SearchDocument, SearchFacet, StaleRecord
from wpssite.base.publishing import written_in_bulk

from .catalogue import KINDS
from .indexing import mentions, owner_fields, refresh

DERIVED = {SearchDocument, SearchFacet, StaleRecord}


def watched_models() -> list:
    """Return the models that public pages are made of."""
    labels = dict.fromkeys(kind.model._meta.app_label for kind in KINDS)
    found = [model for label in labels for model in apps.get_app_config(label).get_models()]
    return [model for model in found if model not in DERIVED] + [Page, OldAddress]


def watch():
    """Receive what is written to the watched models; called once, when Django has started."""
    for model in watched_models():
        pre_save.connect(row_will_be_saved, sender=model)
        post_save.connect(row_saved, sender=model)
        pre_delete.connect(row_will_be_deleted, sender=model)
        written_in_bulk.connect(rows_written, sender=model)
        for field in model._meta.local_many_to_many:
            m2m_changed.connect(relation_changed, sender=field.remote_field.through)


def touched(*records):
    """Note that these records changed; for writes that send no signal, such as raw SQL."""
    note({reference for record in records for reference in [own(record), *owners_of(record)]})


def own(record) -> tuple[str, int]:
    return record._meta.label_lower, record.pk


def owners_of(row) -> list[tuple[str, int]]:
    """Return the records that a row is a part of, by what it holds in memory."""
    fields = owner_fields(type(row))
    found = [
        (field.related_model._meta.label_lower, getattr(row, field.attname)) for field in fields
    ]
    return [reference for reference in found if reference[1]]


def note(references: set[tuple[str, int]]):
    """Write down that rows changed, and look at them after commit."""
    if references:
        Change.objects.count_one()
    noted = StaleRecord.objects.note(sorted(references))
    if noted and all(entry[1] is not refresh for entry in connection.run_on_commit):
        transaction.on_commit(refresh, robust=True)


def row_will_be_saved(sender, instance, **kwargs):
    """A row may leave its record for another one: that one changes too."""
    fields = owner_fields(sender)
    if fields and instance.pk:
        names = [field.attname for field in fields]
        for keys in sender._base_manager.filter(pk=instance.pk).values_list(*names):
            before = sender(pk=instance.pk, **dict(zip(names, keys, strict=True)))
            note(set(owners_of(before)) - set(owners_of(instance)))


def row_saved(sender, instance, **kwargs):
    touched(instance)


def row_will_be_deleted(sender, instance, **kwargs):
    """Afterwards nobody knows which records named this one, so they are noted now."""
    touched(instance)
    note(mentions(sender, {instance.pk}))


def relation_changed(sender, instance, action, reverse, model, pk_set, **kwargs):
    touched(instance)
    if reverse and action == "pre_clear":
        note(mentions(type(instance), {instance.pk}))
    elif reverse:
        note({(model._meta.label_lower, key) for key in pk_set or ()})


def rows_written(sender, keys, **kwargs):
    note({(sender._meta.label_lower, key) for key in keys})
