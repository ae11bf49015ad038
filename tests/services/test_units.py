"""deploy/systemd: units that systemd accepts, and whose command lines do what they are for."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing, suppress
from pathlib import Path

import pytest

from .conftest import ROOT, free_port, program, running
from .proxies import shell

UNITS = ROOT / "deploy/systemd"
SERVICES = ["wpssite@.service", "wpssite-release.service", "wpssite-clearsessions.service"]
EXPOSURE = 15  # tenths, of ten; 1.4 was measured
HOME = "/srv/wpssite/current"
# A kernel's own refusal of memory that is written and run, as MemoryDenyWriteExecute asks for.
DENY = "import ctypes, os, sys; assert not ctypes.CDLL(None).prctl(65, 1, 0, 0, 0); "
DENY += "os.execv(sys.argv[1], sys.argv[1:])"


def lines_of(unit, key) -> list[str]:
    return re.findall(rf"^{key}=(.+)$", (UNITS / unit).read_text(), re.MULTILINE)


def here(line, **values) -> list[str]:
    """Return a command line of a unit as it runs on this machine, from the repository."""
    line = line.replace(f"{HOME}/.venv/bin", str(Path(sys.executable).parent))
    for name, value in values.items():
        line = line.replace(name, str(value))
    assert not re.search(r"[$%]", line), line
    return shlex.split(line)


@pytest.fixture
def installed(tmp_path):
    """The units in a folder, with the programs where this machine has them."""
    for path in [*UNITS.glob("*.service"), *UNITS.glob("*.timer")]:
        text = path.read_text().replace(f"{HOME}/.venv/bin", str(Path(sys.executable).parent))
        name = path.name.replace("@.", "@8000.")
        (tmp_path / name).write_text(text.replace(HOME, str(ROOT)))
    return tmp_path


@pytest.fixture(scope="module")
def environment(site_environment, tmp_path_factory):
    """A site of its own, brought to its version as `wpssite-release` does."""
    folder = tmp_path_factory.mktemp("units")
    made = site_environment | {
        "DATABASE_URL": f"sqlite:///{folder / 'site.sqlite3'}",
        "STATIC_ROOT": str(folder / "static"),
        "MEDIA_ROOT": str(folder / "media"),
    }
    for line in lines_of("wpssite-release.service", "ExecStart"):
        done = subprocess.run(here(line), cwd=ROOT, env=made, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return made


def test_systemd_accepts_every_unit(installed):
    command = [program("systemd-analyze"), "verify", *map(str, sorted(installed.iterdir()))]

    done = subprocess.run(command, capture_output=True, text=True)

    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_a_unit_may_do_little_on_its_machine(installed, name):
    path = installed / name.replace("@.", "@8000.")
    command = [program("systemd-analyze"), "security", "--offline=true", f"--threshold={EXPOSURE}"]

    done = subprocess.run([*command, str(path)], capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def test_the_timer_has_a_time_that_systemd_can_read():
    (when,) = lines_of("wpssite-clearsessions.timer", "OnCalendar")

    subprocess.run([program("systemd-analyze"), "calendar", when], check=True, capture_output=True)


def test_the_kernel_knows_what_sysctl_sets():
    for line in (UNITS / "sysctl.conf").read_text().splitlines():
        if not line.startswith("#"):
            name = line.partition(" = ")[0]
            assert Path("/proc/sys", *name.split(".")).exists(), name


def test_every_variable_of_the_example_is_one_of_the_site():
    known = set(re.findall(r'env[.a-z]*\("([A-Z_]+)"', (ROOT / "wpssite/settings.py").read_text()))
    known |= {"WORKERS"}  # Of the unit itself.

    named = re.findall(r"^#?([A-Z_]+)=", (UNITS / "site.env").read_text(), re.MULTILINE)

    assert set(named) <= known


def test_a_release_makes_tables_and_files(environment):
    check = [sys.executable, "manage.py", "migrate", "--check"]
    assert subprocess.run(check, cwd=ROOT, env=environment, capture_output=True).returncode == 0
    static = Path(environment["STATIC_ROOT"])
    assert (static / "staticfiles.json").exists()
    assert list(static.glob("css/*.????????????.css.gz"))


COUNT = "from django.contrib.sessions.models import Session; print(Session.objects.count())"
MAKE_ENDED = """
from datetime import timedelta
from django.contrib.sessions.models import Session
from django.utils import timezone
now = timezone.now()
Session.objects.create(session_key="ended", session_data="", expire_date=now - timedelta(hours=1))
Session.objects.create(session_key="going", session_data="", expire_date=now + timedelta(hours=1))
"""


def test_ended_sessions_are_forgotten(environment):
    shell(environment, MAKE_ENDED)
    (line,) = lines_of("wpssite-clearsessions.service", "ExecStart")

    subprocess.run(here(line), cwd=ROOT, env=environment, check=True, capture_output=True)

    assert shell(environment, COUNT).split() == ["1"]


def children(pid) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [
        int(child) for child in listed if "granian" in Path(f"/proc/{child}/cmdline").read_text()
    ]


def answers(port, path="/healthz") -> bool:
    with suppress(OSError, urllib.error.URLError):
        address = f"http://127.0.0.1:{port}{path}"
        with closing(urllib.request.urlopen(address, timeout=5)) as answer:
            return answer.status == 200
    return False


def wait_for(what, seconds=30):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def started(log, number) -> bool:
    """Whether workers have started so often; Granian loses a SIGTERM that meets a starting one."""
    return log.read_text().count("Started worker") >= number


WORKERS = 2


def site_on(port) -> list[str]:
    """Return the command of the site, as bare as the unit asks.

    No new rights, no capabilities, no memory both written and run.
    """
    (line,) = lines_of("wpssite@.service", "ExecStart")
    (settings,) = lines_of("wpssite@.service", "Environment")
    values = dict(setting.split("=") for setting in settings.split())
    assert int(values["WORKERS"]) == WORKERS
    filled = {f"${{{name}}}": value for name, value in values.items()} | {"%i": port}
    bare = [program("setpriv"), "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
    bare = bare if os.geteuid() == 0 else [program("setpriv"), "--no-new-privs"]
    return [*bare, sys.executable, "-c", DENY, *here(line, **filled)]


def kill_a_worker(process, log):
    """Kill one of the workers and wait until another one stands in its place."""
    wait_for(lambda: started(log, WORKERS))
    workers = children(process.pid)
    assert len(workers) == WORKERS
    os.kill(workers[0], signal.SIGKILL)
    wait_for(lambda: len(set(children(process.pid)) - {workers[0]}) == WORKERS)
    wait_for(lambda: started(log, WORKERS + 1))


def test_the_service_answers_and_replaces_a_worker_that_dies(environment, tmp_path):
    port, log = free_port(), tmp_path / "log"
    with running(site_on(port), port, log, cwd=ROOT, env=environment) as process:
        kill_a_worker(process, log)
        assert all(answers(port) for _ in range(10))
    assert process.returncode == 0


def test_a_site_that_runs_stays_with_its_version_when_the_link_turns(environment, tmp_path):
    old, new, current = tmp_path / "old", tmp_path / "new", tmp_path / "current"
    for name in ["wpssite", "events", "network", "templates", "static"]:
        shutil.copytree(ROOT / name, old / name)
    new.mkdir()
    current.symlink_to(old)
    port, log = free_port(), tmp_path / "log"
    with running(site_on(port), port, log, cwd=current, env=environment) as process:
        wait_for(lambda: started(log, WORKERS))
        current.unlink()
        current.symlink_to(new)  # Nothing is in it.
        kill_a_worker(process, log)
        # The desk's code and templates are read only now, by both workers.
        assert all(answers(port, "/desk/login/") for _ in range(10))
