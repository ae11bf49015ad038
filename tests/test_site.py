"""The site as a whole: what every page carries, refuses and never does."""

from datetime import timedelta
from html.parser import HTMLParser
from itertools import product
from urllib.parse import quote, quote_from_bytes, urlencode

import pytest
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import (
    HIDDEN,
    HIDDEN_IDS,
    MAKERS,
    make_editor,
    make_event,
    make_statement,
    make_user,
)
from tests.world import make_world, words
from wpssite import views
from wpssite.catalogue import KINDS
from wpssite.pagecache import PARAMETERS

pytestmark = pytest.mark.django_db

LISTS = [
    "/events/",
    "/statements/",
    "/members/",
    "/people/",
    "/chairs/",
    "/action-plans/",
    "/resolutions/",
    "/topics/",
    "/documents/",
]
PAGES = ["/", "/about/", *LISTS]
FILES = ["/robots.txt", "/.well-known/security.txt", "/sitemap.xml", "/sitemap-events.xml"]
DETAILS = ["event", "statement", "member", "person", "plan", "resolution", "topic", "document"]
KIND_IDS = [kind.name for kind in KINDS]


@pytest.fixture
def world():
    return make_world()


@pytest.fixture
def every_page(world):
    """The addresses of all pages, one of each kind of record."""
    records = [getattr(world, name).get_absolute_url() for name in DETAILS]
    return [*PAGES, f"/events/{world.event.starts_on.year}/", *records]


# --- What each page carries.


def test_every_page_is_public_and_sets_no_cookie(client, every_page):
    for address in every_page + FILES:
        response = client.get(address)

        assert response.status_code == 200, address
        assert response["Cache-Control"] == "public, max-age=0, s-maxage=1", address
        assert not response.cookies, address
    assert not Session.objects.exists()


def test_nothing_is_kept_of_a_page_asked_for_with_an_account(client, every_page):
    client.force_login(make_editor())

    for address in every_page:
        assert client.get(address)["Cache-Control"] == "private, no-store", address


def test_an_account_changes_nothing_on_a_public_page(client, world):
    address = world.event.get_absolute_url()
    before = client.get(address).content

    client.force_login(make_editor())

    assert client.get(address).content == before


@pytest.mark.parametrize("address", ["/", "/no-such-page/", "/events/?page=x", "/robots.txt"])
def test_every_answer_forbids_what_no_page_needs(client, address):
    response = client.get(address)

    policy = dict(
        directive.strip().split(" ", 1)
        for directive in response["Content-Security-Policy"].split(";")
    )
    assert policy == {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    assert "camera=()" in response["Permissions-Policy"]
    assert "geolocation=()" in response["Permissions-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "strict-origin-when-cross-origin"


class Inline(HTMLParser):
    """Collects what a strict policy would block, and requests to anyone else."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        script = tag == "script" and values.get("type") != "application/ld+json"
        if tag == "style" or "style" in values or script and "src" not in values:
            self.found.append((tag, attrs))
        self.found += [(tag, name) for name in values if name.startswith("on")]
        fetched = tag == "link" and values.get("rel") not in {"canonical", "alternate"}
        source = values.get("src") or (fetched and values.get("href")) or "/"
        if not source.startswith("/") or source.startswith("//"):
            self.found.append((tag, source))


def test_no_page_holds_inline_style_or_script_or_asks_anyone_else(client, every_page):
    for address in [*every_page, "/no-such-page/", "/events/?page=x"]:
        parser = Inline()

        parser.feed(client.get(address).text)

        assert parser.found == [], address


# --- Pages of the site itself.


def test_home_counts_what_is_public_today(client, world):
    text = words(client.get("/"))

    assert f"{world.claim.value} according to {world.claim.source.publisher}" in text
    assert f"Statements held {views.Statement.objects.count()} on" in text
    assert f"{timezone.now().day} {timezone.now():%B %Y}" in text


def test_home_works_before_anything_is_entered(client):
    text = words(client.get("/"))

    assert "No term is recorded." in text
    assert "Latest event" not in text


@pytest.mark.parametrize(
    ("start", "heading"),
    [
        (timedelta(days=2), "Next event"),
        (timedelta(minutes=-5), "Now"),
        (timedelta(days=-2), "Latest event"),
    ],
)
def test_home_leads_with_the_next_event_or_the_latest_one(client, start, heading):
    moment = timezone.now() + start
    make_event(starts_on=moment.date(), starts_time=moment.time(), zone="UTC", title="A meeting")
    make_event(title="One of long ago")

    text = words(client.get("/"))

    assert heading in text
    assert "A meeting" in text
    assert "One of long ago" not in text


def test_about_tells_what_the_record_is(client):
    assert "Women, Peace and Security Focal Points Network" in words(client.get("/about/"))


def test_healthz_says_ok_and_is_kept_by_nobody(client):
    response = client.get("/healthz")

    assert (response.status_code, response.text) == (200, "ok\n")
    assert "no-store" in response["Cache-Control"]


def test_healthz_fails_when_the_database_does(client, monkeypatch):
    def no_cursor():
        raise OperationalError("down")

    monkeypatch.setattr(views.connection, "cursor", no_cursor)
    client.raise_request_exception = False

    response = client.get("/healthz")

    assert (response.status_code, response["Retry-After"]) == (503, "10")
    assert "its database does not answer" in response.text
    assert response["Cache-Control"] == "private, no-store"


def test_robots_are_led_to_the_sitemap_and_not_to_the_desk(client):
    response = client.get("/robots.txt")

    assert response["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in response.text
    for path in ["/search/", "/fr/search/", "/ar/search/"]:
        assert f"Disallow: {path}\n" in response.text
    assert "desk" not in response.text


def test_the_old_address_of_the_icon_leads_to_the_icon(client):
    assert client.get("/favicon.ico")["Location"].startswith("/static/img/favicon")


def test_security_txt_names_a_contact_and_is_valid_for_half_a_year(client):
    response = client.get("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in response.text.splitlines())
    expires = parse_datetime(fields["Expires"])
    assert fields["Contact"].startswith(("mailto:", "https://"))
    assert timedelta(days=170) < expires - timezone.now() < timedelta(days=366)


@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
def test_the_sitemap_lists_each_kind_of_record(client, kind):
    record = MAKERS[kind.name]()

    index = client.get("/sitemap.xml")
    section = client.get(f"/sitemap-{kind.name}.xml")

    assert f"/sitemap-{kind.name}.xml" in index.text
    assert f"{record.get_absolute_url()}</loc>" in section.text
    assert f"<lastmod>{record.updated_at:%Y-%m-%d}</lastmod>" in section.text


# --- What is refused, and how.


def test_a_page_that_is_not_there_answers_404_with_a_way_on(client):
    response = client.get("/no-such-page/")

    assert response.status_code == 404
    assert response["Cache-Control"] == "private, no-store"
    assert '<meta name="robots" content="noindex">' in response.text
    assert '<a href="/events/">' in response.text


WRONG = [
    ("/events/?page=x", "“page” must be a number"),
    ("/events/?page=-1", "“page” must be a number"),
    ("/events/?year=0000", "“year” must be four digits"),
    ("/events/?year=23", "“year” must be four digits"),
    ("/events/?kind=picnic", "“kind” has a value"),
    ("/events/?host=../etc", "“host” must be an address"),
    ("/events/?tz=Mars", "“tz” must be the name of a time zone"),
    ("/events/?network=no", "“network” has a value"),
    ("/statements/?text=poem", "“text” has a value"),
    ("/statements/?speaker=%3Cb%3E", "“speaker” must be an address"),
    ("/members/?on=2023-02-30", "“on” must be a day"),
    ("/members/?on=2023-W38-4", "“on” must be a day"),
    ("/members/?on=yesterday", "“on” must be a day"),
    ("/members/?region=Atlantis", "“region” has a value"),
    ("/action-plans/?on=0", "“on” must be a day"),
    ("/?tz=Mars", "“tz” must be the name of a time zone"),
]


@pytest.mark.parametrize(("address", "reason"), WRONG)
def test_a_wrong_value_answers_400_and_says_what_is_wrong(client, address, reason):
    response = client.get(address)

    assert response.status_code == 400
    assert reason in words(response)


@pytest.mark.parametrize("address", ["/events/?page=x", "/no/", "/events/%00"])
def test_what_a_visitor_gets_wrong_does_not_fill_the_log(client, caplog, address):
    assert client.get(address).status_code in {400, 404}
    assert client.get("/", HTTP_HOST="evil.example").status_code == 400

    assert caplog.records == []


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
@pytest.mark.parametrize("address", ["/", "/fr/events/", "/robots.txt", "/members.csv", "/feed/"])
def test_a_page_that_only_shows_takes_nothing(address, method):
    response = Client(enforce_csrf_checks=True).generic(method, address)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_an_internal_reason_for_a_400_is_not_shown(client):
    response = client.get("/", HTTP_HOST="evil.example")

    assert response.status_code == 400
    assert "evil" not in response.text


@pytest.mark.parametrize("address", ["/events/?page=2", "/events/1999/", "/members/?page=999999"])
def test_a_page_beyond_the_last_is_not_there(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", PAGES)
def test_an_unknown_parameter_changes_nothing(client, address):
    plain = client.get(address).content

    assert client.get(address + "?utm_source=letter&nonsense").content == plain


# --- The desk's view of a hidden record's page.


@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_an_editor_sees_a_hidden_record_with_a_notice(client, kind, hidden):
    record = MAKERS[kind.name](**hidden)
    client.force_login(make_editor())

    response = client.get(record.get_absolute_url())

    assert response.status_code == 200
    assert response["Cache-Control"] == "private, no-store"
    assert "only the desk sees this page" in words(response).lower()


def test_a_public_page_carries_no_notice(client, every_page):
    for address in every_page:
        assert "only the desk sees this page" not in words(client.get(address)).lower()


@pytest.mark.parametrize("fields", [{}, {"is_staff": True}, {"is_staff": True, "is_active": False}])
@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
def test_an_account_without_the_right_sees_no_hidden_record(client, kind, fields):
    record = MAKERS[kind.name](**HIDDEN[0])
    client.force_login(make_user(**fields))

    assert client.get(record.get_absolute_url()).status_code == 404


def test_the_right_to_see_one_kind_opens_no_other(client):
    user = make_user(is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_event"))
    client.force_login(user)

    event, statement = make_event(**HIDDEN[0]), make_statement(**HIDDEN[0])

    assert client.get(event.get_absolute_url()).status_code == 200
    assert client.get(statement.get_absolute_url()).status_code == 404


# --- Nobody can make the site fail by an address.

ANSWERS = {200, 301, 302, 400, 404}
HOSTILE = [
    "%00",
    "on=2023-02-30",
    "on=0001-01-01",
    "on=9999-12-31",
    "tz=Mars",
    "tz=../../etc/passwd",
    "year=0000",
    "year=9999",
    "page=" + "9" * 5000,
    "p=" + "9" * 5000,
    "host=%ed%a0%80&topic=%ff&for=%c3%28&speaker=%F0%28&language=%80",
    "host=" + "é" * 3000,
    "topic=%27%22%3C%3E%5C",
    "&&&===&?#",
    "after=x&before=x",
    "page=60&after=x",
    "q=" + "x" * 8000,
]


def test_no_public_address_fails_on_a_hostile_query(client, every_page):
    for query, address in product(HOSTILE, every_page + FILES):
        response = client.get(address, QUERY_STRING=query.encode().decode("latin-1"))

        assert response.status_code in ANSWERS, f"{address}?{query}"


NAMES = st.sampled_from([*sorted(PARAMETERS), "x"])
VALUES = (
    st.text(max_size=30)
    | st.integers().map(str)
    | st.dates().map(str)
    | st.sampled_from(["Asia/Tokyo", "UTC", "yes", "verbatim", "state", "japan", "en", "name"])
)
QUERIES = st.lists(st.tuples(NAMES, VALUES), max_size=5).map(
    lambda pairs: urlencode(pairs, errors="surrogatepass")
) | st.binary(max_size=40).map(quote_from_bytes)
# The records are only read, so all examples may share them.
FUZZ = settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@FUZZ
@given(data=st.data(), query=QUERIES)
def test_no_public_address_fails_on_any_query(every_page, data, query):
    address = data.draw(st.sampled_from(every_page + FILES))

    response = Client().get(address, QUERY_STRING=query)

    assert response.status_code in ANSWERS


STARTS = [*LISTS, "/", "/events/2023/", "/media/pictures/", "/media/", "/sitemap", "/.well-known/"]
TAILS = st.text(max_size=20).map(lambda text: quote(text, errors="surrogatepass")) | st.binary(
    max_size=20
).map(quote_from_bytes)


@FUZZ
@given(start=st.sampled_from(STARTS), tail=TAILS, end=st.sampled_from(["", "/", ".xml", ".webp"]))
def test_no_address_at_all_fails(every_page, start, tail, end):
    response = Client().get(f"{start}{tail}{end}")

    assert response.status_code in ANSWERS
