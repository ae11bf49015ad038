"""Machines of the site in network namespaces of their own, and one PostgreSQL for all.

Needs root. Each host has a line of its own to this machine (a veth pair), nothing between them.
"""

import os
import secrets
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from .conftest import PATIENCE, ROOT, free_port, program

PORT = 8000  # The same on each host: their networks are apart.


def may_make_networks() -> bool:
    name = f"wps-{os.getpid()}-try"
    made = subprocess.run([program("ip"), "netns", "add", name], capture_output=True)
    if made.returncode == 0:
        subprocess.run([program("ip"), "netns", "del", name], check=True)
    return made.returncode == 0


def ip(*words):
    done = subprocess.run([program("ip"), *words], capture_output=True, text=True)
    assert done.returncode == 0, (words, done.stderr)


@dataclass
class Host:
    """One machine: `address` is its own, `outside` the one of this machine as the host sees it."""

    number: int
    folder: Path
    processes: list = field(default_factory=list)

    def __post_init__(self):
        self.name = f"wps-{os.getpid()}-{self.number}"
        self.line = f"w{os.getpid()}h{self.number}"[:15]
        network = f"10.213.{os.getpid() % 250}"
        self.outside = f"{network}.{4 * self.number + 1}"
        self.address = f"{network}.{4 * self.number + 2}"

    def plug_in(self):
        ip("netns", "add", self.name)
        ip("link", "add", self.line, "type", "veth", "peer", "name", "eth0", "netns", self.name)
        ip("address", "add", f"{self.outside}/30", "dev", self.line)
        ip("link", "set", self.line, "up")
        ip("-n", self.name, "address", "add", f"{self.address}/30", "dev", "eth0")
        ip("-n", self.name, "link", "set", "lo", "up")
        ip("-n", self.name, "link", "set", "eth0", "up")

    def serve(self, environment):
        command = [program("ip"), "netns", "exec", self.name, program("granian")]
        command += ["--interface", "wsgi", "--host", self.address, "--port", str(PORT)]
        command += ["--blocking-threads", "4", "wpssite.wsgi:application"]
        log = (self.folder / f"{self.name}.log").open("ab")
        with log:
            process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.processes.append(process)
        deadline = time.monotonic() + PATIENCE
        while not self.listens():
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail((self.folder / f"{self.name}.log").read_text(), pytrace=False)
            time.sleep(0.1)

    def listens(self) -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex((self.address, PORT)) == 0

    def kill(self):
        """End everything on the host at once, as a crash does."""
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, 9)
                process.wait(timeout=20)
        self.processes.clear()

    def unplug(self):
        """Cut the line at the host's end: nothing is refused, nothing answers.

        At this end the route would go too, and what is meant for the host would go elsewhere.
        """
        ip("-n", self.name, "link", "set", "eth0", "down")

    def remove(self):
        self.kill()
        subprocess.run([program("ip"), "link", "del", self.line], capture_output=True)
        subprocess.run([program("ip"), "netns", "del", self.name], capture_output=True)


@contextmanager
def hosts(count, folder):
    if not may_make_networks():
        pytest.fail("Network namespaces need root: run .ci/run as root.", pytrace=False)
    made = [Host(number, folder) for number in range(count)]
    try:
        for host in made:
            host.plug_in()
        yield made
    finally:
        for host in made:
            host.remove()


def as_database_owner(*command):
    """Run as the account of PostgreSQL, which refuses root; from a folder that it may enter."""
    drop = ["--reuid=postgres", "--regid=postgres", "--clear-groups"]
    done = subprocess.run(
        [program("setpriv"), *drop, *map(str, command)], cwd="/", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def postgresql(addresses):
    """Run a PostgreSQL that listens on `addresses`; give its account and port."""
    cluster = Path(f"/run/wps-{os.getpid()}-cluster")  # Its owner may not enter pytest's folders.
    cluster.mkdir(mode=0o755)
    password, port = secrets.token_hex(16), free_port()
    (cluster / "password").write_text(password)
    for path in (cluster, cluster / "password"):
        shutil.chown(path, "postgres", "postgres")
    data = cluster / "data"
    try:
        as_database_owner(
            program("initdb"), f"--pgdata={data}", "--username=wpssite", "--auth=scram-sha-256",
            f"--pwfile={cluster / 'password'}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        with (data / "pg_hba.conf").open("a") as rules:
            rules.write("host all all samenet scram-sha-256\n")
        options = f"-p {port} -k {cluster} -c listen_addresses={','.join(addresses)} -c fsync=off"
        pg_ctl = [program("pg_ctl"), f"--pgdata={data}", f"--log={cluster / 'log'}", "--silent"]
        as_database_owner(*pg_ctl, "--wait", f"--options={options}", "start")
        try:
            yield f"wpssite:{password}", port
        finally:
            as_database_owner(*pg_ctl, "--mode=immediate", "stop")
    finally:
        shutil.rmtree(cluster)
