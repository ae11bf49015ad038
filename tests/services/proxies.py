"""deploy/nginx as it is shipped, filled in as the documentation says, on free ports with TLS.

- `proxy(folder, site_1, site_2, …)` runs it; `ask` sends a request and gives an `Answer`.
- `Script` is a site that answers what a test tells it and notes what reached it.
"""

import http.client
import os
import socket
import ssl
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from .conftest import ROOT, Answer, free_port, program, running

TEMPLATE = ROOT / "deploy/nginx/nginx.conf.template"
NAME = "wps.example.org"


@dataclass
class Proxy:
    http_port: int
    https_port: int
    folder: Path

    def context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.folder / "certificate.pem")

    def tls(self, name=NAME, context=None) -> ssl.SSLSocket:
        """Return an open connection to whom the server believes to be asked for `name`."""
        plain = socket.create_connection(("127.0.0.1", self.https_port), timeout=30)
        return (context or self.context()).wrap_socket(plain, server_hostname=name)

    def ask(self, path, method="GET", headers=None, body=None, name=NAME) -> Answer:
        connection = http.client.HTTPConnection(name)
        connection.sock = self.tls(name)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read().decode("latin-1"))
        finally:
            connection.close()

    def log(self) -> str:
        return (self.folder / "access.log").read_text()


def make_certificate(folder):
    command = [program("openssl"), "req", "-x509", "-nodes", "-days", "2", "-newkey", "ec"]
    command += ["-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", f"/CN={NAME}"]
    command += ["-addext", f"subjectAltName=DNS:{NAME}"]
    command += ["-keyout", folder / "key.pem", "-out", folder / "certificate.pem"]
    subprocess.run(command, check=True, capture_output=True)


def fill_in(folder, **values) -> Path:
    """Write nginx.conf as docs/operate.md says: with envsubst, and only our own names."""
    names = " ".join(f"${{{name}}}" for name in values)
    config = folder / "nginx.conf"
    with TEMPLATE.open() as template, config.open("w") as out:
        environment = os.environ | {name: str(value) for name, value in values.items()}
        command = [program("envsubst"), names]
        subprocess.run(command, stdin=template, stdout=out, env=environment, check=True)
    return config


@contextmanager
def proxy(folder, *sites, static_root=ROOT / "staticfiles"):
    """Run nginx before one or two sites, given as host:port; its log is in `folder`."""
    made = Proxy(free_port(), free_port(), folder)
    make_certificate(folder)
    config = fill_in(
        folder,
        SERVER_NAME=NAME,
        SITE_1=sites[0],
        SITE_2=sites[-1],
        HTTP_PORT=made.http_port,
        HTTPS_PORT=made.https_port,
        CERTIFICATE=folder / "certificate.pem",
        CERTIFICATE_KEY=folder / "key.pem",
        STATIC_ROOT=static_root,
        CACHE_FOLDER=folder,
        LOG_FOLDER=folder,
        NGINX_USER="root" if os.geteuid() == 0 else "nobody",
    )
    command = [program("nginx"), "-c", str(config), "-e", "stderr"]
    command += ["-g", f"daemon off; pid {folder}/nginx.pid;"]
    with running(command, made.https_port, folder / "nginx.log"):
        yield made


@contextmanager
def granian(environment, folder):
    """Run the site with one worker and give its address."""
    port = free_port()
    command = [program("granian"), "--interface", "wsgi", "--port", str(port)]
    command += ["wpssite.wsgi:application"]
    with running(command, port, folder / f"granian-{port}.log", cwd=ROOT, env=environment):
        yield f"127.0.0.1:{port}"


def shell(environment, code) -> str:
    """Run lines of Python in the site's own shell, and return what they print."""
    command = [sys.executable, "manage.py", "shell", "--no-imports", "--command", code]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Script:
    """A site of a few lines: `answers[path]` is (status, headers, text); without status it dies."""

    def __init__(self):
        self.answers, self.seen, self.held = {}, [], {}
        script = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                script.seen.append((self.command, self.path, dict(self.headers)))
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path in script.held:
                    begun, finish = script.held.pop(self.path)
                    begun.set()
                    finish.wait(5)
                status, headers, text = script.answers.get(self.path, (200, {}, "ok"))
                if status is None:  # Dies after it has read the request.
                    self.connection.shutdown(socket.SHUT_RDWR)
                    self.close_connection = True
                    return
                self.send_response(status)
                for name, value in ({"Content-Length": str(len(text))} | headers).items():
                    self.send_header(name, value)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(text.encode())

            do_GET = do_HEAD = do_POST = answer

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def hold(self, path) -> tuple[threading.Event, threading.Event]:
        """Let the next request for a path wait; the events say that it came, and let it go on."""
        self.held[path] = threading.Event(), threading.Event()
        return self.held[path]

    def times(self, path, method="GET") -> int:
        return sum(seen[:2] == (method, path) for seen in self.seen)

    def headers_of(self, path) -> dict:
        return next(headers for _, asked, headers in reversed(self.seen) if asked == path)

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
