"""The texts of a statement: what each is, in which direction, and two beside each other."""

import re

import pytest

from tests.factories import make_statement, make_text
from tests.world import in_order, words
from wpssite.base.page_meta import direction

pytestmark = pytest.mark.django_db


@pytest.fixture
def statement():
    statement = make_statement(language="ja")
    make_text(statement, order=1, body="<p>Women must lead.</p>", kind="check-against-delivery")
    make_text(statement, order=2, body="<p>Women do lead.</p>", kind="as-delivered")
    make_text(statement, order=3, body="<p>المرأة تقود</p>", language="ar", origin="unofficial")
    make_text(statement, order=4, url="https://text.example/", language="ja", publisher="MOFA")
    return statement


def page(client, statement, query=""):
    return client.get(statement.get_absolute_url() + query)


def test_without_a_wish_every_text_is_shown_with_what_it_is(client, statement):
    answer = page(client, statement)

    assert in_order(
        words(answer),
        "Original · English Check against delivery 1 Women must lead.",
        "Original · English As delivered 1 Women do lead.",
        "Unofficial translation · Arabic The original is in English. 1 المرأة تقود",
    )
    assert "<del>" not in answer.text
    assert '<div class="text" lang="ar" dir="rtl">' in answer.text
    assert '<div class="text" lang="en" dir="ltr">' in answer.text


def test_two_texts_in_one_language_stand_beside_each_other_with_their_differences(
    client, statement
):
    answer = page(client, statement, "?text=1&beside=2")

    assert 'class="columns side-by-side"' in answer.text
    assert re.search(r"<del>.*must.*</del>", answer.text)
    assert re.search(r"<ins>.*do.*</ins>", answer.text)
    assert "[only in the first text: must]" in words(answer).replace(" ]", "]")
    assert "المرأة" not in words(answer)


def test_texts_in_two_languages_are_not_compared_word_by_word(client, statement):
    answer = page(client, statement, "?text=2&beside=3")

    assert 'class="columns side-by-side"' in answer.text
    assert "<ins>" not in answer.text
    assert "Words that only one" not in words(answer)


@pytest.mark.parametrize("query", ["?text=2", "?text=2&beside=", "?beside=2", "?text=2&beside=2"])
def test_one_text_can_be_read_alone(client, statement, query):
    answer = page(client, statement, query)

    assert "Women do lead." in words(answer)
    assert "Women must lead." not in words(answer)
    assert "side-by-side" not in answer.text


def test_the_form_keeps_what_was_chosen(client, statement):
    text = page(client, statement, "?text=2&beside=1").text

    chosen = re.findall(r'<option value="(\d)" selected>', text)
    assert chosen == ["2", "1"]
    assert text.count("<option") == 7  # Three texts twice, and “nothing”.


def test_one_text_needs_no_form(client):
    statement = make_statement()
    make_text(statement)

    assert "Compare" not in words(page(client, statement))


@pytest.mark.parametrize(
    ("query", "status"),
    [("?text=x", 400), ("?beside=-1", 400), ("?text=9", 404), ("?text=4", 404), ("?text=²", 400)],
)
def test_a_text_that_is_not_there(client, statement, query, status):
    assert page(client, statement, query).status_code == status


def test_a_link_to_a_paragraph_leads_to_it_beside_another_text_too(client, statement):
    target = re.search(r'<p id="(p-[0-9a-f]{8})"', page(client, statement, "?text=2").text)[1]

    for query in ["", "?text=1&beside=2", "?text=2&beside=1"]:
        assert page(client, statement, query).text.count(f'id="{target}"') == 1


def test_no_two_elements_of_the_page_share_an_id(client, statement):
    statement.points.create(order=1, text="A point.")
    found = re.findall(r'\sid="([^"]+)"', page(client, statement, "?text=1&beside=2").text)

    assert len(found) == len(set(found))


@pytest.mark.parametrize("query", ["", "?text=1&beside=2"])
def test_comparing_asks_the_database_nothing_more(
    client, statement, query, django_assert_max_num_queries
):
    page(client, statement)

    with django_assert_max_num_queries(9):
        page(client, statement, query)


@pytest.mark.parametrize(
    ("tag", "expected"),
    [("ar", "rtl"), ("fa-AF", "rtl"), ("ku-Arab", "rtl"), ("en", "ltr"), ("uz-Latn", "ltr")],
)
def test_the_direction_follows_the_script(tag, expected):
    assert direction(tag) == expected
