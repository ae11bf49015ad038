"""Citations: what a page says of itself is what a citation manager reads."""

import json
import re
from datetime import UTC, datetime

import bibtexparser
import pytest
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import HIDDEN, HIDDEN_IDS, MAKERS, make_event, make_statement
from tests.world import words
from wpssite.base import cite
from wpssite.base.models import OldAddress
from wpssite.catalogue import KINDS

CHANGED = datetime(2026, 11, 20, 9, 5, tzinfo=UTC)
URL = "https://record.example/events/2023/high-level-side-event/"
TITLES = [
    "Women & men: 100% of {both} #1_a $5 ~ ^ back\\slash",
    "上川陽子外務大臣の挨拶",
    "كلمة الوزيرة: المرأة والسلام والأمن",
    "Luminița Odobescu’s “remarks” – Łódź",
    "A {brace that never closes",
    "It closes } too early",
    "2023--2027 --- ``quoted'' ?` !` <<a>> ,,b",
    "TY  - BOOK",
    "@book{fake, title = {x}}",
    'Ends in a backslash \\" and a quote',
]


# The reader knows these commands of LaTeX not or wrongly; stand-ins show that they come through.
UNKNOWN_TO_THE_READER = {
    r"\textbraceleft{}": "⦃",
    r"\textbraceright{}": "⦄",
    r"\textasciicircum{}": "⌃",
}
STOOD_IN_FOR = str.maketrans("{}^", "⦃⦄⌃")


def item(title="A title", language="en"):
    return cite.citation({"name": title, "url": URL}, CHANGED, language)


def read_bibtex(text: str) -> dict:
    for command, char in UNKNOWN_TO_THE_READER.items():
        text = text.replace(command, char)
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    assert not library.failed_blocks
    (entry,) = library.entries
    return {"kind": entry.entry_type, "id": entry.key} | {f.key: f.value for f in entry.fields}


def test_the_item_names_the_page_and_its_version():
    assert item() == {
        "id": "wps-events-2023-high-level-side-event",
        "type": "webpage",
        "title": "A title",
        "container-title": "WPS Focal Points Network: the record",
        "issued": {"date-parts": [[2026, 11, 20]]},
        "version": "2026-11-20T09:05:00Z",
        "URL": URL,
        "language": "en",
    }


def test_the_text_is_one_sentence():
    assert cite.as_text(item("A title\n of two lines")) == (
        "“A title of two lines”. WPS Focal Points Network: the record. "
        f"Version of 20 November 2026, 09:05 UTC. {URL}"
    )


@pytest.mark.parametrize("title", TITLES)
def test_bibtex_is_read_back_as_it_was_meant(title):
    found = read_bibtex(cite.as_bibtex(item(title)))

    assert found["title"] == " ".join(title.split()).translate(STOOD_IN_FOR)
    assert (found["kind"], found["id"]) == ("misc", "wps-events-2023-high-level-side-event")
    assert (found["year"], found["month"], found["url"]) == ("2026", "11", URL)
    assert found["version"] == "2026-11-20T09:05:00Z"


@pytest.mark.parametrize("title", TITLES)
def test_ris_is_read_back_as_it_was_meant(title):
    (found,) = rispy.loads(cite.as_ris(item(title)))

    assert found["type_of_reference"] == "ELEC"
    assert found["title"] == " ".join(title.split())
    assert found["secondary_title"] == cite.SITE
    assert (found["year"], found["date"]) == ("2026", "2026/11/20/")
    assert found["edition"] == "2026-11-20T09:05:00Z"
    assert found["urls"] == [URL]


@pytest.mark.parametrize("title", TITLES)
def test_csl_json_is_read_back_as_it_was_meant(title):
    assert json.loads(cite.as_csl(item(title))) == [item(title)]


@given(st.text(min_size=1))
def test_no_title_breaks_out_of_its_field(title):
    made = item(title)

    library = bibtexparser.parse_string(cite.as_bibtex(made))
    (found,) = rispy.loads(cite.as_ris(made))

    assert [entry.key for entry in library.entries] == [made["id"]]
    assert not library.failed_blocks
    assert cite.as_bibtex(made).count("\n") == 11
    assert cite.as_ris(made).count("\n") == 9
    assert found["urls"] == [URL]


@given(st.text(alphabet="ab {}\\&%$#_~^-'`,<>?!\"", min_size=1).map(str.strip).filter(bool))
def test_every_sign_of_latex_survives(title):
    found = read_bibtex(cite.as_bibtex(item(title)))

    assert found["title"] == " ".join(title.split()).translate(STOOD_IN_FOR)


# --- The addresses of citations.

KIND_IDS = [kind.name for kind in KINDS]


@pytest.mark.django_db
@pytest.mark.parametrize("format", cite.FORMATS)
@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
def test_every_page_of_a_record_leads_to_its_citations(client, kind, format):
    record = MAKERS[kind.name]()
    page = client.get(record.get_absolute_url())

    address = re.search(rf'href="(/cite/[^"]*\.{format})"', page.text)[1]
    answer = client.get(address)

    assert address == f"/cite/{kind.name}/{record.slug}.{format}"
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/")
    assert answer["Content-Disposition"] == f'attachment; filename="{record.slug}.{format}"'
    assert answer["X-Robots-Tag"] == "noindex"
    assert f"http://127.0.0.1:8000{record.get_absolute_url()}" in answer.text
    assert f"{record.updated_at:%Y-%m-%dT%H:%M:%SZ}" in answer.text


@pytest.mark.django_db
def test_the_page_shows_the_citation_as_text(client):
    event = make_event(title="Women & peace")

    text = words(client.get(event.get_absolute_url()))

    assert "“Women & peace”. WPS Focal Points Network: the record. Version of" in text


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
def test_a_hidden_record_is_not_cited_even_for_the_desk(admin_client, kind, hidden):
    record = MAKERS[kind.name](**hidden)

    answer = admin_client.get(f"/cite/{kind.name}/{record.slug}.bib")

    assert answer.status_code == (410 if hidden.get("withdrawn_note") else 404)
    assert "/cite/" not in admin_client.get(record.get_absolute_url()).text


@pytest.mark.django_db
def test_the_citation_of_an_old_address_leads_to_the_present_one(client):
    statement = make_statement()
    OldAddress.objects.remember(statement, "once")

    answer = client.get("/cite/statements/once.ris")

    assert (answer.status_code, answer["Location"]) == (
        301,
        f"/cite/statements/{statement.slug}.ris",
    )


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["events/none.bib", "picnics/a.bib", "events/a.exe"])
def test_what_does_not_exist_is_not_cited(client, address):
    assert client.get(f"/cite/{address}").status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS, ids=KIND_IDS)
def test_a_citation_costs_one_query(client, kind, django_assert_max_num_queries):
    record = MAKERS[kind.name]()

    with django_assert_max_num_queries(1):
        client.get(f"/cite/{kind.name}/{record.slug}.json")
