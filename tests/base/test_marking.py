"""Words are marked where they stand in the original text, whatever its letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wpssite.base.marking import folded_letter, folded_with_places, marked
from wpssite.base.words import parse

LETTERS = st.text(alphabet=st.sampled_from("aZé·’– œßАж平和ـ\u0301٣…ΐİ-1\n"), max_size=40)


@given(LETTERS)
def test_the_short_way_folds_like_letter_by_letter(text):
    folded, places = folded_with_places(text)

    letters = [folded_letter(letter) for letter in text]
    assert folded == "".join(letters)
    assert [*places] == [
        *(place for place, found in enumerate(letters) for _ in found),
        len(text),
    ]


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("peace", "Peace, peaceful; a peacekeeper", ["Peace", "peaceful", "peacekeeper"]),
        ("peace", "appeace · unpeaceful", []),
        ('"and peace"', "Women and peace and peaceful", ["and peace"]),
        ("egalite", "L’Égalité – e\u0301galite\u0301s", ["Égalité", "e\u0301galite\u0301s"]),
        ("平和", "国際平和と安全", ["平和"]),
        ("a", "a b a", ["a", "a"]),
        ("peace war", "war,peace", ["war", "peace"]),
    ],
)
def test_words_are_found_at_their_beginning_and_whole(query, text, found):
    pieces = marked(text, parse(query))

    assert "".join(part for part, _hit in pieces) == text
    assert [part for part, hit in pieces if hit] == found
