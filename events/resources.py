"""Columns of the table of events, in and out."""

from network.models import Organisation
from network.resources import CODES, Table
from wpssite.base.cells import record_field
from wpssite.base.resources import AddressedResource

from .models import Event


class EventResource(AddressedResource):
    country = record_field("country", Organisation, CODES)
    named_by = "title"
    needed = ["title", "kind", "starts_on", "zone"]

    class Meta(Table):
        model = Event
        import_id_fields = ["slug"]
        fields = [
            "slug", "title", "title_kind", "language", "kind", "network_event", "access",
            "summary", "starts_on", "starts_time", "starts_precision", "starts_about", "ends_on",
            "ends_time", "zone", "fold", "duration_minutes", "duration_about", "second_zone",
            "venue", "room", "city", "country", "mode", "event_status", "people_present",
            "states_present", "un_record", "un_press_release", "confidence", "public_note",
        ]  # fmt: skip
