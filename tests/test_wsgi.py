"""The server's door as a server finds it, in a process of its own."""

import os
import subprocess
import sys

import pytest

ASK = """
from django.core.signals import request_started
from wpssite.wsgi import application
from django.test import RequestFactory

seen = []
request_started.connect(lambda environ, **_: seen.append(environ["REMOTE_ADDR"]), weak=False)
environ = RequestFactory(SERVER_NAME="127.0.0.1").get("/robots.txt").environ
environ |= {"REMOTE_ADDR": "%s", "HTTP_X_FORWARDED_FOR": "198.51.100.7"}
list(application(environ, lambda status, headers: seen.append(status)))
print(*seen)
"""


@pytest.mark.parametrize(
    ("trusted", "comes_from", "seen"),
    [
        ("10.0.0.1", "10.0.0.1", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("", "10.0.0.1", "10.0.0.1"),
    ],
)
def test_only_a_trusted_proxy_says_who_asks(trusted, comes_from, seen):
    environment = os.environ | {"TRUSTED_PROXIES": trusted, "DATABASE_URL": "sqlite:///:memory:"}

    told = subprocess.run(
        [sys.executable, "-c", ASK % comes_from], env=environment, capture_output=True, text=True
    )

    assert told.stdout.strip() == f"{seen} 200 OK", told.stderr
