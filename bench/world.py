"""What invented events are made from: the record's own members and plans, and invented people."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from network.models import (
    ActionPlan,
    Appointment,
    Membership,
    Organisation,
    OrganisationName,
    Person,
    Resolution,
    Topic,
)
from network.models.memberships import NETWORK

from .words import Words

FIXTURES = ["reference", "network", "pages"]
PEOPLE_PER_EVENT = 0.5  # so that a person's page is as long at any size
FEWEST_PEOPLE = 10
MEMBERS = 110  # of the Network
ROLES = ["Minister for Foreign Affairs", "Permanent Representative", "Special Envoy", "Director"]


@dataclass
class World:
    """What events are made from: chance, words, and the records that they point to."""

    chance: Random
    words: Words
    until: date
    now: datetime
    states: list = field(default_factory=list)
    countries: dict = field(default_factory=dict)
    topics: list = field(default_factory=list)
    resolutions: list = field(default_factory=list)
    plans: list = field(default_factory=list)
    people: list = field(default_factory=list)
    former: dict = field(default_factory=dict)

    def public(self, slug: str) -> dict:
        """Fields of a public record with this address."""
        age = timedelta(minutes=self.chance.randrange(1, 5_000_000))
        identity = uuid.UUID(int=self.chance.getrandbits(128), version=4)
        return {
            "slug": slug,
            "status": "published",
            "published_at": self.now - age,
            "uid": identity,
        }

    def some(self, rows: list, number: int) -> list:
        """Return some of the rows, in their order."""
        return [rows[place] for place in sorted(self.chance.sample(range(len(rows)), number))]

    def called_on(self, organisation, day: date) -> str | None:
        """The twin of `OrganisationName.objects.then()`, for an organisation already loaded."""
        for name in self.former.get(organisation.pk, ()):
            if (name.starts_on is None or name.starts_on <= day) and day <= name.ends_on:
                return name.text
        return None


def make_world(events: int, until: date) -> World:
    """Load the record's own members, plans and resolutions; invent people."""
    for name in FIXTURES:
        call_command("loaddata", settings.BASE_DIR / "fixtures" / f"{name}.json", verbosity=0)
    chance = Random(1325)
    world = World(chance, Words(chance), until, timezone.now())
    world.states = list(Organisation.objects.states().order_by("slug"))
    world.countries = {state.slug: state for state in world.states}
    world.topics = list(Topic.objects.all())
    world.resolutions = list(Resolution.objects.all())
    world.plans = list(ActionPlan.objects.select_related("owner").order_by("slug"))
    for name in OrganisationName.objects.exclude(ends_on=None).order_by("ends_on", "pk"):
        if name.form == name.Form.FORMER:
            world.former.setdefault(name.organisation_id, []).append(name)
    make_memberships(world)
    number = max(int(events * PEOPLE_PER_EVENT), FEWEST_PEOPLE)
    world.people = make_people(world, number)
    return world


def make_memberships(world: World):
    """Add to the record's own members until there are as many as the Network is said to have."""
    rows = Membership.objects
    body = Organisation.objects.get(slug=NETWORK)
    members = set(rows.of().values_list("organisation", flat=True))
    rows.bulk_create(
        Membership(
            organisation=state,
            body=body,
            starts_on=date(2017, 1, 1) + timedelta(days=world.chance.randrange(3000)),
        )
        for state in [row for row in world.states if row.pk not in members][
            : MEMBERS - len(members)
        ]
    )


def make_people(world: World, number: int) -> list:
    people = []
    for place in range(number):
        given, family = world.words.name()
        people.append(
            Person(
                name=f"{given} {family} (invented)",
                given_name=given,
                family_name=family,
                summary=world.words.sentence(8, 16),
                **world.public(f"invented-person-{place}"),
            )
        )
    for person in people:
        person.derive()
    people = Person.objects.bulk_create(people)
    Appointment.objects.bulk_create(
        Appointment(
            person=person,
            organisation=world.chance.choice(world.states),
            role=world.chance.choice(ROLES),
            starts_on=date(2000, 1, 1) + timedelta(days=world.chance.randrange(9000)),
        )
        for person in people
    )
    return people
