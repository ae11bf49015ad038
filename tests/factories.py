"""Makers of records: arguments are fields, defaults are valid and public for an hour."""

from datetime import date, time, timedelta
from itertools import count

from django.core.exceptions import ValidationError
from django.utils import timezone

from events.models import (
    Appearance,
    Event,
    EventContext,
    EventSeries,
    Occasion,
    Participation,
    Point,
    Segment,
    Statement,
    StatementParty,
    StatementText,
)
from network.models import (
    ActionPlan,
    Appointment,
    ChairHolder,
    ChairTerm,
    Claim,
    Document,
    DocumentSignatory,
    DocumentSymbol,
    FocalPoint,
    Membership,
    Organisation,
    OrganisationName,
    Person,
    PersonName,
    Post,
    Resolution,
    Source,
    Topic,
)
from network.models.organisations import NETWORK
from wpssite.base.models import User
from wpssite.base.publishing import Status

numbers = count(1)

# The states in which nobody outside the desk may see a record; fields for any maker of a kind.
HIDDEN = [
    {"status": Status.DRAFT, "published_at": None},
    {"status": Status.REVIEW, "published_at": None},
    {"status": Status.PUBLISHED, "published_at": timezone.now() + timedelta(days=1)},
    {"status": Status.WITHDRAWN, "withdrawn_note": "The source took it back."},
]
HIDDEN_IDS = ["draft", "review", "scheduled", "withdrawn"]


def public(word: str) -> dict:
    """Fields of a record that is public, with an address nobody else has."""
    return {
        "slug": f"{word}-{next(numbers)}",
        "status": Status.PUBLISHED,
        "published_at": timezone.now() - timedelta(hours=1),
    }


def errors_of(record) -> dict:
    """Return what the model refuses in `record`: the sentences by field, none if it is valid."""
    try:
        record.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def with_many(record, **relations):
    """Set the many-to-many fields of `record`, those that are given."""
    for name, rows in relations.items():
        getattr(record, name).set(rows)
    return record


def make_user(**fields):
    fields = {"username": f"user-{next(numbers)}"} | fields
    return User.objects.create_user(**fields)


def make_editor(**fields):
    """An account that works at the desk on everything."""
    return make_user(**{"is_staff": True, "is_superuser": True} | fields)


def make_source(**fields):
    number = next(numbers)
    fields = {"url": f"https://source.example/{number}", "publisher": f"Ministry {number}"} | fields
    return Source.objects.create(**fields)


def make_topic(**fields):
    address = public("topic")
    return Topic.objects.create(**address | {"name": address["slug"].capitalize()} | fields)


def make_organisation(*, sources=(), **fields):
    address = public("organisation")
    defaults = {"name": address["slug"].capitalize(), "kind": Organisation.Kind.OTHER}
    return with_many(Organisation.objects.create(**address | defaults | fields), sources=sources)


def make_state(**fields):
    address = public("state")
    defaults = {"name": address["slug"].capitalize(), "kind": Organisation.Kind.STATE}
    return make_organisation(**address | defaults | fields)


def the_network():
    """The body of which members are members; made when it is first asked for."""
    found = Organisation.objects.filter(slug=NETWORK).first()
    return found or make_organisation(
        slug=NETWORK, name="WPS Focal Points Network", kind=Organisation.Kind.NETWORK
    )


def make_membership(organisation=None, body=None, **fields):
    return Membership.objects.create(
        organisation=organisation or make_state(),
        body=body or the_network(),
        **{"starts_on": date(2017, 4, 26)} | fields,
    )


def make_member(*, starts_on=date(2017, 4, 26), ends_on=None, **fields):
    """A state with a membership in the Network between these days; other fields are its own."""
    state = make_state(**fields)
    make_membership(state, starts_on=starts_on, ends_on=ends_on)
    return state


def make_name(organisation=None, **fields):
    fields = {"text": f"Name {next(numbers)}"} | fields
    return OrganisationName.objects.create(
        organisation=organisation or make_organisation(), **fields
    )


def make_person(*, sources=(), **fields):
    address = public("person")
    defaults = {"name": address["slug"].capitalize()}
    return with_many(Person.objects.create(**address | defaults | fields), sources=sources)


def make_person_name(person=None, **fields):
    fields = {"text": f"Name {next(numbers)}"} | fields
    return PersonName.objects.create(person=person or make_person(), **fields)


def make_post(organisation=None, **fields):
    fields = {"title": f"Post {next(numbers)}"} | fields
    return Post.objects.create(organisation=organisation or make_state(), **fields)


def make_appointment(person=None, organisation=None, **fields):
    fields = {"role": "Minister for Foreign Affairs", "starts_on": date(2020, 1, 1)} | fields
    return Appointment.objects.create(
        person=person or make_person(), organisation=organisation or make_state(), **fields
    )


def make_focal_point(organisation=None, **fields):
    fields = {"office": f"Office {next(numbers)}", "starts_on": date(2020, 1, 1)} | fields
    return FocalPoint.objects.create(organisation=organisation or make_member(), **fields)


def make_claim(**fields):
    fields = {"subject": Claim.Subject.MEMBERS, "as_of": date(2024, 1, 1), "value": 100} | fields
    return Claim.objects.create(**{"source": fields.pop("source", None) or make_source()} | fields)


def make_chair_term(*holders, **fields):
    """A term of one calendar year, each time the next one, held by these organisations."""
    last = ChairTerm.objects.order_by("starts_on").last()
    year = last.starts_on.year + 1 if last else 2017
    defaults = {"starts_on": date(year, 1, 1), "status": ChairTerm.Status.CONFIRMED}
    defaults["ends_on"] = fields.get("starts_on", defaults["starts_on"]).replace(month=12, day=31)
    term = ChairTerm.objects.create(**defaults | fields)
    for order, organisation in enumerate(holders, start=1):
        ChairHolder.objects.create(term=term, organisation=organisation, order=order)
    return term


def make_plan(*, sources=(), **fields):
    address = public("plan")
    owner = fields.pop("owner", None) or make_state()
    defaults = {"title": address["slug"].capitalize(), "start_year": 2020, "end_year": 2030}
    plan = ActionPlan.objects.create(owner=owner, **address | defaults | fields)
    return with_many(plan, sources=sources)


def make_resolution(*, topics=(), sources=(), **fields):
    address = public("resolution")
    number = 3000 + next(numbers)
    defaults = {
        "symbol": f"S/RES/{number} (2000)",
        "number": number,
        "subject": "Women in the work for peace",
        "decided_on": date(2000, 10, 31),
    }
    resolution = Resolution.objects.create(**address | defaults | fields)
    return with_many(resolution, topics=topics, sources=sources)


def make_document(*symbols, signatories=(), sources=(), **fields):
    """A document with these symbols (one of its own if none), signed by these organisations."""
    address = public("document")
    defaults = {"title": address["slug"].capitalize(), "circulated_on": date(2020, 12, 30)}
    document = Document.objects.create(**address | defaults | fields)
    for symbol in symbols or [f"S/2020/{next(numbers)}"]:
        DocumentSymbol.objects.create(document=document, symbol=symbol)
    for order, organisation in enumerate(signatories, start=1):
        DocumentSignatory.objects.create(document=document, organisation=organisation, order=order)
    return with_many(document, sources=sources)


def make_occasion(**fields):
    slug = f"occasion-{next(numbers)}"
    return Occasion.objects.create(**{"slug": slug, "name": slug.capitalize()} | fields)


def make_series(**fields):
    slug = f"series-{next(numbers)}"
    return EventSeries.objects.create(**{"slug": slug, "name": slug.capitalize()} | fields)


def event_fields(**fields):
    """Fields of a valid event, for `Event(**event_fields())` as well as for `make_event`."""
    address = public("event")
    return (
        address
        | {
            "title": address["slug"].capitalize(),
            "kind": Event.Kind.SIDE_EVENT,
            "starts_on": date(2023, 9, 21),
            "starts_time": time(11, 10),
            "duration_minutes": 30,
            "zone": "America/New_York",
        }
        | fields
    )


def make_event(*, topics=(), sources=(), **fields):
    return with_many(Event.objects.create(**event_fields(**fields)), topics=topics, sources=sources)


def make_event_at(moment, **fields):
    """An event of half an hour that begins at a moment, given as a datetime in UTC."""
    start = {"starts_on": moment.date(), "starts_time": moment.time().replace(tzinfo=None)}
    return make_event(**{"zone": "UTC"} | start | fields)


def next_order(rows) -> int:
    return max(rows.values_list("order", flat=True), default=0) + 1


def make_participation(event=None, organisation=None, **fields):
    event = event or make_event()
    return Participation.objects.create(
        event=event,
        organisation=organisation or make_state(),
        **{"order": next_order(event.participations)} | fields,
    )


def make_context(event=None, **fields):
    event = event or make_event()
    defaults = {"kind": EventContext.Kind.OTHER, "order": next_order(event.context)}
    return EventContext.objects.create(event=event, **defaults | {"text": "A fact."} | fields)


def make_segment(event=None, **fields):
    event = event or make_event()
    defaults = {"kind": Segment.Kind.PANEL, "order": next_order(event.segments)}
    return Segment.objects.create(event=event, **defaults | fields)


def make_appearance(event=None, **fields):
    """Someone's part in an event; by a new person unless the fields say who."""
    event = event or make_event()
    defaults = {"kind": Appearance.Kind.STATEMENT, "order": next_order(event.appearances)}
    if not {"person", "unnamed_as", "printed_name"} & fields.keys():
        defaults["person"] = make_person()
    return Appearance.objects.create(event=event, **defaults | fields)


def make_statement(*, topics=(), resolutions=(), documents=(), sources=(), **fields):
    address = public("statement")
    defaults = {"title": address["slug"].capitalize(), "date": date(2023, 9, 21)}
    if not {"person", "printed_name"} & fields.keys():
        defaults["person"] = make_person()
    statement = Statement.objects.create(**address | defaults | fields)
    return with_many(
        statement, topics=topics, resolutions=resolutions, documents=documents, sources=sources
    )


def make_party(statement=None, organisation=None, **fields):
    statement = statement or make_statement()
    return StatementParty.objects.create(
        statement=statement,
        organisation=organisation or make_state(),
        **{"order": next_order(statement.parties)} | fields,
    )


def make_point(statement=None, **fields):
    statement = statement or make_statement()
    defaults = {"order": next_order(statement.points), "text": "A point in our own words."}
    return Point.objects.create(statement=statement, **defaults | fields)


def make_text(statement=None, **fields):
    statement = statement or make_statement()
    defaults = {"order": next_order(statement.texts), "language": "en"}
    if not {"body", "url"} & fields.keys():
        defaults["body"] = "<p>A text.</p>"
    return StatementText.objects.create(statement=statement, **defaults | fields)


# By the names of `wpssite.catalogue.KINDS`.
MAKERS = {
    "events": make_event,
    "statements": make_statement,
    "members": make_member,
    "people": make_person,
    "resolutions": make_resolution,
    "topics": make_topic,
    "action-plans": make_plan,
    "documents": make_document,
}
# The field that holds what a reader would call the record.
NAME_FIELDS = {
    "events": "title",
    "statements": "title",
    "members": "name",
    "people": "name",
    "resolutions": "subject",
    "topics": "name",
    "action-plans": "title",
    "documents": "title",
}
