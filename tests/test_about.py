"""Pages that editors write, what stands in for them, and the style page."""

import json

import pytest
from django.conf import settings
from django.core.management import call_command

from tests.desk_forms import make_plain_editor, make_reviewer
from tests.factories import HIDDEN, HIDDEN_IDS, errors_of, make_editor, numbers, public
from tests.world import in_order, words
from wpssite.base.models import OldAddress, Page

pytestmark = pytest.mark.django_db

FIXTURE = settings.BASE_DIR / "fixtures" / "pages.json"
LINKED = ["accessibility", "privacy", "corrections"]


def make_page(**fields):
    defaults = public("page") | {"title": f"Page {next(numbers)}", "body": "<p>Words.</p>"}
    return Page.objects.create(**defaults | fields)


def test_a_page_is_shown_at_its_address_with_its_headings_below_the_title(client):
    page = make_page(
        slug="privacy", title="Privacy", standfirst="In short.", body="<h3>Logs</h3><p>None.</p>"
    )

    answer = client.get("/about/privacy/")

    assert page.get_absolute_url() == "/about/privacy/"
    assert in_order(words(answer), "Privacy", "In short.", "Logs", "None.", "Last changed")
    assert "<h2>Logs</h2>" in answer.text
    assert answer["Cache-Control"] == "public, max-age=0, s-maxage=1"


def test_the_built_in_words_stand_in_until_about_is_written(client):
    before = words(client.get("/about/"))
    page = make_page(slug="about", title="What this is", body="<p>Our own words.</p>")
    after = words(client.get("/about/"))

    assert "What is not known stays open" in before
    assert page.get_absolute_url() == "/about/"
    assert "Our own words." in after
    assert "What is not known stays open" not in after


def test_about_lists_the_other_pages_in_order(client):
    make_page(title="Second", order=2)
    make_page(title="First", order=1)

    assert in_order(words(client.get("/about/")), "First", "Second")


@pytest.mark.parametrize("slug", LINKED)
def test_what_the_footer_names_leads_to_about_until_it_is_written(client, slug):
    assert f'href="/about/{slug}/"' in client.get("/").text
    assert client.get(f"/about/{slug}/")["Location"] == "/about/"


@pytest.mark.parametrize("hidden", HIDDEN, ids=HIDDEN_IDS)
@pytest.mark.parametrize("slug", ["about", "privacy", "secret-plan"])
def test_a_hidden_page_is_shown_to_the_desk_alone(client, slug, hidden):
    page = make_page(slug=slug, title="Secret plan", body="<p>Secret plan</p>", **hidden)
    asked = [page.get_absolute_url(), "/about/", "/", "/sitemap-pages.xml", "/share/site.png"]

    for address in asked:
        assert "Secret plan" not in client.get(address, follow=True).content.decode("latin-1")
    client.force_login(make_editor())
    assert "Secret plan" in words(client.get(page.get_absolute_url()))


def test_a_page_that_never_was_and_one_that_moved(client):
    page = make_page()
    OldAddress.objects.remember(page, "old-name")

    assert client.get("/about/nothing/").status_code == 404
    assert client.get("/about/old-name/")["Location"] == page.get_absolute_url()


def test_the_sitemap_lists_pages(client):
    page = make_page()

    assert "/sitemap-pages.xml" in client.get("/sitemap.xml").text
    assert f"{page.get_absolute_url()}</loc>" in client.get("/sitemap-pages.xml").text


def test_an_address_of_the_site_itself_is_refused():
    page = make_page()
    page.slug = "style"

    assert "slug" in errors_of(page)


def test_editors_write_and_reviewers_publish(client):
    client.force_login(make_plain_editor())
    fields = {"title": "Help", "slug": "help", "body": "<p>Ask.</p>", "order": "5"}
    client.post("/desk/base/page/add/", fields | {"status": "draft"})
    refused = client.post("/desk/base/page/add/", fields | {"slug": "b", "status": "published"})

    page = Page.objects.get()
    assert (page.slug, page.status) == ("help", "draft")
    assert refused.status_code == 200
    client.force_login(make_reviewer())
    client.post("/desk/base/page/", {"action": "publish", "_selected_action": [page.pk]})
    assert client.get("/about/help/").status_code == 200
    assert client.get(f"/desk/base/page/{page.pk}/history/").status_code == 200


def test_the_pages_of_the_fixture_are_complete_and_load_twice(client):
    for _ in range(2):
        call_command("loaddata", FIXTURE, verbosity=0)

    pages = {page.slug: page for page in Page.objects.published()}
    assert list(pages) == ["about", *LINKED]
    for row in json.loads(FIXTURE.read_text(encoding="utf-8")):
        page = pages[row["fields"]["slug"]]
        page.full_clean()
        assert page.body == row["fields"]["body"]  # Clean already: nothing was taken out.
        assert str(page.uid) == row["fields"]["uid"]
        assert page.title in words(client.get(page.get_absolute_url()))


def test_the_style_page_shows_the_components_without_asking_the_database(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answer = client.get("/about/style/")

    for word in ["11:10", "next day", "Stated by Example Ministry", "Printed by the source as"]:
        assert word in words(answer)
    assert '<meta name="robots" content="noindex">' in answer.text
    assert len(answer.content) < 60_000


def test_the_public_styles_and_scripts_stay_small():
    static = settings.BASE_DIR / "static"
    styles = ["tokens", "base", "layout", "components", "print"]

    assert sum((static / "css" / f"{name}.css").stat().st_size for name in styles) <= 30 * 1024
    assert sum(path.stat().st_size for path in (static / "js").glob("*.js")) <= 10 * 1024
