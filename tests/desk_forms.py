"""Fill in the desk's forms as a browser does: what the page holds, changed, and sent back."""

from html.parser import HTMLParser

from django.urls import reverse

from tests.factories import make_user
from wpssite.base.groups import ensure_groups

# What an event must have.
VALID = {
    "title": "Side event",
    "kind": "high-level-side-event",
    "starts_on": "2023-09-21",
    "starts_time": "11:10",
    "zone": "America/New_York",
}


def make_account(group: str):
    """Return an account of the desk in one of its groups."""
    account = make_user(is_staff=True)
    account.groups.add(ensure_groups()[group])
    return account


def make_plain_editor():
    return make_account("Editors")


def make_reviewer():
    return make_account("Reviewers")


class Boxes(HTMLParser):
    """The boxes of a page's forms and what they hold."""

    def __init__(self, html: str):
        super().__init__()
        self.values = {}
        self.choosing = self.writing = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "input" and attrs.get("name"):
            self.take_input(attrs)
        elif tag == "textarea":
            self.writing = attrs["name"]
            self.values[self.writing] = ""
        elif tag == "select" and attrs.get("name"):
            self.choosing = attrs["name"]
            self.values[self.choosing] = [] if "multiple" in attrs else None
        elif tag == "option" and self.choosing:
            self.take_option(attrs)

    def take_input(self, attrs):
        kind = attrs.get("type", "text")
        if kind in {"submit", "file", "button"}:
            return
        if kind != "checkbox" or "checked" in attrs:
            self.values[attrs["name"]] = attrs.get("value", "on" if kind == "checkbox" else "")

    def take_option(self, attrs):
        chosen, value = self.values[self.choosing], attrs.get("value", "")
        if isinstance(chosen, list):
            chosen += [value] if "selected" in attrs else []
        elif chosen is None or "selected" in attrs:
            self.values[self.choosing] = value

    def handle_endtag(self, tag):
        if tag == "select":
            if self.choosing and self.values[self.choosing] is None:
                self.values[self.choosing] = ""
            self.choosing = None
        elif tag == "textarea":
            self.writing = None

    def handle_data(self, data):
        if self.writing:
            self.values[self.writing] += data.removeprefix("\n")


class DeskPage:
    """One form of the desk, opened; `set` and `add_row` fill it in, `save` sends it."""

    def __init__(self, client, address: str):
        self.client, self.address = client, address
        response = client.get(address)
        assert response.status_code == 200, (address, response.status_code)
        boxes = Boxes(response.content.decode()).values
        self.data = {name: held for name, held in boxes.items() if "__prefix__" not in name}
        self.empty = {name: held for name, held in boxes.items() if "__prefix__" in name}
        self.data.pop("q", None)

    def set(self, **fields):
        self.data |= fields
        return self

    def add_row(self, prefix: str, **fields) -> str:
        """Fill in a new row below the others, and return its own prefix."""
        number = int(self.data[f"{prefix}-TOTAL_FORMS"])
        self.data[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
        start = f"{prefix}-__prefix__-"
        own = f"{prefix}-{number}"
        blank = {n.removeprefix(start): v for n, v in self.empty.items() if n.startswith(start)}
        self.data |= {f"{own}-{name}": value for name, value in (blank | fields).items()}
        return own

    def save(self, **fields):
        """Send the form and return the answer: 302 when it was saved, 200 with errors."""
        return self.client.post(self.address, self.data | fields)


def errors_in(response) -> dict:
    """Return the sentences of a refused form by the name of the box they stand at."""
    form = response.context["adminform"].form
    found = {name: list(map(str, sentences)) for name, sentences in form.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        for row in inline.formset.forms:
            found |= {f"{row.prefix}-{n}": list(map(str, s)) for n, s in row.errors.items()}
    return found


def open_form(client, record) -> DeskPage:
    """Open the form in which a record is changed."""
    options = record._meta
    name = f"admin:{options.app_label}_{options.model_name}_change"
    return DeskPage(client, reverse(name, args=[record.pk]))
