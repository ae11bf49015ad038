"""Tables at the desk: tried first, each fault in words, saved whole or not at all, safe to open."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from reversion.models import Version

from events.models import Event
from network.models import ActionPlan, Membership, Organisation, Person
from tests.desk_forms import DeskPage, make_account, make_plain_editor, make_reviewer
from tests.factories import (
    make_event,
    make_membership,
    make_name,
    make_organisation,
    make_person,
    make_plan,
    make_state,
    make_user,
    the_network,
)
from wpssite.base import sheets
from wpssite.base.imports import FOLDER
from wpssite.base.publishing import Status
from wpssite.base.tables import as_it_was, csv_response, harmless

pytestmark = pytest.mark.django_db

PEOPLE = "network_person"
DRAFT = {"status": Status.DRAFT, "published_at": None}
KINDS = ["network_organisation", "network_membership", PEOPLE, "network_actionplan", "events_event"]


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def editor(client):
    client.force_login(make_plain_editor())
    return client


@pytest.fixture
def reviewer(client):
    client.force_login(make_reviewer())
    return client


def csv_file(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def xlsx_file(*rows) -> bytes:
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


def offer(client, kind: str, data: bytes, name="table.csv"):
    """Send a file to be tried; return the answer."""
    page = DeskPage(client, reverse(f"admin:{kind}_import"))
    return page.save(import_file=SimpleUploadedFile(name, data))


def confirm(client, kind: str, tried):
    """Confirm what was tried; return the answer."""
    form = tried.context["confirm_form"]
    data = {name: form[name].value() for name in form.fields}
    return client.post(reverse(f"admin:{kind}_process_import"), data)


def bring_in(client, kind: str, data: bytes, name="table.csv"):
    tried = offer(client, kind, data, name)
    assert faults(tried) == []
    assert confirm(client, kind, tried).status_code == 302


def faults(answer) -> list[str]:
    """Return all that is said to be wrong with a table: “line column: sentence”."""
    assert answer.status_code == 200
    found = [str(s) for sentences in answer.context["form"].errors.values() for s in sentences]
    for one in answer.context.get("problems", []):
        place = f"{one['line'] or ''} {one.get('column', '')}".strip()
        found.append(f"{place}: {one['text']}")
    return found


def waiting() -> list[str]:
    return default_storage.listdir(FOLDER)[1] if default_storage.exists(FOLDER) else []


@pytest.mark.parametrize(
    "data",
    [
        csv_file("name,family_name", "Kamikawa Yoko,Kamikawa", "Sima Bahous,Bahous"),
        xlsx_file(
            ["name", "family_name"], ["Kamikawa Yoko", "Kamikawa"], ["Sima Bahous", "Bahous"]
        ),
        "name;family_name\r\nKamikawa Yoko;Kamikawa\r\n\r\nSima Bahous;Bahous\r\n".encode(
            "utf-8-sig"
        ),
    ],
    ids=["CSV", "XLSX", "CSV of Excel"],
)
def test_people_are_shown_first_and_come_in_as_drafts(editor, data):
    tried = offer(editor, PEOPLE, data)
    assert "2 new, 0 changed, 0 as before.\nWhat is new is a draft." in tried.content.decode()
    assert not Person.objects.exists()
    assert len(waiting()) == 1
    answer = confirm(editor, PEOPLE, tried)
    assert answer.status_code == 302
    found = Person.objects.order_by("slug").values_list("slug", "family_name", "status")
    assert list(found) == [
        ("kamikawa-yoko", "Kamikawa", "draft"),
        ("sima-bahous", "Bahous", "draft"),
    ]
    assert waiting() == []


def test_memberships_that_come_in_are_public_with_their_state_and_change_its_page(reviewer):
    the_network()
    state = make_state(name="Tuvalu")
    data = csv_file("organisation,starts_on,status", "Tuvalu,2026-01-01,member")
    tried = offer(reviewer, "network_membership", data)
    assert "public as soon as the record that it belongs to is" in tried.content.decode()
    assert confirm(reviewer, "network_membership", tried).status_code == 302
    before, after = state.updated_at, Organisation.objects.get(pk=state.pk).updated_at
    assert after > before
    bring_in(reviewer, "network_membership", data)
    assert Organisation.objects.get(pk=state.pk).updated_at == after


def test_what_comes_in_again_changes_nothing(editor):
    data = csv_file("name,family_name", "Kamikawa Yoko,Kamikawa")
    bring_in(editor, PEOPLE, data)
    before = Person.objects.get().updated_at
    bring_in(editor, PEOPLE, data)
    assert Person.objects.get().updated_at == before


def test_preview_shows_each_cell_before_and_after(editor):
    make_person(slug="bahous", name="Sima Bahous", family_name="Bahus", **DRAFT)
    tried = offer(editor, PEOPLE, csv_file("slug,name,family_name", "bahous,Sima Bahous,Bahous"))
    text = tried.content.decode()
    assert "<del>Bahus</del> <ins>Bahous</ins>" in text
    assert "0 new, 1 changed, 0 as before" in text


def test_change_by_a_table_is_told_in_the_history_with_what_was_before(editor):
    person = make_person(slug="bahous", name="Sima Bahous", family_name="Bahus", **DRAFT)
    bring_in(editor, PEOPLE, csv_file("slug,name,family_name", "bahous,Sima Bahous,Bahous"))
    kept = [v.field_dict["family_name"] for v in Version.objects.get_for_object(person)]
    assert kept == ["Bahous", "Bahus"]


@pytest.mark.parametrize(
    "fields",
    [{}, {"status": Status.WITHDRAWN, "withdrawn_note": "Taken back."}],
    ids=["published", "withdrawn"],
)
def test_public_record_is_not_changed_by_an_editor_but_by_a_reviewer(client, fields):
    person = make_person(slug="bahous", name="Sima Bahous", **fields)
    data = csv_file("slug,name,summary", "bahous,Sima Bahous,Changed.", "other,Other,New.")
    client.force_login(make_plain_editor())
    assert faults(offer(client, PEOPLE, data)) == [
        "2: “Sima Bahous” is public; you may not change it."
    ]
    client.force_login(make_reviewer())
    bring_in(client, PEOPLE, data)
    person.refresh_from_db()
    assert person.summary == "Changed."
    assert person.status != Status.DRAFT


def test_public_row_that_stays_as_it_was_stands_in_nobodys_way(editor):
    make_person(slug="bahous", name="Sima Bahous")
    bring_in(editor, PEOPLE, csv_file("slug,name", "bahous,Sima Bahous", "other,Other"))
    assert Person.objects.count() == 2


def test_membership_of_a_public_state_is_locked_with_it(editor):
    the_network()
    make_state(slug="japan", name="Japan")
    tried = offer(
        editor, "network_membership", csv_file("organisation,starts_on", "Japan,2017-04-26")
    )
    assert faults(tried) == ["2: “Japan” is public; you may not change it."]


def test_codes_that_look_like_something_else_stay_text(editor):
    rows = [
        ["name", "kind", "iso_alpha2"],
        ["Namibia", "state", "NA"],
        ["Norway", "state", "NO"],
        ["Kosovo", "state", "XK"],
    ]
    bring_in(editor, "network_organisation", csv_file(*map(",".join, rows)))
    assert set(Organisation.objects.values_list("iso_alpha2", flat=True)) == {"NA", "NO", "XK"}
    tried = offer(editor, "network_organisation", xlsx_file(*rows), "table.xlsx")
    assert "3 as before" in tried.content.decode()


def test_members_are_named_by_code_address_or_any_name(editor):
    network = the_network()
    namibia = make_state(name="Namibia", iso_alpha2="NA", **DRAFT)
    norway = make_state(slug="norway", name="Kingdom of Norway", iso_alpha2="NO", **DRAFT)
    ivory = make_state(name="Côte d'Ivoire", **DRAFT)
    make_name(ivory, text="Ivory Coast")
    data = xlsx_file(
        ["organisation", "starts_on"],
        ["NA", "2017-01-01"],
        ["norway", "2018-01-01"],
        ["ivory coast", "2019-01-01"],
    )
    bring_in(editor, "network_membership", data)
    members = Membership.objects.order_by("starts_on").values_list("organisation", "body")
    assert list(members) == [(s.pk, network.pk) for s in (namibia, norway, ivory)]


def test_part_may_name_what_stands_above_it(editor):
    lines = ["slug,name,kind,parent", "japan,Japan,state,", "mofa,Foreign Ministry,ministry,Japan"]
    bring_in(editor, "network_organisation", csv_file(*lines))
    assert Organisation.objects.get(slug="mofa").parent.slug == "japan"


def test_plan_and_event_come_in_by_their_models_rules(editor):
    make_state(name="Japan")
    plan = csv_file("slug,owner,title,start_year,end_year", "jp-1,Japan,First plan,2015,2018")
    bring_in(editor, "network_actionplan", plan)
    assert ActionPlan.objects.get().owner.name == "Japan"
    event = [
        "title,kind,starts_on,starts_time,zone,country",
        "Side event,high-level-side-event,2023-09-21,11:10,America/New_York,Japan",
    ]
    bring_in(editor, "events_event", csv_file(*event))
    assert Event.objects.get().starts_utc.hour == 15


PLAN, PLAN_ROW = "slug,owner,title", "jp,Japan,Plan"
EVENT, EVENT_ROW = "title,kind,starts_on,starts_time,zone", "T,high-level-side-event"
GAP = "02:30 did not exist in New York on 12 March 2023: the clocks went past it."
FAULTS = [
    ("network_actionplan", PLAN, "jp,Atlantis,Plan", ["owner: Nothing is called “Atlantis”."]),
    (
        "network_actionplan",
        f"{PLAN},start_year,end_year",
        f"{PLAN_ROW},2018,2015",
        [": The last year is before the first year."],
    ),
    (
        "network_actionplan",
        f"{PLAN},start_year",
        f"{PLAN_ROW},MMXV",
        ["start_year: “MMXV” is no whole number."],
    ),
    (
        "network_actionplan",
        f"{PLAN},start_year",
        f"{PLAN_ROW},1066",
        ["start_year: Ensure this value is greater than or equal to 1990."],
    ),
    (
        "network_actionplan",
        f"{PLAN},adopted_on",
        "jp,Japan,,04/05/2023",
        [
            "title: This field cannot be blank.",
            "adopted_on: “04/05/2023” is no day; write it as 2023-09-21.",
        ],
    ),
    (
        "network_membership",
        "organisation,starts_on,founding",
        "Twin,2017-01-01,perhaps",
        ["organisation: Several are called “Twin”.", "founding: “perhaps” is neither yes nor no."],
    ),
    (
        "network_membership",
        "organisation,starts_on,status",
        "Japan,2017-01-01,full",
        ["status: “full” is none of these: member, "],
    ),
    (
        "events_event",
        f"{EVENT},fold",
        f"{EVENT_ROW},2023-09-21,11:10,UTC,2",
        ["fold: “2” is none of these: 0, 1."],
    ),
    (
        "events_event",
        EVENT,
        f"{EVENT_ROW},2023-03-12,02:30,America/New_York",
        [f"starts_time: {GAP}"],
    ),
    (
        "events_event",
        EVENT,
        "T,party,2023-09-21,noon,UTC",
        [
            "kind: “party” is none of these: launch, capital-level-meeting,",
            "starts_time: “noon” is no time; write it as 11:10.",
        ],
    ),
    ("network_organisation", "name,kind,iso_alpha2", "A,state,jp", ["iso_alpha2: Two capital"]),
    ("network_organisation", "name,kind", "川上,state", ["slug: Write an address: none can be"]),
    (PEOPLE, "slug,name", "Not an address,Name", ["slug: Enter a valid “slug”"]),
]


@pytest.mark.parametrize(("kind", "header", "row", "expected"), FAULTS)
def test_fault_is_told_by_line_and_column(editor, kind, header, row, expected):
    the_network()
    make_state(name="Japan", **DRAFT)
    make_state(name="Twin", **DRAFT)
    make_state(name="Twin", **DRAFT)
    found = faults(offer(editor, kind, csv_file(header, row)))
    missing = [
        sentence
        for sentence in expected
        if not any(one.startswith(f"2 {sentence}".replace("2 :", "2:")) for one in found)
    ]
    assert missing == [], found


def test_same_record_twice_in_a_table_is_refused(editor):
    found = faults(offer(editor, PEOPLE, csv_file("name", "Sima Bahous", "", "SIMA BAHOUS")))
    assert found == ["4: A row above is the same record."]


COLUMNS = "Possible columns: slug, name, family_name, given_name"
FILES = {
    "empty": (b"", ["empty"]),
    "blank": (b" \n\n", ["empty"]),
    "header only": (b"name,family_name\n", ["no rows below"]),
    "unknown column": (b"name,nom\nA,B\n", ["Unknown columns: nom.", COLUMNS]),
    "needed column": (b"family_name\nB\n", ["Missing columns: name.", COLUMNS]),
    "column twice": (b"name,name\nA,B\n", ["twice: name"]),
    "column without name": (b"name,,summary\nA,B,C\n", ["Column 2 has no name"]),
    "too many cells": (b"name\nA,B\n", ["Line 2 has more cells than the 1 columns"]),
    "UTF-16": ("name\nZoë\n".encode("utf-16"), ["not UTF-8 text"]),
    "UTF-16 without a mark": ("name\nZoë\n".encode("utf-16-le"), ["not UTF-8 text"]),
    "Latin-1": ("name\nAnna\nZoë\n".encode("latin-1"), ["not UTF-8 throughout: line 3"]),
    "mixed": ("name\nZoë\n".encode() + "Zoë\n".encode("latin-1"), ["throughout: line 3"]),
    "open quotation mark": (b'name\n"Zoe\n', ["quotation mark"]),
    "PNG": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ["not UTF-8 text"]),
    "web page": (b"<!DOCTYPE html>\n<p>Hello\n", ["Missing columns: name."]),
    "cut XLSX": (xlsx_file(["name"], ["A"])[:900], ["no table that can be read"]),
    "ZIP": (b"PK\x05\x06" + b"\0" * 18, ["no table that can be read"]),
    "old XLS": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ["not UTF-8 text"]),
    "a giant": (b"name\n" + b"x" * sheets.MAX_BYTES, ["larger than 5.0"]),
    "a cell without end": (b"name\n" + b"x" * 200_000, ["Line 2 cannot be read"]),
}  # fmt: skip


@pytest.mark.parametrize("name", ["table.csv", "table.xlsx"])
@pytest.mark.parametrize(("data", "words"), FILES.values(), ids=FILES)
def test_file_that_is_no_such_table_gets_a_sentence(editor, data, words, name):
    answer = offer(editor, PEOPLE, data, name)
    found = " ".join(faults(answer))
    if data:
        assert [word for word in words if word not in found] == [], found
    else:
        assert "empty" in found
    assert "confirm_form" not in answer.context
    assert waiting() == []
    assert not Person.objects.exists()


def test_xlsx_bomb_is_refused_before_it_is_unpacked(editor):
    out = io.BytesIO(xlsx_file(["name"], ["A"]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * (sheets.MAX_UNPACKED + 1))
    assert len(out.getvalue()) < 100_000
    assert "unpacks to more than 30.0" in faults(offer(editor, PEOPLE, out.getvalue()))[0]


def test_cell_far_away_does_not_make_a_giant(editor):
    book, out = Workbook(), io.BytesIO()
    book.active["A1"], book.active["A2"], book.active["XFD1048576"] = "name", "A", "x"
    book.save(out)
    bring_in(editor, PEOPLE, out.getvalue())
    assert Person.objects.get().name == "A"


def test_table_of_too_many_rows_is_refused(editor, monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 2)
    found = faults(offer(editor, PEOPLE, csv_file("name", "A", "B", "C")))
    assert found == ["The file has more than 2 rows; please split it."]


def test_ten_thousand_rows_with_faults_name_each_and_save_nothing(editor):
    make_person(name="Was here", **DRAFT)
    rows = [f"Person {number},https://example.org/{number}" for number in range(sheets.MAX_ROWS)]
    rows[0] = "First,no address"
    rows[7_000] = "Middle,nor this"
    rows[-1] = rows[1]
    found = faults(offer(editor, PEOPLE, csv_file("name,website", *rows)))
    assert found == [
        "2 website: Enter a valid URL.",
        "7002 website: Enter a valid URL.",
        "10001: A row above is the same record.",
    ]
    assert Person.objects.count() == 1


def test_nothing_is_saved_when_a_row_has_gone_wrong_since_the_preview(reviewer):
    make_state(slug="japan", name="Japan")
    tried = offer(
        reviewer,
        "network_organisation",
        csv_file("name,kind,iso_alpha2", "Norway,state,NO", "Nauru,state,NR"),
    )
    make_state(name="Other", iso_alpha2="NR")
    answer = confirm(reviewer, "network_organisation", tried)
    assert faults(answer) == ["3: Another organisation has this ISO code."]
    assert not Organisation.objects.filter(iso_alpha2="NO").exists()
    assert not Version.objects.exists()


def test_table_that_is_gone_or_was_not_offered_is_asked_for_again(editor):
    tried = offer(editor, PEOPLE, csv_file("name", "A"))
    confirm(editor, PEOPLE, tried)
    assert confirm(editor, PEOPLE, tried).status_code == 302
    address = reverse("admin:network_person_process_import")
    for name in ["../../etc/passwd", "0" * 32, ""]:
        data = {"import_file_name": name, "original_file_name": "a.csv", "format": "7"}
        assert editor.post(address, data).status_code == 302
    assert editor.get(address).status_code == 302
    assert Person.objects.count() == 1


def test_table_offered_for_one_kind_is_not_taken_for_another(editor):
    tried = offer(editor, PEOPLE, csv_file("name,family_name", "A,B"))
    answer = confirm(editor, "network_organisation", tried)
    assert "Unknown columns: family_name." in faults(answer)[0]


@pytest.mark.parametrize("kind", KINDS)
def test_import_needs_the_right_to_add_and_change_and_export_to_view(client, kind):
    client.force_login(make_user(is_staff=True))
    for step in ["import", "export"]:
        assert client.get(reverse(f"admin:{kind}_{step}")).status_code == 403
    assert client.post(reverse(f"admin:{kind}_process_import"), {}).status_code == 403
    client.force_login(make_account("Editors"))
    for step in ["import", "export"]:
        assert client.get(reverse(f"admin:{kind}_{step}")).status_code == 200
    listed = client.get(reverse(f"admin:{kind}_changelist")).content.decode()
    assert reverse(f"admin:{kind}_import") in listed


def make_one(kind):
    makers = {
        "network_organisation": lambda: make_organisation(parent=make_state(name="Japan")),
        "network_membership": make_membership,
        PEOPLE: lambda: make_person(honorific='=HYPERLINK("https://example.org")', summary="+1"),
        "network_actionplan": make_plan,
        "events_event": lambda: make_event(country=make_state()),
    }
    return makers[kind]()


def exported(client, kind: str, number: int) -> bytes:
    answer = DeskPage(client, reverse(f"admin:{kind}_export")).save(format=number)
    assert answer.status_code == 200
    assert "attachment" in answer["Content-Disposition"]
    return answer.content


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("number", [0, 1], ids=["CSV", "XLSX"])
def test_what_goes_out_comes_in_again_and_changes_nothing(reviewer, kind, number):
    make_one(kind)
    tried = offer(reviewer, kind, exported(reviewer, kind, number))
    assert faults(tried) == []
    assert "0 new, 0 changed" in tried.content.decode()


def test_cells_that_would_run_as_formulas_go_out_harmless(reviewer):
    for start in "=+-@＝":
        make_person(name=f"{start}cmd|' /C calc'!A0", summary="Nothing = harm")
    text = exported(reviewer, PEOPLE, 0).decode("utf-8-sig")
    for start in "=+-@＝":
        assert f",'{start}cmd" in text
    assert "'Nothing" not in text
    book = load_workbook(io.BytesIO(exported(reviewer, PEOPLE, 1)))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value]
    assert not [cell.value for cell in cells if cell.data_type == "f" or cell.value[0] in "=+-@＝"]


@pytest.mark.parametrize("text", ["=1", "'=1", "''", "-", "plain", "'quoted'", "\t=1", "", "'"])
def test_harmless_text_is_undone_by_an_import(text):
    assert harmless(text) == text or harmless(text) == f"'{text}"
    assert as_it_was(harmless(text)) == (text if harmless(text) != text else as_it_was(text))
    assert not harmless(text).startswith(("=", "+", "-", "@", "\t"))


def test_public_tables_are_harmless_too():
    text = csv_response("a.csv", ["name"], [{"name": "=1+1"}, {"name": None}]).content.decode()
    assert text.splitlines() == ["\ufeffname", "'=1+1", '""']


def test_notes_and_contact_data_do_not_go_out(reviewer):
    make_person(note="Told in confidence.")
    assert "confidence" not in exported(reviewer, PEOPLE, 0).decode()


def test_export_keeps_the_lists_filter_and_costs_the_same_however_long(
    reviewer, django_assert_max_num_queries
):
    for number in range(3):
        make_plan(title=f"Plan {number}", owner=make_state())
    make_plan(title="Draft", **DRAFT)
    address = reverse("admin:network_actionplan_export") + "?status__exact=draft"
    text = DeskPage(reviewer, address).save(format=0).content.decode()
    assert "Draft" in text
    assert "Plan 1" not in text
    with django_assert_max_num_queries(12):
        exported(reviewer, "network_actionplan", 0)


@pytest.mark.parametrize("kind", KINDS)
def test_pages_run_nothing_that_the_policy_refuses(reviewer, kind):
    make_one(kind)
    lines = csv_file("nonsense", "x")
    pages = [
        reviewer.get(reverse(f"admin:{kind}_import")),
        reviewer.get(reverse(f"admin:{kind}_export")),
        offer(reviewer, kind, lines),
        offer(reviewer, kind, exported(reviewer, kind, 0)),
    ]
    for page in pages:
        text = page.content.decode().partition('id="content-main"')[2]
        assert text
        assert "<script" not in text
        assert "style=" not in text
        assert " on" + "change=" not in text
