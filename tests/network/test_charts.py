"""Pictures of the network: who is on the map, how many there were, which plans ran when."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from network import charts, growth
from network.maps import HEIGHT, WIDTH, clipped, pieces, place
from network.models import Claim, Membership, Organisation
from network.models.memberships import NETWORK
from tests.factories import (
    make_claim,
    make_event,
    make_member,
    make_membership,
    make_organisation,
    make_plan,
    make_resolution,
    make_state,
)
from wpssite.base.publishing import Status

FIRST, TODAY = date(2016, 1, 1), date(2026, 1, 1)
MOST_BYTES = 60_000
WORLD = (settings.BASE_DIR / "static" / "maps" / "world.svg").read_text()
DAYS = st.one_of(st.none(), st.dates(date(2016, 1, 1), date(2016, 2, 20)))


def loaded(day=TODAY):
    return Membership.objects.for_growth(Organisation.objects.published(), day)


# --- Growth ---------------------------------------------------------------------------------


def row(owner, starts_on, ends_on):
    if starts_on and ends_on and ends_on < starts_on:
        starts_on, ends_on = ends_on, starts_on
    return Membership(organisation_id=owner, starts_on=starts_on, ends_on=ends_on)


ROWS = st.lists(st.builds(row, st.integers(1, 4), DAYS, DAYS), max_size=8)


@given(ROWS)
def test_the_line_gives_the_number_of_every_day(rows):
    until = date(2016, 2, 10)
    steps = growth.changes(rows, until)

    for day in (FIRST + timedelta(n) for n in range((until - FIRST).days + 1)):
        held = {
            r.organisation_id for r in rows if (r.starts_on or FIRST) <= day <= (r.ends_on or day)
        }
        assert next((n for when, n in reversed(steps) if when <= day), 0) == len(held)
    assert all(a[1] != b[1] for a, b in zip(steps, steps[1:], strict=False))
    assert all(day <= until for day, _number in steps)


@pytest.mark.django_db
def test_counting_loaded_rows_agrees_with_the_database():
    network = make_organisation(slug=NETWORK, kind=Organisation.Kind.NETWORK)
    for start, end in [(FIRST, None), (None, date(2020, 5, 5)), (date(2020, 5, 6), None)]:
        member = make_state(region="Africa")
        make_membership(member, body=network, starts_on=start, ends_on=end)
    make_membership(member, body=network, starts_on=FIRST, ends_on=date(2018, 1, 1))
    hidden = make_state(status=Status.DRAFT, published_at=None)
    make_membership(hidden, body=network, starts_on=FIRST)
    make_membership(make_state(), body=network, starts_on=FIRST, status="unknown")
    make_membership(make_state(), starts_on=FIRST, body=make_organisation())

    for day in [date(2015, 1, 1), FIRST, date(2018, 1, 2), date(2020, 5, 5), date(2020, 5, 6)]:
        members = Organisation.objects.published().members_on(day)
        assert growth.count_by_kind_and_region(loaded(), day) == members.count_by_kind_and_region()
        assert growth.number_on(loaded(), day) == members.count()


@pytest.mark.django_db
def test_the_last_claim_of_a_day_agrees_with_the_database():
    for day in [date(2017, 1, 1), date(2019, 1, 1), date(2021, 1, 1)]:
        make_claim(as_of=day)
    make_claim(as_of=date(2020, 1, 1), subject=Claim.Subject.PLANS)

    for day in [date(2016, 1, 1), date(2019, 1, 1), date(2020, 6, 1), date(2030, 1, 1)]:
        found = growth.stated_on(Claim.objects.of_members(), day)
        assert found == Claim.objects.latest_on("members", day)


@pytest.mark.django_db
def test_growth_draws_claims_where_they_stand_and_tells_the_same_as_rows():
    make_member(starts_on=date(2016, 1, 1))
    make_member(starts_on=date(2021, 1, 1))
    claim = make_claim(as_of=date(2018, 1, 1), value=10)
    make_claim(as_of=date(2030, 1, 1), value=999)

    picture = charts.growth(loaded(), Claim.objects.of_members(), TODAY, date(2021, 1, 1))

    assert picture["rows"] == [
        (date(2016, 1, 1), 1, None),
        (date(2018, 1, 1), 1, claim),
        (date(2021, 1, 1), 2, None),
    ]
    assert picture["last"][0] == 2
    ((drawn, x, y),) = picture["dots"]
    assert (drawn, x) == (claim, pytest.approx(8 + 92 * 0.2))
    assert y < picture["last"][1] < picture["base"]
    assert picture["marked"] == [pytest.approx(54)]
    assert picture["line"].startswith(f"M80 {picture['base']}H80V")


def test_no_member_no_picture():
    assert charts.growth([], [], TODAY) is None


@pytest.mark.django_db
def test_members_since_nobody_knows_when_are_in_the_line_from_its_start():
    make_member(starts_on=None)
    make_member(starts_on=date(2017, 1, 1))

    picture = charts.growth(loaded(), [], TODAY)

    assert [number for _day, number, _claim in picture["rows"]] == [1, 2]
    assert picture["line"].startswith("M80 ")


# --- Map ------------------------------------------------------------------------------------


def marked(html: str) -> set[str]:
    return set(re.findall(r'world[^"]*\.svg#s(\d{3})"', html))


@pytest.mark.django_db
def test_the_map_marks_the_member_states_of_the_day_and_no_others(client):
    make_member(m49="392", name="Japan", slug="japan", starts_on=FIRST)
    make_member(m49="578", starts_on=FIRST, ends_on=date(2019, 12, 31))
    make_member(m49="076", starts_on=date(2022, 1, 1))
    make_state(m49="250")

    then, later = (
        client.get(f"/members/?on={day}").content.decode() for day in ("2019-12-31", "2022-01-01")
    )

    assert marked(then) == {"392", "578"}
    assert marked(later) == {"392", "076"}
    assert '<a href="/members/japan/"><title>Japan</title><use ' in then


@pytest.mark.django_db
def test_a_filter_of_the_list_leaves_the_map_whole(client):
    make_member(m49="392", region="Asia", starts_on=FIRST)
    make_member(m49="578", region="Europe", starts_on=FIRST)

    assert marked(client.get("/members/?region=Asia").content.decode()) == {"392", "578"}


@pytest.mark.django_db
def test_what_has_no_place_on_the_map_is_listed_beside_it():
    state = make_member(m49="392", starts_on=FIRST)
    union = make_organisation(kind=Organisation.Kind.REGIONAL, m49="", name="The Union")
    make_membership(union, starts_on=FIRST)
    uncoded = make_member(m49="", name="Somewhere", starts_on=FIRST)

    shown = charts.member_map(loaded(), TODAY)

    assert [organisation for organisation, _name in shown["states"]] == [state]
    assert {name for _organisation, name in shown["beside"]} == {"The Union", uncoded.name}


@pytest.mark.django_db
def test_every_state_of_the_record_is_on_the_map():
    call_command("loaddata", "fixtures/reference.json", verbosity=0)
    codes = set(Organisation.objects.states().with_code().values_list("m49", flat=True))

    assert len(codes) > 190
    assert codes <= set(re.findall(r'id="s(\d{3})"', WORLD))


def rings() -> list[tuple[str, list[int]]]:
    """Return (code, across) for each ring of the map: the absolute x of all its points."""
    found = []
    for code, data in re.findall(r'<path(?: id="s(\d{3})")? d="([^"]+)"', WORLD):
        for ring in data.split("z")[:-1]:
            x, _y, *steps = map(int, re.findall(r"-?\d+", ring))
            across = [x]
            for step in steps[::2]:
                across.append(across[-1] + step)
            found.append((code, across))
    return found


def test_no_shape_crosses_the_page_from_edge_to_edge():
    for code, across in rings():
        assert 0 <= min(across) <= max(across) <= WIDTH, code
        assert max(across) - min(across) < WIDTH / 2, code


def test_japan_lies_in_the_east_of_the_map():
    across = [x for code, ring in rings() if code == "392" for x in ring]

    assert WIDTH * 0.7 < min(across) < max(across) < WIDTH * 0.9


def test_the_file_fits_the_page_that_shows_it():
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in WORLD
    template = (settings.BASE_DIR / "templates" / "network" / "_map.html").read_text()
    assert f'viewBox="0 0 {WIDTH} {HEIGHT}"' in template
    assert len(WORLD) < 110_000
    assert "<script" not in WORLD
    assert "style" not in WORLD


def test_a_ring_across_the_edge_becomes_two_pieces():
    # From 160° west, eleven degrees east of the middle, over the edge at 169° west.
    ring = [(-160, 0), (-160, 10), (-178, 10), (-178, 0)]

    found = sorted(sorted(round(x) for x, _y in piece) for piece in pieces(ring))

    assert found == [[-180, -180, -171, -171], [171, 171, 180, 180]]


def test_a_ring_beyond_the_edge_is_gone():
    assert clipped([(1, 0), (2, 0), (2, 1)], 0, 1) == []


def test_the_projection_keeps_the_middle_and_the_edges():
    assert [place(x, 0)[0] for x in (-180, 0, 180)] == [0, WIDTH / 2, WIDTH]
    assert place(0, 60)[1] < place(0, 0)[1] < place(0, -40)[1]


# --- Plans ----------------------------------------------------------------------------------


def plan(start, end=None, extended=None, owner=1):
    name = SimpleNamespace(is_public=True, name=f"State {owner}")
    return SimpleNamespace(
        owner_id=owner, owner=name, start_year=start, end_year=end, extended_to=extended, title="P"
    )


def bars_of(*plans, today=date(2024, 7, 1)):
    return charts.plan_bars(list(plans), today, today)


def test_a_bar_takes_the_share_of_its_years():
    picture = bars_of(plan(2015, 2019), plan(2020, 2024))  # The axis: 2015 to the end of 2024.

    (owner,) = picture["owners"]
    assert [(bar["x"], bar["width"]) for bar in owner["bars"]] == [(0, 50), (50, 50)]
    assert {bar["y"] for bar in owner["bars"]} == {owner["bars"][0]["y"]}
    assert picture["marked"] == [pytest.approx(95, abs=0.1)]


def test_an_extension_is_a_piece_of_its_own():
    (owner,) = bars_of(plan(2015, 2019, extended=2021))["owners"]

    assert (owner["bars"][0]["width"], owner["bars"][0]["more"]) == (50, (50, 20))


def test_a_plan_without_a_last_year_runs_to_the_next_one_or_to_the_end():
    (owner,) = bars_of(plan(2015), plan(2020))["owners"]

    assert [(bar["x"], bar["width"]) for bar in owner["bars"]] == [(0, 50), (50, 50)]


def test_plans_at_the_same_time_have_lanes_and_a_shared_year_needs_none():
    (apart,) = bars_of(plan(2010, 2016), plan(2014, 2016))["owners"]
    (after,) = bars_of(plan(2006, 2011), plan(2011, 2015))["owners"]

    assert apart["bars"][0]["y"] != apart["bars"][1]["y"]
    assert apart["height"] == 2 * after["height"]


def test_a_plan_of_no_known_year_is_named_and_not_drawn():
    unknown = plan(None, 2020)

    assert bars_of(unknown, plan(2015, 2019))["undated"] == [unknown]
    assert bars_of(unknown) is None


@given(st.lists(st.tuples(st.integers(1990, 2090), st.integers(0, 10)), min_size=1, max_size=10))
def test_bars_stay_in_the_picture(years):
    plans = [plan(start, start + length, owner=start % 3) for start, length in sorted(years)]

    for owner in bars_of(*sorted(plans, key=charts.owner_of))["owners"]:
        for bar in owner["bars"]:
            assert 0 <= bar["x"] <= bar["x"] + bar["width"] <= 100.01
            assert 0 <= bar["y"] < owner["height"]


@pytest.mark.django_db
def test_the_picture_of_plans_keeps_the_name_of_a_hidden_owner(client):
    hidden = make_state(name="Unseen Land", status=Status.DRAFT, published_at=None)
    make_plan(owner=hidden, title="A plan", start_year=2020, end_year=2090)
    make_plan(owner=hidden, title="Another plan", start_year=None, end_year=None)

    page = client.get("/action-plans/?all=yes").content.decode()

    assert page.count("A plan") > 1
    assert "Unseen Land" not in page


# --- Resolutions and meetings ----------------------------------------------------------------


@pytest.mark.django_db
def test_resolutions_stand_on_the_line_in_the_order_of_their_days():
    last = make_resolution(decided_on=date(2019, 4, 23))
    first = make_resolution(decided_on=date(2000, 10, 31))

    picture = charts.milestones([last, first], [(date(2017, 4, 26), "Alicante", "", "/")], TODAY)

    assert [row for row, _x, _y in picture["above"]] == [first, last]
    assert all(0 <= y < picture["line"] for _row, _x, y in picture["above"])
    assert all(picture["line"] < y < picture["height"] for _row, _x, y in picture["below"])
    assert picture["above"][0][1] < picture["below"][0][1] < picture["above"][1][1]
    assert charts.milestones([], [], TODAY) is None


@pytest.mark.django_db
def test_home_hangs_only_public_capital_meetings_of_the_network(client):
    make_resolution(number=1325, symbol="S/RES/1325 (2000)")
    kind = "capital-level-meeting"
    make_event(kind=kind, city="Alicante", starts_on=date(2017, 4, 26))
    make_event(kind=kind, city="Hiddenville", status=Status.DRAFT, published_at=None)
    make_event(kind=kind, city="Elsewhere", network_event=False)

    page = client.get("/").content.decode()
    picture = page[page.index("Timeline of the resolutions") :]

    assert ">1325</text>" in picture
    assert ">Alicante</text>" in picture
    assert "Hiddenville" not in picture
    assert "Elsewhere" not in picture


# --- The whole record ------------------------------------------------------------------------


@pytest.mark.django_db
def test_pages_with_pictures_stay_light_and_the_lists_ask_little(
    client, django_assert_max_num_queries
):
    names = ["reference", "network", "events"]
    call_command("loaddata", *(f"fixtures/{name}.json" for name in names), verbosity=0)

    for address in ["/members/", "/action-plans/", "/action-plans/?all=yes", "/resolutions/"]:
        with django_assert_max_num_queries(6):
            answer = client.get(address)
        assert "<svg" in answer.content.decode()
        assert len(answer.content) <= MOST_BYTES, address
    home = client.get("/").content
    assert len(marked(home.decode())) > 70
    assert len(home) <= MOST_BYTES
