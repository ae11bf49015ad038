"""Asking for one page again and again, and what it cost the server."""

import re
import subprocess
from dataclasses import dataclass
from statistics import median

from .servers import Server, fetch, program

FAST, SLOW = 16, 4  # connections kept open, to what answers at once and to what works


@dataclass(frozen=True)
class Round:
    """One measurement of one page on one server."""

    rate: float  # requests a second
    cpu: float  # milliseconds of processor time that the server took for a request


@dataclass(frozen=True)
class Target:
    """A page on a server, as a measurement asks for it."""

    server: Server
    path: str
    connections: int
    headers: tuple[str, ...] = ()
    status: int = 200

    @property
    def sent(self) -> dict[str, str]:
        return dict(header.split(": ", 1) for header in self.headers)

    def warm(self):
        """Ask some times, so that caches are filled. Exits if an answer is not the right one."""
        for _ in range(5):
            answer = fetch(self.server.port, self.path, self.sent)
            if answer.status != self.status:
                raise SystemExit(f"{self.server.name}: {self.path} answers {answer.status}")


def measure(target: Target, seconds: int) -> Round:
    """Ask for a page for some seconds, and return what that cost the server."""
    before = target.server.cpu()
    number, rate = by_wrk(target, seconds)
    return Round(rate, (target.server.cpu() - before) * 1000 / max(number, 1))


def by_wrk(target: Target, seconds: int) -> tuple[int, float]:
    """Return how many answers came, and how many a second. Exits if one is not a good one.

    The last request of each connection is left unfinished and does not count, though it costs.
    """
    url = f"http://127.0.0.1:{target.server.port}{target.path}"
    command = [program("wrk"), "--threads", "1", "--connections", str(target.connections)]
    command += ["--duration", f"{seconds}s", "--timeout", "30s"]
    command += [word for header in target.headers for word in ("--header", header)]
    told = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in told or "Socket errors" in told:
        raise SystemExit(f"{target.server.name} fails at {target.path}:\n{told}")
    number = int(re.search(r"(\d+) requests in", told)[1])
    return number, float(re.search(r"Requests/sec:\s+([\d.]+)", told)[1])


def interleaved(targets: dict[str, Target], seconds: int, rounds: int) -> dict[str, list[Round]]:
    """Measure all targets in turn, some rounds; a disturbance hits all of them alike."""
    for target in targets.values():
        target.warm()
    found = {name: [] for name in targets}
    for _ in range(rounds):
        for name, target in targets.items():
            found[name].append(measure(target, seconds))
    return found


def middle(rounds: list[Round]) -> dict:
    return {
        "rate": median(row.rate for row in rounds),
        "cpu": median(row.cpu for row in rounds),
    }


def ratio(ours: list[Round], theirs: list[Round], what: str) -> float:
    """Return the median over the rounds of `what` of ours by theirs."""
    pairs = zip(ours, theirs, strict=True)
    return median(getattr(a, what) / max(getattr(b, what), 1e-6) for a, b in pairs)
