"""Servers under measurement: started as in production, watched through /proc, stopped."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from .settings import ROOT

PATIENCE = 60  # seconds until a server must answer
TICKS = os.sysconf("SC_CLK_TCK")
NGINX = """
{user}
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{}}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 10000000;
    open_file_cache max=100 inactive=1h;
    default_type text/html;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{ listen 127.0.0.1:{port}; root {finished}; }}
}}
"""


def program(name: str) -> str:
    """Return the path of a program. Exits with a sentence if it is not installed."""
    here = Path(sys.executable).parent
    path = shutil.which(name, path=f"{here}:{os.environ['PATH']}:/usr/sbin")
    if not path:
        raise SystemExit(f"{name} is needed to measure. On Debian or Ubuntu: apt-get install wrk "
                         "nginx-light")  # fmt: skip
    return path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def production(database_url: str, folder: Path, **extra) -> dict:
    """Return the environment of the site as `make serve` sets it."""
    return os.environ | {
        "DEBUG": "false",
        "INSECURE_HTTP": "true",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "DATABASE_URL": database_url,
        "MEDIA_ROOT": str(folder / "media"),
        **extra,
    }


def manage(environment: dict, *arguments) -> float:
    """Run a command of manage.py and return how many seconds it took."""
    began = time.perf_counter()
    command = [sys.executable, "manage.py", *arguments]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


@dataclass
class Server:
    """A running server: its port, and what its processes have used."""

    name: str
    port: int
    process: subprocess.Popen
    started_in: float  # seconds from its start to the first answer

    def processes(self) -> list[int]:
        """Return the keys of the process and all below it."""
        parents = {}
        for entry in Path("/proc").glob("[0-9]*/stat"):
            fields = fields_of(entry)
            if fields:
                parents.setdefault(int(fields[1]), []).append(int(entry.parent.name))
        found = [self.process.pid]
        for process in found:
            found += parents.get(process, [])
        return found

    def cpu(self) -> float:
        """Return the seconds of processor time that all its processes have used."""
        stats = [fields_of(Path(f"/proc/{process}/stat")) for process in self.processes()]
        return sum(int(fields[11]) + int(fields[12]) for fields in stats if fields) / TICKS

    def memory(self) -> list[dict]:
        """Return megabytes of each worker, a process below the first: {"rss": …, "pss": …}."""
        return [rollup(process) for process in self.processes()[1:]]

    def shared(self) -> float:
        """Return the megabytes of the files in memory that its workers share."""
        files = Path("/dev/shm").glob(f"wpssite-pages-{self.process.pid}-*/*/*")
        return sum(file.stat().st_blocks for file in files) * 512 / 2**20


def fields_of(stat: Path) -> list[str]:
    """Return what /proc tells of a process, from its state on; nothing when it is gone."""
    try:
        return stat.read_text().rpartition(") ")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def rollup(process: int) -> dict:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in lines}
    return {"rss": kilobytes["Rss"] / 1024, "pss": kilobytes["Pss"] / 1024}


@contextmanager
def running(name: str, command: list[str], port: int, first: str, environment: dict, log: Path):
    """Start a server, wait for its first page, stop it at the end."""
    with log.open("wb") as output:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=output, stderr=output, start_new_session=True
        )
        try:
            while not answers(port, first):
                late = time.perf_counter() - began > PATIENCE
                if late or process.poll() is not None:
                    raise SystemExit(f"{name} did not start:\n{log.read_text()}")
                time.sleep(0.005)
            yield Server(name, port, process, time.perf_counter() - began)
        finally:
            process.terminate()
            process.wait(timeout=20)


@dataclass
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes


def fetch(port: int, path: str, headers: dict | None = None) -> Answer:
    """Ask for one page, over a connection of its own."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers=headers or {})
        response = connection.getresponse()
        return Answer(response.status, response.getheaders(), response.read())
    finally:
        connection.close()


def answers(port: int, path: str) -> bool:
    try:
        return fetch(port, path).status == 200
    except (OSError, HTTPException):
        return False


def granian(name: str, target: str, environment: dict, folder: Path, first="/", workers=1):
    """Run a WSGI application on the server of `make serve`."""
    port = free_port()
    command = [program("granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(workers), "--blocking-threads", "8", target]
    return running(name, command, port, first, environment, folder / f"{name}.log")


def nginx(finished: Path, folder: Path, first: str):
    """Run nginx with one worker that sends the finished pages as files."""
    port = free_port()
    config = folder / "nginx.conf"
    user = "user root;" if os.geteuid() == 0 else ""
    config.write_text(NGINX.format(folder=folder, finished=finished, port=port, user=user))
    command = [program("nginx"), "-p", str(folder), "-c", str(config), "-e", "stderr"]
    return running("nginx", command, port, first, dict(os.environ), folder / "nginx.log")
