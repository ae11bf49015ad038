"""A client of the desk over HTTP, with cookies, for `tests.desk_forms.DeskPage`."""

import urllib.error
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy

from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.desk_forms import DeskPage


@dataclass
class Response:
    status_code: int
    headers: dict
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()


class Unmoved(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *words):
        return None


class DeskClient:
    def __init__(self, address: str):
        self.address = address
        self.cookies = CookieJar(DefaultCookiePolicy(rfc2965=False))
        jar = urllib.request.HTTPCookieProcessor(self.cookies)
        self.opener = urllib.request.build_opener(Unmoved, jar)

    def send(self, path, body=None, headers=None) -> Response:
        request = urllib.request.Request(self.address + path, body, headers or {})
        try:
            with self.opener.open(request, timeout=60) as answer:
                return Response(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as answer:
            with answer:
                return Response(answer.code, answer.headers, answer.read())

    def get(self, path) -> Response:
        return self.send(path)

    def post(self, path, data) -> Response:
        known = {name: value for name, value in data.items() if value is not None}
        body = encode_multipart(BOUNDARY, known)
        return self.send(path, body, {"Content-Type": MULTIPART_CONTENT})

    def log_in(self, name, password):
        form = DeskPage(self, "/desk/login/").set(username=name, password=password)
        assert form.save().status_code == 302
        return self
