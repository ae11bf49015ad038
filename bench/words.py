"""Invented text with the vocabulary of the record: words as uneven as a language, seeded."""

from itertools import product
from random import Random

COMMON = """the of and to in a for on with by that their as at from is are was be has its which this
would more all other between into also been should must can not new including through"""
SUBJECT = """women peace security resolution council member states plan participation protection
prevention relief recovery process conflict focal point network national action implementation
support government international leadership gender equality violence sexual survivors mediation
negotiation humanitarian civil society regional cooperation commitment report progress funding
training peacekeeping police military justice accountability displacement refugees rights girls
youth education disarmament climate reconstruction dialogue capital meeting chair secretariat
ministry minister ambassador representative office statement review anniversary experience lessons
practice challenge opportunity partner donor budget indicator monitoring evaluation local community
builders agenda mandate mission envoy delegation observer"""
SYLLABLES = product("bcdfghklmnprstvwz", ["a", "e", "i", "o", "u", "ar", "en", "il"])
SYLLABLES = ["".join(parts) for parts in SYLLABLES]
STREAM = 400_000  # words drawn once; each text is a stretch of them


def vocabulary(chance: Random, size: int = 20_000) -> tuple[list[str], list[float]]:
    """Return words and how often each occurs: the second half as often as the first, and so on."""
    rare = {"".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))) for _ in range(size)}
    rare = sorted(rare)
    chance.shuffle(rare)
    subject = SUBJECT.split()
    known = [word for pair in zip(COMMON.split(), subject, strict=False) for word in pair]
    words = list(dict.fromkeys([*known, *subject, *rare]))
    return words, [1 / (rank + 2) for rank in range(len(words))]


class Words:
    """Texts and names that nobody wrote or bears; the same from the same `chance`."""

    def __init__(self, chance: Random):
        self.chance = chance
        self.stream = chance.choices(*vocabulary(chance), k=STREAM)

    def some(self, number: int) -> list[str]:
        start = self.chance.randrange(STREAM - number)
        return self.stream[start : start + number]

    def line(self, fewest: int, most: int) -> str:
        """Return words that begin with a capital letter, without a full stop."""
        return " ".join(self.some(self.chance.randint(fewest, most))).capitalize()

    def sentence(self, fewest: int, most: int) -> str:
        return f"{self.line(fewest, most)}."

    def name(self) -> tuple[str, str]:
        """Return a given name and a family name."""
        given, family = self.chance.choices(SYLLABLES, k=2), self.chance.choices(SYLLABLES, k=3)
        return "".join(given).capitalize(), "".join(family).capitalize()
