"""The leak probe: what is hidden is named by no public page, file or list."""

import re
from datetime import date

import pytest
from django.apps import apps
from django.db import models
from django.http import QueryDict
from django.urls import Resolver404, resolve, reverse

from events.models import Attachment, StatementParty
from network.models import FocalPoint, Membership, Source
from tests import factories as make
from tests.factories import HIDDEN, HIDDEN_IDS, MAKERS, NAME_FIELDS
from tests.world import make_full_event, make_picture, make_world, public_patterns
from wpssite.base.models import OldAddress
from wpssite.base.text import FoldedField
from wpssite.catalogue import KINDS
from wpssite.pagecache import PARAMETERS

pytestmark = pytest.mark.django_db

CANARY = "Secret plan"
SLUG = "secret-plan"
TRACE = re.compile("secret.plan", re.IGNORECASE)
DAY = date(2023, 9, 21)
# Every parameter that shows something else, with a value that finds the records made here.
ASKING = f"?on={DAY}&all=yes&year={DAY.year}&tz=Asia/Tokyo&network=yes&text=not-stated"
KIND_IDS = [kind.name for kind in KINDS]
BELOW = ["feed/", "calendar.ics", "event.ics"]  # What a record has beside its page.
WRITTEN_BY_RULE = {"slug", "withdrawn_note", "iso_alpha2", "iso_alpha3", "m49", "vote_zone"}


def secrets_of(model) -> dict:
    """Return the canary for every free text field of a kind of record."""
    return {
        field.name: CANARY
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, FoldedField)
        and not (field.choices or field.name in WRITTEN_BY_RULE or "zone" in field.name)
    }


def make_secret(kind, **fields):
    """A record whose every free text, and address, is the canary."""
    return MAKERS[kind.name](**secrets_of(kind.model) | {"slug": SLUG} | fields)


# --- What hangs on a record, or reaches it. Each returns the public pages that name it when it is
# --- public, so that the probe is known to look where the record could appear.


def around_events(event):
    event.kind = event.Kind.CAPITAL_LEVEL  # The home page names these beside the resolutions.
    event.save()
    make.make_segment(event, title=CANARY)
    make.make_context(event, text=CANARY)
    part = make.make_event(super_event=event)
    statement = make.make_statement(event=event)
    participation = make.make_participation(event)
    appearance = make.make_appearance(event)
    topic = make.make_topic()
    event.topics.add(topic)
    resolution, plan = make.make_resolution(), make.make_plan()
    make.make_context(event, resolution=resolution, plan=plan, text=CANARY)
    people = [participation.organisation, appearance.person]
    return [part, statement, *people, topic, resolution, plan, "/"]


def around_statements(statement):
    event = make.make_event(starts_on=DAY)
    neighbour = make.make_statement(event=event, appearance=make.make_appearance(event))
    topic, resolution, document = make.make_topic(), make.make_resolution(), make.make_document()
    statement.event, statement.person = event, make.make_person()
    statement.appearance = make.make_appearance(event, person=statement.person)
    statement.save()
    statement.topics.add(topic)
    statement.resolutions.add(resolution)
    statement.documents.add(document)
    party = make.make_party(statement)
    make.make_point(statement, text=CANARY)
    make.make_text(statement, body=f"<p>{CANARY}</p>")
    return [
        event,
        neighbour,
        topic,
        resolution,
        document,
        party.organisation,
        statement.person,
    ]


def around_members(organisation):
    organisation.m49 = "392"  # Its place on the map.
    organisation.save()
    make.make_name(organisation, text=CANARY, form="former", starts_on=date(1990, 1, 1))
    child = make.make_organisation(parent=organisation)
    make.make_membership(child, body=organisation)
    document = make.make_document(signatories=[organisation])
    make.make_claim(as_of=DAY, claimed_by=organisation)
    make.make_chair_term(organisation, starts_on=date(2023, 1, 1))
    person = make.make_person()
    make.make_appointment(person, organisation)
    plan = make.make_plan(owner=organisation)
    events = [
        make.make_event(country=organisation),
        make.make_participation(None, organisation).event,
        make.make_participation(None, organisation, role="present").event,
        make.make_appearance(organisation=organisation).event,
        make.make_context(organisation=organisation, text="").event,
        make.make_context(membership=Membership.objects.get(body=organisation)).event,
        make.make_context(plan=plan).event,
    ]
    statements = [
        make.make_party(None, organisation).statement,
        make.make_party(None, organisation, relation=StatementParty.Relation.ALIGNS).statement,
        make.make_statement(text_by=organisation),
    ]
    lists = ["/chairs/", f"/members/?on={DAY}", "/people/", "/action-plans/?all=yes", "/"]
    return [child, document, person, plan, *events, *statements, *lists]


def around_people(person):
    member = make.make_member()
    make.make_focal_point(member, person=person, person_is_public=True)
    make.make_person_name(person, text=CANARY)
    events = [
        make.make_appearance(person=person, role_printed="Minister").event,
        make.make_appearance(delivered_by=person).event,
        make.make_appearance(represents=person).event,
        make.make_appearance(remark="A word", remark_about=person).event,
        make.make_event(times_of=person),
    ]
    at_an_event = make.make_statement(person=person, event=make.make_event())
    make.make_point(at_an_event)
    statements = [
        at_an_event,
        make.make_statement(delivered_by=person),
        make.make_statement(represents=person),
    ]
    return [member, *events, at_an_event.event, *statements, "/statements/", "/"]


def around_plans(plan):
    member = make.make_member()
    plan.owner, plan.start_year, plan.end_year = member, 2020, None
    plan.supersedes = make.make_plan()
    plan.save()
    later = make.make_plan(supersedes=plan)
    event = make.make_context(plan=plan, text="").event
    return [member, plan.supersedes, later, event]


def around_resolutions(resolution):
    topic = make.make_topic()
    resolution.topics.add(topic)
    event = make.make_context(resolution=resolution, text="").event
    return [topic, event, make.make_statement(resolutions=[resolution]), "/"]


def around_topics(topic):
    topic.broader = make.make_topic()
    topic.save()
    return [
        topic.broader,
        make.make_topic(broader=topic),
        make.make_event(topics=[topic]),
        make.make_statement(topics=[topic]),
        make.make_resolution(topics=[topic]),
        "/events/",
        "/statements/",
    ]


def around_documents(document):
    make.make_statement(documents=[document])
    return []  # A statement does not list its documents; theirs lists the statement.


AROUND = {
    "events": around_events,
    "statements": around_statements,
    "members": around_members,
    "people": around_people,
    "action-plans": around_plans,
    "resolutions": around_resolutions,
    "topics": around_topics,
    "documents": around_documents,
}


# --- Every public address.


def public_addresses() -> list[str]:
    """Return the addresses of all public pages and files, of every record there is.

    What a parameter changes is asked for in both ways where the plain page shows today alone;
    `test_no_parameter_opens_another_door` asks every list with parameters.
    """
    found = [record.get_absolute_url() for kind in KINDS for record in kind.model.objects.all()]
    found += [page + tail for page in found for tail in BELOW if leads_somewhere(page + tail)]
    found += [
        f"/cite/{kind.name}/{record.slug}.json"
        for kind in KINDS
        for record in kind.model.objects.all()
    ]
    found += [f"/share/{kind.name}/{SLUG}.png" for kind in KINDS]  # Drawn words leave no trace.
    found += ["/about/privacy/"]
    found += [reverse("events:event_year", args=[DAY.year])]
    found += [f"/sitemap-{kind.name}.xml" for kind in KINDS]
    found += [f"/feed/{kind.name}/" for kind in KINDS]
    found += [f"/media/{row.picture.name}" for row in Attachment.objects.exclude(picture="")]
    found += [f"/{route}" for _name, route in public_patterns() if "<" not in route]
    # The words the other way round: what a page repeats of a question is no trace.
    found += [f"/search/{more}?q=plan+secret" for more in ("", "suggest", "feed/")]
    found += ["/search/calendar.ics?q=plan+secret"]
    found += [f"{address}{ASKING}" for address in ("/members/", "/action-plans/")]
    return found


def leads_somewhere(path: str) -> bool:
    try:
        return bool(resolve(path))
    except Resolver404:
        return False


def answers(client, addresses) -> dict[str, str]:
    """Return what each address answers: status, headers and text."""
    found = {}
    for address in addresses:
        response = client.get(address)
        body = response.getvalue()  # A file that was read to its end is closed.
        body = body.replace(b"\r\n ", b"")  # A calendar folds its lines, even within a word.
        found[address] = f"{response.status_code}\n{response.headers}\n{body.decode('latin-1')}"
    return found


def traces(client, addresses=None) -> list[str]:
    """Return the addresses whose answer holds a trace of the canary; every public one if none."""
    found = answers(client, addresses or public_addresses())
    return [address for address, text in found.items() if TRACE.search(text)]


def hide(record, state):
    """Put a record into a state, as the desk would."""
    for name, value in state.items():
        setattr(record, name, value)
    record.save()


def test_the_probe_asks_every_address_of_the_site():
    make_full_event()
    make_world()

    asked = {resolve(address.partition("?")[0]).view_name for address in public_addresses()}

    missing = {name for name, _route in public_patterns()} - asked
    assert not missing, f"teach public_addresses() to ask: {missing}"


def test_the_page_cache_knows_every_parameter_that_a_page_reads(client, monkeypatch):
    make_full_event()
    make_world()
    read = set()

    def noting(method):
        def reader(self, name, *args):
            read.add(name)
            return method(self, name, *args)

        return reader

    for name in ("get", "getlist", "__getitem__", "__contains__"):
        monkeypatch.setattr(QueryDict, name, noting(getattr(QueryDict, name)))

    answers(client, public_addresses())

    assert len(read) >= 15
    assert read == PARAMETERS


@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_a_hidden_record_is_named_nowhere(client, kind, hidden):
    record = make_secret(kind)
    AROUND[kind.name](record)
    hide(record, hidden)

    assert traces(client) == []


@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_no_parameter_opens_another_door(client, hidden):
    for kind in KINDS:
        record = make_secret(kind)
        AROUND[kind.name](record)
        hide(record, hidden)
    addresses = [f"/{route}{ASKING}" for _name, route in public_patterns() if "<" not in route]

    assert traces(client, [*addresses, "/no/", "/events/?page=x", "/events/?page=99"]) == []


@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
def test_the_probe_finds_a_public_record_wherever_it_is_named(client, kind):
    record = make_secret(kind)
    named_on = AROUND[kind.name](record)

    found = traces(client)

    own = [record, reverse(kind.list_view) + ASKING, f"/sitemap-{kind.name}.xml"]
    own += ["/search/?q=plan+secret", "/search/suggest?q=plan+secret"]
    expected = [row if isinstance(row, str) else row.get_absolute_url() for row in named_on + own]
    others = [address for address in expected if address not in found]
    assert set(expected) <= {*found, *(traces(client, others) if others else [])}


@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
@pytest.mark.parametrize("hidden", HIDDEN[:3], ids=HIDDEN_IDS[:3])
def test_a_hidden_record_answers_like_one_that_never_was(client, kind, hidden):
    address = make_secret(kind, **hidden).get_absolute_url()

    answer, control = client.get(address), client.get(address.replace("plan/", "plot/"))

    assert answer.status_code == control.status_code == 404
    assert answer.content == control.content
    assert dict(answer.headers) == dict(control.headers)


@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_an_old_address_does_not_lead_to_a_hidden_record(client, kind, hidden):
    record = make_secret(kind)
    address = record.get_absolute_url().replace(SLUG, "old-name")
    OldAddress.objects.remember(record, "old-name")
    before = client.get(address)
    hide(record, hidden)

    after = client.get(address)

    assert (before.status_code, before["Location"]) == (301, record.get_absolute_url())
    assert after.status_code in {404, 410}
    assert not TRACE.search(f"{after.headers} {after.text}")


@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
def test_a_withdrawn_record_says_that_it_is_gone_and_why_but_not_what_it_was(client, kind):
    record = make_secret(kind, **HIDDEN[3])

    response = client.get(record.get_absolute_url())

    assert response.status_code == 410
    assert HIDDEN[3]["withdrawn_note"] in response.text
    assert not TRACE.search(response.text)


FILTERS = [
    ("/events/", "host", "members"),
    ("/events/", "topic", "topics"),
    ("/statements/", "speaker", "people"),
    ("/statements/", "for", "members"),
    ("/statements/", "topic", "topics"),
]


@pytest.mark.parametrize("hidden", [{}, *HIDDEN], ids=["published", *HIDDEN_IDS])
@pytest.mark.parametrize(("address", "name", "kind"), FILTERS)
def test_a_filter_finds_nothing_by_a_hidden_record(client, address, name, kind, hidden):
    record = MAKERS[kind](slug=SLUG, **{NAME_FIELDS[kind]: CANARY})
    AROUND[kind](record)
    hide(record, hidden)

    answer = client.get(f"{address}?{name}={SLUG}").text
    control = client.get(f"{address}?{name}=secret-plot").text

    alike = answer.replace(SLUG, "secret-plot").replace("Secret-plan", "Secret-plot") == control
    assert alike == bool(hidden)  # By a public record it finds something.


@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_a_picture_is_as_public_as_its_event(client, hidden):
    shown, kept = make_picture(make.make_event()), make_picture(make.make_event(**hidden))

    responses = [client.get(f"/media/{row.picture.name}") for row in (shown, kept)]

    assert responses[0].getvalue().startswith(b"RIFF")
    assert [response.status_code for response in responses] == [200, 404]


def never_public() -> list:
    """Return the fields that say of themselves that they are for the desk alone."""
    return [
        field
        for app in ("events", "network")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if "Never public" in str(field.help_text) or "for the desk" in str(field.verbose_name)
    ]


def test_notes_for_the_desk_and_contact_data_are_public_nowhere(client):
    make_world()
    fields = never_public()
    for field in fields:
        assert field.model.objects.update(**{field.name: CANARY}), f"no row of {field.model}"

    assert {FocalPoint, Source, Membership} < {field.model for field in fields}
    assert traces(client) == []


def test_a_focal_point_is_named_only_with_consent(client):
    member = make.make_member()
    office = make.make_focal_point(member, person=make.make_person(name=CANARY))
    pages = [member.get_absolute_url(), f"/members/?on={DAY}"]

    unasked = [bool(TRACE.search(client.get(page).text)) for page in pages]
    FocalPoint.objects.filter(pk=office.pk).update(person_is_public=True)
    agreed = [bool(TRACE.search(client.get(page).text)) for page in pages]

    assert unasked == [False, False]
    assert agreed == [True, False]  # The list names offices alone.
