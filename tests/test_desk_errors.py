"""What the desk refuses: the sentence stands at the box, and nothing is half saved."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from events.models import Appearance, Attachment, Event, Segment
from network.models import Appointment, Membership, Organisation, Person
from tests.base.test_pictures import HTML, blank_png, encoded, halves
from tests.desk_forms import VALID, DeskPage, errors_in, make_plain_editor, open_form
from tests.factories import (
    make_appearance,
    make_event,
    make_membership,
    make_organisation,
    make_person,
    make_post,
    make_segment,
    make_state,
)
from wpssite.base.forms import BODY_LIMIT

pytestmark = pytest.mark.django_db

DRAFT = {"status": "draft", "published_at": None}


@pytest.fixture
def editor(client):
    client.force_login(make_plain_editor())
    return client


@pytest.fixture
def page(editor):
    """The empty form of an event with what it must have filled in."""
    return DeskPage(editor, reverse("admin:events_event_add")).set(**VALID)


def refused(response, box: str) -> str:
    """Return the sentence at `box` of a form that was not saved."""
    assert response.status_code == 200
    errors = errors_in(response)
    assert box in errors, errors
    sentence = errors[box][0]
    assert sentence.replace("'", "&#x27;") in response.content.decode()
    return sentence


def test_valid_form_is_saved(page):
    assert page.save().status_code == 302
    assert Event.objects.get().slug == "side-event"


@pytest.mark.parametrize(
    ("fields", "box", "words"),
    [
        ({"ends_on": "2023-09-20"}, "ends_on", "ends before it starts"),
        ({"ends_on": "2023-09-21", "ends_time": "11:00"}, "ends_time", "ends before it starts"),
        ({"ends_time": "12:00"}, "ends_on", "Enter the day"),
        ({"zone": "Atlantis/Main"}, "zone", "is not a time zone"),
        ({"zone": "../../etc/passwd"}, "zone", "is not a time zone"),
        ({"second_zone": "EST"}, "second_zone", "is not a time zone"),
        ({"second_printed_on": "2023-09-22"}, "second_zone", "in which zone"),
        ({"starts_time": ""}, "starts_time", "Enter the time"),
        ({"starts_on": "2023-03-12", "starts_time": "02:30"}, "starts_time", "did not exist"),
        ({"starts_on": "2023-11-05", "starts_time": "01:30"}, "starts_time", "happened twice"),
        ({"starts_on": "2023-02-30"}, "starts_on", "valid date"),
        ({"starts_on": ""}, "starts_on", "required"),
        ({"duration_minutes": "-1"}, "duration_minutes", "greater than or equal to 0"),
        ({"slug": "Not an address"}, "slug", "slug"),
        ({"status": "published"}, "status", "not one of the available choices"),
        ({"description": "<p>" + "x" * BODY_LIMIT + "</p>"}, "description", "at most 200000"),
    ],
)
def test_event_is_refused_at_the_box(page, fields, box, words):
    assert words in refused(page.save(**fields), box)
    assert not Event.objects.exists()


def test_time_that_came_twice_is_taken_when_it_says_which(page):
    page.set(starts_on="2023-11-05", starts_time="01:30", fold="1")
    assert page.save().status_code == 302
    assert Event.objects.get().starts_utc.hour == 6


def test_address_used_twice_is_refused(page):
    make_event(slug="taken")
    sentence = refused(page.save(slug="taken"), "slug")
    assert sentence == "Another record already has this address."
    assert Event.objects.count() == 1


def test_empty_address_is_made_from_the_title_and_the_year(page):
    make_event(slug="side-event")
    make_event(slug="side-event-2023")
    assert page.save().status_code == 302
    assert Event.objects.filter(slug="side-event-2").exists()
    assert page.save(title="川上").status_code == 302
    assert Event.objects.filter(slug="event").exists()


def test_proposed_address_that_is_taken_gets_the_year(page):
    make_event(slug="side-event")
    assert page.save(slug="side-event").status_code == 302
    assert Event.objects.filter(slug="side-event-2023").exists()


def test_appearance_by_nobody_is_refused(page):
    row = page.add_row("appearances", kind="opening", role_printed="Minister")
    assert "Say who appeared" in refused(page.save(), f"{row}-person")
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("prefix", "fields"),
    [
        ("segments", {"kind": "opening"}),
        ("appearances", {"kind": "opening", "unnamed_as": "moderator"}),
        ("context", {"kind": "other", "text": "A fact."}),
        ("attachments", {"title": "Programme", "url": "https://example.org/"}),
    ],
)
def test_order_used_twice_is_refused(page, prefix, fields):
    page.add_row(prefix, order=4, **fields)
    second = page.add_row(prefix, order=4, **fields)
    assert "have the same" in refused(page.save(), f"{second}-order")
    assert not Event.objects.exists()


def test_order_of_a_row_that_somebody_else_added_is_refused(editor):
    event = make_event(**DRAFT)
    page = open_form(editor, event)
    make_segment(event, order=1)
    row = page.add_row("segments", kind="opening", order=1)
    assert "same number" in refused(page.save(), f"{row}-order")


def test_rows_can_change_places_and_one_can_go(editor):
    event = make_event(**DRAFT)
    one, two, three = (make_segment(event, order=n) for n in (1, 2, 3))
    speaker = make_appearance(event, segment=one)
    page = open_form(editor, event)
    page.set(**{"segments-0-order": 2, "segments-1-order": 1, "segments-2-DELETE": "on"})
    page.add_row("segments", kind="closing", order=3)
    assert page.save().status_code == 302
    orders = dict(event.segments.values_list("pk", "order"))
    assert (orders[one.pk], orders[two.pk]) == (2, 1)
    assert three.pk not in orders
    assert len(orders) == 3
    speaker.refresh_from_db()
    assert speaker.segment == one


def test_unknown_programme_item_is_refused(page):
    page.add_row("segments", kind="opening", order=1)
    row = page.add_row("appearances", kind="opening", unnamed_as="moderator", segment_no=7)
    assert refused(page.save(), f"{row}-segment_no") == "There is no item no. 7 in the programme."
    assert not Event.objects.exists()


def test_item_that_goes_must_not_leave_a_speaker_behind(editor):
    event = make_event(**DRAFT)
    gone = make_segment(event, order=1)
    speaker = make_appearance(event, segment=gone)
    page = open_form(editor, event).set(**{"segments-0-DELETE": "on"})
    assert "no item no. 1" in refused(page.save(), "appearances-0-segment_no")
    page.add_row("segments", kind="keynote", order=1)
    assert page.save().status_code == 302
    speaker.refresh_from_db()
    assert speaker.segment == Segment.objects.get(kind="keynote")


def test_sitting_may_be_new_and_comes_before_its_items(page):
    page.add_row("segments", kind="panel", order=2, sitting_no=1)
    page.add_row("segments", kind="sitting", order=1, starts_on="2023-09-21")
    assert page.save().status_code == 302
    assert Segment.objects.get(kind="panel").parent == Segment.objects.get(kind="sitting")
    row = page.add_row("segments", kind="panel", order=3, sitting_no=3)
    assert "smaller number" in refused(page.save(slug="other"), f"{row}-sitting_no")


def test_items_outlive_the_sitting_that_is_deleted(editor):
    event = make_event(**DRAFT)
    sitting = make_segment(event, order=1, kind="sitting")
    item = make_segment(event, order=2, parent=sitting)
    page = open_form(editor, event).set(**{"segments-0-DELETE": "on", "segments-1-sitting_no": ""})
    assert page.save().status_code == 302
    item.refresh_from_db()
    assert item.parent is None


def test_skipped_time_of_an_item_is_refused_before_the_event_exists(page):
    page.set(starts_on="2023-03-12", starts_precision="day")
    row = page.add_row("segments", kind="opening", starts_time="02:30")
    assert "did not exist" in refused(page.save(), f"{row}-starts_time")
    assert not Event.objects.exists()


def test_place_beyond_the_last_is_refused(page):
    row = page.add_row("segments", kind="opening", order=99999)
    assert "9999" in refused(page.save(), f"{row}-order")


def test_new_memberships_that_overlap_are_refused(editor):
    body = make_organisation()
    page = DeskPage(editor, reverse("admin:network_organisation_add"))
    page.set(name="Japan", kind="state")
    page.add_row("memberships", body=body.pk, starts_on="2009-01-01", ends_on="2010-12-31")
    row = page.add_row("memberships", body=body.pk, starts_on="2010-12-31")
    assert "overlaps another row" in refused(page.save(), f"{row}-starts_on")
    assert not Membership.objects.exists()
    assert Organisation.objects.count() == 1
    page.set(**{f"{row}-starts_on": "2011-01-01"})
    assert page.save().status_code == 302
    assert Membership.objects.count() == 2


def test_new_appointments_listed_twice_or_in_one_post_are_refused(editor):
    state, post = make_state(), make_post()
    page = DeskPage(editor, reverse("admin:network_person_add")).set(name="Kamikawa Yoko")
    page.add_row("appointments", organisation=state.pk, role="Minister", post=post.pk)
    twin = page.add_row("appointments", organisation=state.pk, role="Minister")
    assert "listed twice" in refused(page.save(), f"{twin}-starts_on")
    page.set(**{f"{twin}-role": "Envoy", f"{twin}-post": post.pk})
    assert "overlaps" in refused(page.save(), f"{twin}-starts_on")
    assert not Person.objects.exists()
    page.set(**{f"{twin}-post": ""})
    assert page.save().status_code == 302
    assert Appointment.objects.count() == 2


BROKEN = {
    "EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n",
    "cut JPEG": encoded(halves(800, 600))[:2000],
    "GIF and HTML": encoded(Image.new("P", (9, 9)), "GIF") + HTML,
    "too many pixels": blank_png(12000),
    "empty": b"",
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_broken_picture_is_refused(page, content):
    row = page.add_row("attachments", kind="photo", title="Photo", alt="A hall")
    upload = SimpleUploadedFile("photo.jpg", content, "image/jpeg")
    assert (
        "pic" in refused(page.save(**{f"{row}-picture": upload}), f"{row}-picture") or not content
    )
    assert not Event.objects.exists()


def test_sound_picture_is_taken(page, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    row = page.add_row("attachments", kind="photo", title="Photo", alt="A hall")
    upload = SimpleUploadedFile("photo.html.jpg", encoded(halves()), "image/jpeg")
    assert page.save(**{f"{row}-picture": upload}).status_code == 302
    with Attachment.objects.get().picture.open() as kept:
        assert Image.open(io.BytesIO(kept.read())).format == "WEBP"


def test_picture_box_says_what_it_takes(page):
    html = page.client.get(page.address).content.decode()
    box = re.search(r'<input type="file" name="attachments-__prefix__-picture"[^>]*>', html)[0]
    assert 'accept="image/jpeg,image/png,image/webp"' in box
    assert "JPEG, PNG or WebP, up to 15 MB." in html


def test_attachment_without_picture_or_address_is_refused(page):
    row = page.add_row("attachments", title="Programme")
    assert "Upload a picture" in refused(page.save(), f"{row}-url")


def test_statement_by_nobody_or_by_another_is_refused(editor):
    page = DeskPage(editor, reverse("admin:events_statement_add")).set(title="Remarks")
    assert "Enter the date" in refused(page.save(), "date")
    assert "Say who spoke" in refused(page.save(date="2023-09-21"), "person")
    appearance = make_appearance()
    other = make_person()
    page.set(appearance=appearance.pk, person=other.pk)
    assert "The appearance is by" in refused(page.save(), "person")
    assert not Appearance.objects.filter(statement__isnull=False).exists()


def test_a_membership_ends_and_its_successor_begins_in_one_save(editor):
    state = make_state(**DRAFT)
    member = make_membership(state, starts_on=date(2017, 4, 26))
    page = DeskPage(editor, reverse("admin:network_organisation_change", args=[state.pk]))
    page.set(**{"memberships-0-ends_on": "2021-08-14"})
    row = page.add_row("memberships", body=member.body_id, starts_on="2021-08-14", status="unknown")
    assert "overlaps" in refused(page.save(), f"{row}-starts_on")
    page.set(**{f"{row}-starts_on": "2021-08-15"})
    assert page.save().status_code == 302
    rows = state.memberships.order_by("starts_on").values_list("status", "ends_on")
    assert list(rows) == [("member", date(2021, 8, 14)), ("unknown", None)]


@pytest.mark.parametrize(
    ("model", "title", "prefix", "fields", "sentence"),
    [
        ("person", "name", "names", {"text": "Yoko"}, "This name is already listed."),
        ("organisation", "name", "names", {"text": "Nippon"}, "This name is already listed."),
        ("document", "title", "symbols", {"symbol": "A/1"}, "Two rows have the same here: Symbol."),
    ],
)
def test_row_entered_twice_is_refused_in_plain_words(
    editor, model, title, prefix, fields, sentence
):
    page = DeskPage(editor, reverse(f"admin:network_{model}_add")).set(
        **{title: "A", "kind": "state"}
    )
    page.add_row(prefix, **fields)
    row = page.add_row(prefix, **fields)
    answer = page.save()
    assert refused(answer, f"{row}-__all__") == sentence
    assert "Please correct the duplicate" not in answer.content.decode()
