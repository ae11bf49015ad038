"""Paragraphs: their addresses outlive edits, and what differs between two texts is marked."""

import re
from collections import Counter
from html import unescape
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpssite.base.paragraphs import differences, with_paragraph_ids
from wpssite.base.text import clean_html

IDS = re.compile(r'<p id="([^"]+)">')


def ids(html: str) -> list[str]:
    return IDS.findall(with_paragraph_ids(html))


def plain(html: str) -> str:
    html = re.sub(r'<span class="hidden">.*?</span>', "", html)
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_a_paragraph_has_a_number_an_address_and_a_simple_address():
    html = with_paragraph_ids("<h3>Aims</h3><p>Peace.</p><p>Now.</p>")

    first = IDS.findall(html)[0]
    assert (
        f'<h3>Aims</h3><p id="{first}"><a class="para" id="p1" href="#{first}"'
        ' aria-label="Paragraph 1">1</a> Peace.</p>'
    ) in html
    assert 'id="p2"' in html


def test_an_address_stays_when_others_come_go_or_move():
    before = ids("<p>One.</p><p>Two.</p><p>Three.</p>")
    after = ids("<p>New.</p><p>Three.</p><p>One.</p>")

    assert after[1:] == [before[2], before[0]]
    assert after[0] not in before


def test_emphasis_capitals_and_punctuation_do_not_move_an_address():
    assert ids("<p>Women, peace</p>") == ids("<p><strong>WOMEN</strong> peace!</p>")


def test_equal_paragraphs_have_addresses_of_their_own():
    first, second = ids("<p>I thank you.</p><p>I thank you.</p>")

    assert second == f"{first}-2"


def test_two_texts_on_a_page_share_no_address():
    taken = Counter()
    texts = [with_paragraph_ids("<p>Peace.</p>", f"t{n}p", taken) for n in (1, 2)]

    found = re.findall(r' id="([^"]+)"', "".join(texts))
    assert len(found) == len(set(found)) == 4


def test_the_address_does_not_depend_on_what_a_text_is_compared_with():
    left, _right = differences("<p>Peace and bread.</p>", "<p>Peace or war.</p>")

    assert ids(left) == ids("<p>Peace and bread.</p>")


def test_words_that_only_one_text_has_are_marked_and_said():
    left, right = differences(
        "<p>Women <strong>must</strong> lead &amp; speak.</p><p>Same.</p>",
        "<p>Women <strong>may</strong> lead &amp; act now.</p><p>Same.</p>",
    )

    assert left == (
        '<p>Women <strong><del><span class="hidden">[only in the first text: </span>must'
        '<span class="hidden">]</span></del></strong> lead &amp; '
        '<del><span class="hidden">[only in the first text: </span>speak'
        '<span class="hidden">]</span></del>.</p><p>Same.</p>'
    )
    assert re.findall(r"text: </span>(.*?)<span", right) == ["may", "act now"]


def test_a_letter_of_japanese_is_compared_by_itself():
    left, right = differences("<p>女性の平和</p>", "<p>女性の安全</p>")

    assert re.findall(r"text: </span>(.*?)<span", left + right) == ["平和", "安全"]


def test_texts_that_are_alike_carry_no_mark():
    html = "<p>Peace <em>now</em>.</p><ul><li><p>One</p></li></ul>"

    assert differences(html, html) == (html, html)


HTML = st.lists(
    st.builds(
        "<{0}>{1} <strong>{2}</strong></{0}>".format,
        st.sampled_from(["p", "h3", "blockquote"]),
        st.text(alphabet="ab <>&日 "),
        st.text(alphabet="xy &"),
    ),
    max_size=5,
).map("".join)


@given(HTML, HTML)
def test_a_comparison_changes_no_word_and_breaks_no_element(first, second):
    marked = differences(first, second)

    for before, after in zip((first, second), marked, strict=True):
        assert plain(after) == plain(clean_html(before))
        opened = re.findall(r"<(/?)(\w+)", after)
        stack = []
        for closes, name in opened:
            if closes:
                assert stack.pop() == name
            else:
                stack.append(name)
        assert stack == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a " * 8000, "a b " * 4000),
        ("a b " * 4000, "b b a " * 2600),
        ("日" * 8000, "日本" * 4000),
        ("</p><p>" * 3000, "</p><p>a" * 3000),
    ],
    ids=["one word", "two words", "one letter", "many paragraphs"],
)
def test_no_pair_of_texts_takes_long(first, second):
    began = perf_counter()

    differences(f"<p>{first}</p>", f"<p>{second}</p>")

    assert perf_counter() - began < 5
