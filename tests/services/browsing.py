"""A reader or an editor at the address of a real server: cookies, forms, no redirects."""

import urllib.error
import urllib.parse
import urllib.request
from http.cookies import SimpleCookie

from tests.desk_forms import Boxes
from tests.services.conftest import Answer

PASSWORD = "open-desk-of-the-tests"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


class Browser:
    """Keeps the cookies of one person; several servers on one host get the same ones."""

    def __init__(self, cookies=()):
        self.cookies = dict(cookies)
        self.opener = urllib.request.build_opener(NoRedirect)

    def ask(self, address, data=None, timeout=30) -> Answer:
        if data is not None:
            data = urllib.parse.urlencode(data, doseq=True).encode()
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        request = urllib.request.Request(address, data, {"Cookie": sent} if sent else {})
        try:
            answer = self.opener.open(request, timeout=timeout)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            self.keep(answer.headers.get_all("Set-Cookie", []))
            return Answer(answer.status, answer.headers, answer.read().decode())

    def keep(self, lines):
        for line in lines:
            for name, cookie in SimpleCookie(line).items():
                self.cookies[name] = cookie.value
                if not cookie.value:
                    del self.cookies[name]

    def send(self, address, /, **fields) -> Answer:
        """Open the page, change some boxes of its form, send it."""
        return self.fill_in(self.ask(address), address, **fields)

    def fill_in(self, page, address, /, **fields) -> Answer:
        """Send the form of a page that is open, with some boxes changed."""
        assert page.status in {200, 422}, page.text
        boxes = Boxes(page.text).values | fields
        return self.ask(address, {name: held for name, held in boxes.items() if held is not None})

    def log_in(self, site, name="admin"):
        answer = self.send(f"{site}/desk/login/", username=name, password=PASSWORD, next="/desk/")
        assert answer.status == 302, answer.text
        return self
