"""Real services on free ports: the site under granian, nginx before it, and Redis.

Each fixture lives for the session and fails when its program is missing.

- `site` starts the site as `make serve` does, on a fresh SQLite file with the demo data.
- `nginx` puts a real nginx before it; its value is the address, `http://127.0.0.1:port`.
- `redis` is the address of an empty Redis, `redis://127.0.0.1:port/0`.
- `fetch(path)` asks nginx for a page, follows no redirect, and gives an `Answer`.
"""

import http.client
import os
import secrets
import shutil
import socket
import string
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # Seconds until a service must listen; a busy machine is slow.


@dataclass
class Answer:
    status: int
    headers: Message
    text: str


def program(name):
    path = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:{Path(sys.executable).parent}")
    if not path:
        pytest.fail(f"{name} is not installed; .ci/run installs it with CI=true.", pytrace=False)
    return path


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def running(command, port, log, **options):
    """Start a server, wait until it listens on its port, and stop it at the end."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, **options)
        try:
            deadline = time.monotonic() + PATIENCE
            while not listens(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(f"{command[0]} did not start:\n{log.read_text()}", pytrace=False)
                time.sleep(0.1)
            yield process
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def site_environment(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    return os.environ | {
        "DEBUG": "false",
        "INSECURE_HTTP": "true",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
    }


def manage(environment, *command):
    """Run a management command; what it complains of is in the failure."""
    command = [sys.executable, "manage.py", *command]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def static_files(site_environment):
    manage(site_environment, "collectstatic", "--no-input")


@pytest.fixture(scope="session")
def site(site_environment, static_files, tmp_path_factory):
    """The port of the site: migrated, with demo data, served by two granian workers."""
    granian = program("granian")
    manage(site_environment, "migrate")
    manage(site_environment, "load_demo")
    port = free_port()
    command = [granian, "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "8", "wpssite.wsgi:application"]
    log = tmp_path_factory.mktemp("granian") / "log"
    with running(command, port, log, cwd=ROOT, env=site_environment):
        yield port


@pytest.fixture(scope="session")
def nginx(site, tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    run_as = "user root;" if os.geteuid() == 0 else ""
    template = string.Template(Path(__file__).with_name("nginx.conf").read_text())
    config = folder / "nginx.conf"
    config.write_text(template.substitute(folder=folder, port=port, site_port=site, run_as=run_as))
    command = [program("nginx"), "-p", str(folder), "-c", str(config), "-e", "stderr"]
    with running(command, port, folder / "log"):
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="session")
def redis(tmp_path_factory):
    folder, port = tmp_path_factory.mktemp("redis"), free_port()
    command = [program("redis-server"), "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--dir", str(folder), "--save", ""]
    with running(command, port, folder / "log"):
        yield f"redis://127.0.0.1:{port}/0"


@pytest.fixture(scope="session")
def fetch(nginx):
    def ask(path, method="GET", headers=None):
        connection = http.client.HTTPConnection(nginx.removeprefix("http://"), timeout=30)
        try:
            connection.request(method, path, headers=headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode())
        finally:
            connection.close()

    return ask
