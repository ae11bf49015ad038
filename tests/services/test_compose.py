"""deploy/compose.yaml and its image: all that can be tried without a daemon that runs containers.

Not tried here: the building of the image, and what the images of others do.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from .conftest import ROOT, free_port, program, running
from .proxies import TEMPLATE
from .test_units import UNITS, started, wait_for

DEPLOY = ROOT / "deploy"
WANTED = {
    "SERVER_NAME": "wps.example.org",
    "SECRET_KEY": "key",
    "DATABASE_PASSWORD": "password",
    "SECURITY_CONTACT": "mailto:security@example.org",
    "TLS_FOLDER": "/etc/ssl",
}


def compose(*words, **variables):
    command = [program("docker-compose"), "--file", str(DEPLOY / "compose.yaml"), *words]
    clean = {name: value for name, value in os.environ.items() if name not in WANTED}
    return subprocess.run(command, env=clean | variables, capture_output=True, text=True)


@pytest.fixture(scope="module")
def services():
    done = compose("config", **WANTED)
    assert done.returncode == 0, done.stderr
    return yaml.safe_load(done.stdout)["services"]


def image_lines(word) -> list[str]:
    text = (DEPLOY / "Dockerfile").read_text().replace("\\\n", " ")
    return [line.removeprefix(f"{word} ") for line in text.splitlines() if line.startswith(word)]


@pytest.mark.parametrize("left_out", sorted(WANTED))
def test_nothing_starts_without_what_only_the_owner_knows(left_out):
    given = {name: value for name, value in WANTED.items() if name != left_out}

    assert compose("config", **given).returncode != 0


def test_the_example_names_every_variable():
    named = re.findall(r"^([A-Z_]+)=", (DEPLOY / ".env.example").read_text(), re.MULTILINE)
    asked = re.findall(r"(?<!\$)\$\{([A-Z_]+)", (DEPLOY / "compose.yaml").read_text())

    assert set(asked) == set(WANTED) == set(named) - {"COMPOSE_PROJECT_NAME"}


def test_images_are_pinned_and_the_site_has_no_rights(services):
    images = [service["image"] for service in services.values()] + image_lines("FROM")
    assert all(re.search(r":(\w+-)?\d|:built-here$", image) for image in images), images
    assert image_lines("USER") == ["10001"]
    for name in ("site-1", "site-2", "release", "clearsessions"):
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["read_only"] is True


def test_only_the_proxy_is_reached_from_outside(services):
    assert [name for name, service in services.items() if service.get("ports")] == ["proxy"]
    assert [name for name, s in services.items() if "outside" in s["networks"]] == ["proxy"]


def test_the_proxy_fills_in_all_of_the_template_and_nothing_of_nginx(services):
    names = set(re.findall(r"\$\{([A-Z_0-9]+)\}", TEMPLATE.read_text()))
    given = services["proxy"]["environment"]
    chosen = re.compile(given["NGINX_ENVSUBST_FILTER"].replace("$$", "$"))

    assert names <= set(given)
    assert all(chosen.search(name) for name in names)
    assert not chosen.search("PATH")


def test_the_image_gets_every_file_it_copies_and_no_secret():
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text().split()
    copied = [name for line in image_lines("COPY") for name in line.split()[:-1]]

    assert ignored[0] == "*"
    assert {name.removeprefix("!") for name in ignored if name[0] == "!"} == set(copied)
    assert all((ROOT / name).exists() for name in copied)


def test_the_image_starts_the_site_as_the_unit_does():
    unit = re.search(
        r"^ExecStart=\S+/granian (.+)$", (UNITS / "wpssite@.service").read_text(), re.M
    )
    filled = unit[1]
    for name, value in {
        "${HOST}": "0.0.0.0",
        "%i": "8000",
        "${WORKERS}": "2",
        "${THREADS}": "8",
    }.items():
        filled = filled.replace(name, value)

    assert json.loads(image_lines("CMD")[0]) == ["granian", *filled.split()]


def here(command, port) -> list[str]:
    words = [word.replace("0.0.0.0", "127.0.0.1").replace("8000", str(port)) for word in command]
    return [program(words[0]) if words[0] != "python" else sys.executable, *words[1:]]


def test_the_commands_of_the_site_do_what_they_are_for(services, site, site_environment, tmp_path):
    environment = site_environment | {
        "STATIC_ROOT": str(tmp_path / "static"),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        services["release"]["command"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "static/staticfiles.json").exists()

    port = free_port()
    health = here(services["site-1"]["healthcheck"]["test"][1:], port)
    serve = here(json.loads(image_lines("CMD")[0]), port)
    log = tmp_path / "log"
    with running(serve, port, log, cwd=ROOT, env=environment):
        wait_for(lambda: started(log, 2))
        assert subprocess.run(health, capture_output=True).returncode == 0
    assert subprocess.run(health, capture_output=True).returncode != 0


def test_the_cache_starts_with_its_words(services, tmp_path):
    name, *words = services["cache"]["command"]
    assert name == "valkey-server"  # It takes the words of redis-server, from which it comes.
    port = free_port()
    command = [program("redis-server"), *words, "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--dir", str(tmp_path)]
    with running(command, port, tmp_path / "log"):
        ask = [program("redis-cli"), "-p", str(port), "config", "get", "maxmemory-policy"]
        said = subprocess.run(ask, check=True, capture_output=True, text=True).stdout

    assert said.split() == ["maxmemory-policy", "allkeys-lru"]
