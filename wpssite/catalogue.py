"""Every kind of public record, named once.

Sitemap, open data, search and the contract tests walk this table; a new kind is one line here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model

from events import formats as event_formats
from events.models import Event, Statement
from network import formats as network_formats
from network.models import ActionPlan, Document, Organisation, Person, Resolution, Topic


@dataclass(frozen=True)
class Kind:
    name: str  # as in addresses
    model: type[Model]
    list_view: str  # the address of the list, as `reverse()` takes it
    jsonld: Callable  # record in, schema.org dictionary out

    def published(self):
        return self.model.objects.published()


KINDS = [
    Kind("events", Event, "events:event_list", event_formats.event_jsonld),
    Kind("statements", Statement, "events:statement_list", event_formats.statement_jsonld),
    Kind("members", Organisation, "network:member_list", network_formats.organisation_jsonld),
    Kind("people", Person, "network:person_list", network_formats.person_jsonld),
    Kind("action-plans", ActionPlan, "network:plan_list", network_formats.plan_jsonld),
    Kind("resolutions", Resolution, "network:resolution_list", network_formats.resolution_jsonld),
    Kind("topics", Topic, "network:topic_list", network_formats.topic_jsonld),
    Kind("documents", Document, "network:document_list", network_formats.document_jsonld),
]
