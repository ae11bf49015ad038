"""PostgreSQL clusters of a test's own, in a temporary folder on free ports, and sites on them."""

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.services.conftest import ROOT, free_port, program, running

NOTHING = subprocess.DEVNULL
ONLOOKER = "onlooker"  # what the tests' own connections call themselves


def as_database_owner(*command):
    """Run a command as somebody PostgreSQL agrees to run for: it refuses root."""
    if os.geteuid() == 0:
        command = "setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command
    subprocess.run(command, check=True, stdout=NOTHING, stderr=subprocess.PIPE, timeout=60, cwd="/")


def server_program(name):
    """Return a program beside the real `initdb`, past Debian's wrapper around some of them."""
    return str(Path(program("initdb")).resolve().with_name(name))


class Cluster:
    """One PostgreSQL server; loopback alone reaches it, so it asks for no password."""

    def __init__(self, folder: Path):
        self.folder, self.port = folder, free_port()
        self.url = f"postgres://wpssite@127.0.0.1:{self.port}/postgres"

    def make(self):
        options = ["--username=wpssite", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
        as_database_owner(server_program("initdb"), "-D", self.folder, "--no-sync", *options)
        return self

    def copy_of(self, primary):
        """Fill the folder with a copy of a running server that goes on following it."""
        source = f"host=127.0.0.1 port={primary.port} user=wpssite"
        options = ["--checkpoint=fast", "--write-recovery-conf", "--no-sync", "--dbname", source]
        as_database_owner(server_program("pg_basebackup"), "-D", self.folder, *options)
        return self

    def start(self):
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        self.control("start", "--log", f"{self.folder}/log", "--options", options)
        return self

    def stop(self):
        self.control("stop", "--mode=immediate")

    def control(self, *words):
        as_database_owner(server_program("pg_ctl"), "-D", self.folder, "--wait", *words)

    def ask(self, query, *values):
        """Return the first value of the first row, on a connection past every pool."""
        with psycopg.connect(self.url, autocommit=True, application_name=ONLOOKER) as connection:
            return connection.execute(query, values).fetchone()[0]

    def change(self, statement):
        """Run a statement that returns nothing."""
        with psycopg.connect(self.url, autocommit=True, application_name=ONLOOKER) as connection:
            connection.execute(statement)


@contextmanager
def clusters_folder():
    """A folder for clusters whose owner may enter it, unlike pytest's own; servers end with it."""
    folder = Path(tempfile.mkdtemp(prefix="wpssite-clusters-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    try:
        yield folder
    finally:
        for data in folder.iterdir():
            if (data / "postmaster.pid").exists():
                as_database_owner(server_program("pg_ctl"), "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


@contextmanager
def serving(environment, log, workers=2):
    """The address of a site of its own, as production runs it."""
    port = free_port()
    command = [program("granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(workers), "wpssite.wsgi:application"]
    with running(command, port, log, cwd=ROOT, env=environment):
        yield f"http://127.0.0.1:{port}"
