"""Every kind of public record, named once.

Sitemap, feeds, open data, search and the contract tests walk this table; a new kind is one line
here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

from events.feeds import event_entry, statement_entry
from events.formats import event_jsonld, statement_jsonld
from events.models import Event, Statement
from events.search import event_findable, statement_findable
from network.feeds import (
    document_entry,
    organisation_entry,
    person_entry,
    plan_entry,
    resolution_entry,
    topic_entry,
)
from network.formats import (
    document_jsonld,
    organisation_jsonld,
    person_jsonld,
    plan_jsonld,
    resolution_jsonld,
    topic_jsonld,
)
from network.models import ActionPlan, Document, Organisation, Person, Resolution, Topic
from network.search import (
    document_findable,
    organisation_findable,
    person_findable,
    plan_findable,
    resolution_findable,
    topic_findable,
)


@dataclass(frozen=True)
class Kind:
    name: str  # as in addresses
    model: type[Model]
    list_view: str  # the address of the list, as `reverse()` takes it
    jsonld: Callable  # record in, schema.org dictionary out
    entry: Callable  # record loaded with `for_feed()` in, entry of a feed out
    search: Callable  # record loaded with `for_search()` in, `Findable` out

    def published(self):
        return self.model.objects.published()


KINDS = [
    Kind("events", Event, "events:event_list", event_jsonld, event_entry, event_findable),
    Kind(
        "statements",
        Statement,
        "events:statement_list",
        statement_jsonld,
        statement_entry,
        statement_findable,
    ),
    Kind(
        "members",
        Organisation,
        "network:member_list",
        organisation_jsonld,
        organisation_entry,
        organisation_findable,
    ),
    Kind("people", Person, "network:person_list", person_jsonld, person_entry, person_findable),
    Kind("action-plans", ActionPlan, "network:plan_list", plan_jsonld, plan_entry, plan_findable),
    Kind(
        "resolutions",
        Resolution,
        "network:resolution_list",
        resolution_jsonld,
        resolution_entry,
        resolution_findable,
    ),
    Kind("topics", Topic, "network:topic_list", topic_jsonld, topic_entry, topic_findable),
    Kind(
        "documents",
        Document,
        "network:document_list",
        document_jsonld,
        document_entry,
        document_findable,
    ),
]
