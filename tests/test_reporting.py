"""Reporting an error: easy for readers, dull for programs, seen by the desk alone."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now

from tests.desk_forms import Boxes, make_plain_editor, make_reviewer
from tests.factories import make_editor, make_event, make_user
from tests.world import words
from wpssite.base.models import Report
from wpssite.reporting import MOST, path_of

pytestmark = pytest.mark.django_db

REPORT = {
    "text": "The date is wrong: it was the 22nd.",
    "name": "Ada",
    "email": "ada@norland.example",
}


@pytest.fixture(autouse=True)
def nobody_reported_yet():
    cache.clear()


def fill_in(client, about="/events/", after=30, **fields):
    """Open the form, wait, send it; as a browser does, with what the page holds."""
    start = now()
    with time_machine.travel(start, tick=False):
        boxes = Boxes(client.get("/report/", {"page": about}).text).values
    with time_machine.travel(start + timedelta(seconds=after), tick=False):
        return client.post("/report/", boxes | REPORT | fields)


@pytest.fixture
def reader():
    return Client(enforce_csrf_checks=True)


def test_every_page_leads_to_the_form_with_its_address_filled_in(client):
    event = make_event()
    page = client.get(event.get_absolute_url())

    address = re.search(r'href="(/report/\?page=[^"]+)"', page.text)[1]

    assert f'value="{event.get_absolute_url()}"' in client.get(address).text


def test_a_report_reaches_the_desk(reader):
    answer = fill_in(reader, about="/events/2023/a/")

    assert (answer.status_code, answer["Location"]) == (302, "/report/thanks/")
    report = Report.objects.get()
    assert (report.page, report.text) == ("/events/2023/a/", REPORT["text"])
    assert (report.name, report.email, report.state) == ("Ada", "ada@norland.example", "open")
    assert "Thank you" in words(reader.get("/report/thanks/"))


def test_name_and_address_may_stay_empty(reader):
    fill_in(reader, name="", email="")

    assert Report.objects.get().email == ""


def test_only_the_form_sets_a_cookie_and_nobody_keeps_it(client):
    form, page = client.get("/report/"), Client().get("/events/")

    assert set(form.cookies) == {"csrftoken"}
    assert form["Cache-Control"] == "private, no-store"
    assert not page.cookies
    assert Client().get("/report/thanks/")["Cache-Control"] == "public, max-age=0, s-maxage=1"


def test_a_form_from_elsewhere_is_refused_in_words(reader):
    answer = reader.post("/report/", REPORT | {"page": "/"})

    assert answer.status_code == 403
    assert "The form could not be checked" in words(answer)
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "box"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"email": "no address"}, "email"),
        ({"page": ""}, "page"),
        ({"page": "javascript:go()"}, "page"),
        ({"page": "events"}, "page"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_a_mistake_is_named_at_its_box_and_nothing_is_lost(reader, wrong, box):
    answer = fill_in(reader, **wrong)

    assert answer.status_code == 422
    assert answer["Cache-Control"] == "private, no-store"
    assert f'id="id_{box}_error"' in answer.text
    assert re.search(rf'name="{box}"[^>]*aria-invalid="true"', answer.text)
    kept = Boxes(answer.text).values
    sent = {"page": "/events/"} | REPORT | wrong
    assert {name: kept[name].replace("\0", "") for name in sent} == {
        name: value.replace("\0", "") for name, value in sent.items()
    }
    assert not Report.objects.exists()


def test_a_corrected_form_is_taken(reader):
    refused = fill_in(reader, email="no address")

    with time_machine.travel(now() + timedelta(seconds=60), tick=False):
        answer = reader.post("/report/", Boxes(refused.text).values | {"email": ""})

    assert answer.status_code == 302
    assert Report.objects.get().text == REPORT["text"]


def test_a_program_that_fills_in_every_box_is_thanked_and_ignored(reader):
    answer = fill_in(reader, website="https://casino.example/")

    assert answer["Location"] == "/report/thanks/"
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("after", "sentence"), [(1, "quicker than anyone types"), (90_000, "open for too long")]
)
def test_what_no_reader_does_is_asked_again_with_everything_kept(reader, after, sentence):
    refused = fill_in(reader, after=after)
    assert refused.status_code == 422
    assert sentence in words(refused)

    with time_machine.travel(now() + timedelta(seconds=after + 60), tick=False):
        answer = reader.post("/report/", Boxes(refused.text).values)

    assert answer.status_code == 302
    assert Report.objects.count() == 1


@pytest.mark.parametrize("opened", ["", "x", "MTIz:1abc:xyz"])
def test_a_forged_moment_of_opening_is_not_believed(reader, opened):
    assert fill_in(reader, opened=opened).status_code == 422
    assert not Report.objects.exists()


def test_too_many_reports_from_one_address_wait_and_nothing_is_lost(reader):
    for _ in range(MOST):
        assert fill_in(reader).status_code == 302

    answer = fill_in(reader)

    assert answer.status_code == 429
    assert answer["Retry-After"] == "3600"
    assert "Too many reports" in words(answer)
    assert Boxes(answer.text).values["text"] == REPORT["text"]
    assert Report.objects.count() == MOST


def test_another_address_and_a_later_hour_are_not_held_back(reader):
    for _ in range(MOST):
        fill_in(reader)

    other = Client(REMOTE_ADDR="192.0.2.7")
    with time_machine.travel(datetime.now() + timedelta(hours=2), tick=False):
        later = fill_in(reader)

    assert fill_in(other).status_code == 302
    assert later.status_code == 302


def test_no_network_address_is_kept(reader):
    fill_in(reader)

    assert "127.0.0.1" not in str(vars(Report.objects.get()))
    assert not any("127.0.0.1" in key for key in getattr(cache, "_cache", {}))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("/events/", "/events/"),
        ("https://record.example/events/?page=2#x", "/events/"),
        ("//evil.example/events/", "/events/"),
        ("/\\evil.example", ""),
        ("javascript:alert(1)", ""),
        ("/a b", ""),
        ("/" + "a" * 300, ""),
        ("http://[", ""),
        ("", ""),
    ],
)
def test_only_a_path_of_this_site_is_filled_in(client, text, path):
    assert path_of(text) == path
    assert Boxes(client.get("/report/", {"page": text}).text).values["page"] == path


# --- At the desk.


def test_the_start_page_shows_open_reports_the_oldest_first(client):
    for number in range(6):
        Report.objects.create(page="/", text=f"Report {number}")
    Report.objects.create(page="/", text="Settled", state="done")
    client.force_login(make_plain_editor())

    text = client.get("/desk/").text

    assert [f"Report {n}" in text for n in range(6)] == [True] * 5 + [False]
    assert "Settled" not in text
    assert "/desk/base/report/?state__exact=open" in text


def test_who_may_not_read_reports_sees_none(client):
    Report.objects.create(page="/", text="Report one")
    client.force_login(make_user(is_staff=True))

    assert "Report one" not in client.get("/desk/").text
    assert client.get("/desk/base/report/").status_code == 403


def test_an_editor_settles_a_report_and_changes_none_of_its_words(client):
    report = Report.objects.create(page="/events/", text="Wrong", name="Ada")
    client.force_login(make_plain_editor())
    address = f"/desk/base/report/{report.pk}/change/"

    page = client.get(address)
    client.post(address, {"state": "done", "note": "It was right.", "text": "Other", "page": "/x/"})

    report.refresh_from_db()
    assert '<a href="/events/">/events/</a>' in page.text
    assert (report.state, report.note) == ("done", "It was right.")
    assert (report.text, report.page) == ("Wrong", "/events/")


def test_many_reports_are_settled_at_once(client):
    reports = [Report.objects.create(page="/", text=f"Report {n}") for n in range(2)]
    client.force_login(make_plain_editor())

    chosen = {"action": "settle", "_selected_action": [row.pk for row in reports]}
    client.post("/desk/base/report/", chosen)

    assert set(Report.objects.values_list("state", flat=True)) == {"done"}


def test_nobody_writes_reports_at_the_desk_and_only_reviewers_delete_them(client):
    report = Report.objects.create(page="/", text="Wrong")
    answers = {}
    for name, account in [("editor", make_plain_editor()), ("reviewer", make_reviewer())]:
        client.force_login(account)
        answers[name] = client.get(f"/desk/base/report/{report.pk}/delete/").status_code
        assert client.get("/desk/base/report/add/").status_code == 403

    assert answers == {"editor": 403, "reviewer": 200}


def test_a_report_is_public_nowhere(client):
    Report.objects.create(page="/events/", text="Canary", name="Canary", email="canary@x.example")

    for address in ["/", "/events/", "/report/", "/report/thanks/", "/about/", "/sitemap.xml"]:
        assert "canary" not in client.get(address).text.lower()


def test_an_account_changes_nothing_about_the_form(client):
    client.force_login(make_editor())

    assert fill_in(client).status_code == 302
