"""The measurements: each page on each server, what the site weighs, how it starts and grows."""

import json
import os
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from .load import FAST, SLOW, Target, interleaved, middle, ratio
from .servers import fetch, granian, manage, nginx, production
from .settings import CACHE_BYTES, FULL, ROOT, Choice

APPLICATION, FIRST = "wpssite.wsgi:application", "bench.first:application"
MADE = 1  # Count up when `bench.data` makes other rows: databases are made anew.
FILLED_FOR = 120  # seconds at most for filling the cache
MANY = 2  # workers, to see that more of them do more
NOT_KEPT = {"connection", "date", "server", "transfer-encoding", "content-length"}
ALONE = """
import time
began = time.perf_counter()
from wpssite.wsgi import application
from django.test import RequestFactory
environ = RequestFactory(SERVER_NAME="127.0.0.1").get("/").environ
status = []
b"".join(application(environ, lambda *words: status.append(words[0])))
assert status == ["200 OK"], status
print(time.perf_counter() - began)
"""


def tell(text: str):
    print(text, file=sys.stderr, flush=True)


# --- Databases --------------------------------------------------------------------------------


def database(size: int, wanted: Choice) -> str:
    """Return the address of a database of this size; made once, kept, and migrated."""
    path = wanted.folder / f"events-{size}-v{MADE}.sqlite3"
    if not path.exists():
        tell(f"Making {size:,} events; kept in {path.name}")
        new = wanted.folder / "being-made.sqlite3"
        for suffix in ["", "-wal", "-shm"]:
            Path(f"{new}{suffix}").unlink(missing_ok=True)
        environment = production(f"sqlite:///{new}", wanted.folder)
        command = [sys.executable, "-m", "bench.data", str(size)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        new.rename(path)
    return f"sqlite:///{path}"


def described(environment: dict) -> dict:
    """Return the pages of a database with what they weigh and ask."""
    command = [sys.executable, "-m", "bench.pages"]
    told = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return json.loads(told.stdout)


def prepared(wanted: Choice) -> dict[int, dict]:
    """Return by size: the environment of the site, its pages, and what fills a cache."""
    urls = [wanted.database_url] if wanted.database_url else []
    urls = urls or [database(size, wanted) for size in wanted.sizes]
    manage(production(urls[0], wanted.folder), "collectstatic", "--no-input", "--verbosity", "0")
    found = {}
    for size, url in zip(wanted.sizes, urls, strict=False):
        environment = production(url, wanted.folder)
        command = [sys.executable, "-m", "bench.data"]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
        found[size] = {"environment": environment} | described(environment)
        if wanted.pages:
            pages = found[size]["pages"]
            found[size]["pages"] = {name: pages[name] for name in wanted.pages}
    return found


# --- Pages on each server ---------------------------------------------------------------------


def file_name(page: str) -> str:
    return page.replace(" ", "-").replace(",", "")


def keep_finished(site, pages: dict, folder: Path) -> Path:
    """Store each page as the site sends it, for the baselines to send."""
    finished = folder / "finished"
    finished.mkdir(exist_ok=True)
    headers = {}
    for name, page in pages.items():
        answer = fetch(site.port, page["path"])
        (finished / file_name(name)).write_bytes(answer.body)
        length = ("content-length", str(len(answer.body)))
        kept = [pair for pair in answer.headers if pair[0].lower() not in NOT_KEPT]
        headers[file_name(name)] = [*kept, length]
    (finished / "headers.json").write_text(json.dumps(headers))
    finished.chmod(0o755)
    return finished


@contextmanager
def baselines(finished: Path, first: str, folder: Path):
    """Run what the site is compared with, on the same server and settings."""
    environment = dict(os.environ) | {"BENCH_FINISHED": str(finished)}
    bare = environment | {"BENCH_BASELINE": "bare"}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(server)
            for name, server in {
                "function": granian(
                    "function", "bench.baselines:function", environment, folder, f"/{first}"
                ),
                "nginx": nginx(finished, folder, f"/{first}"),
                "bare": granian("bare", "bench.baselines:bare", bare, folder, f"/{first}"),
            }.items()
        }


def site(name: str, made: dict, folder: Path, workers=1):
    """Run the site of a database; its name says what it keeps."""
    size = CACHE_BYTES if name.startswith("cached") else 0
    environment = made["environment"] | {"PAGE_CACHE_BYTES": str(size)}
    application = FIRST if name == "first" else APPLICATION
    return granian(name, application, environment, folder, workers=workers)


def targets_of(page: dict, name: str, sites: dict, compared: dict) -> dict[str, Target]:
    """Return what is asked for in turn when a page is measured."""
    found = {}
    for key, server in compared.items():
        found[key] = Target(server, f"/{file_name(name)}", FAST)
    for key, server in sites.items():
        found[key] = Target(server, page["path"], FAST if key == "cached" else SLOW)
        headers = fetch(server.port, page["path"]).headers
        tag = {key.lower(): value for key, value in headers}.get("etag")
        if tag and name == "event":
            asked = (f"If-None-Match: {tag}",)
            found[f"{key} 304"] = Target(server, page["path"], found[key].connections, asked, 304)
    return found


def measure_pages(made: dict, wanted: Choice) -> dict:
    """Return what was measured of each page on each server, and the memory of the workers."""
    with ExitStack() as stack:
        sites = {name: stack.enter_context(site(name, made, wanted.folder))
                 for name in wanted.sites}  # fmt: skip
        finished = keep_finished(next(iter(sites.values())), made["pages"], wanted.folder)
        first = file_name(next(iter(made["pages"])))
        compared = stack.enter_context(baselines(finished, first, wanted.folder))
        memory = {f"{name}, fresh": server.memory() for name, server in sites.items()}
        pages = {}
        for name, page in made["pages"].items():
            tell(f"{name}: {page['path']}")
            targets = targets_of(page, name, sites, compared)
            pages[name] = page | compare(interleaved(targets, wanted.seconds, wanted.rounds))
        memory |= {f"{name}, after load": server.memory() for name, server in sites.items()}
        found = {"pages": pages, "memory": memory}
        if "cached" in sites:
            tell("filling the cache")
            memory |= memory_when_full(sites["cached"], made["filling"])
            found["shared"] = sites["cached"].shared()
        return found


def compare(rounds: dict) -> dict:
    """Return the middle of each server's rounds, and each one's ratios to each baseline."""
    found = {name: middle(rows) for name, rows in rounds.items()}
    for name in rounds:
        for base in {"function", "nginx", "bare"} & rounds.keys():
            of_rate = ratio(rounds[name], rounds[base], "rate")
            of_cpu = ratio(rounds[name], rounds[base], "cpu")
            found[name][f"by {base}"] = {"rate": of_rate, "cpu": of_cpu}
        if f"{name} 304" in rounds:
            found[name]["304"] = ratio(rounds[f"{name} 304"], rounds[name], "rate")
    return {"servers": found}


def memory_when_full(server, paths: list[str]) -> dict[str, list[dict]]:
    """Fill the cache of a server, then return its memory by how full the cache is."""
    state = fill(server.port, paths)
    return {state: server.memory()}


def fill(port: int, paths: list[str]) -> str:
    """Ask for distinct pages until their bytes would fill the cache; return how far that came."""
    connection, size, number = HTTPConnection("127.0.0.1", port), 0, 0
    until = time.monotonic() + FILLED_FOR
    for path in paths:
        connection.request("GET", path)
        answer = connection.getresponse()
        if answer.status != 200:
            raise SystemExit(f"{path} answers {answer.status} while the cache is filled.")
        size, number = size + len(answer.read()), number + 1
        if size > 1.1 * CACHE_BYTES:
            return FULL
        if time.monotonic() > until:
            break
    return f"cached, {number} pages kept"


# --- More workers, growth, start --------------------------------------------------------------


def measure_workers(made: dict, wanted: Choice) -> dict:
    """Return how many times as much several workers do as one, on one page of each kind."""
    name = "event" if "event" in made["pages"] else next(iter(made["pages"]))
    path, found = made["pages"][name]["path"], {}
    for kind in (site for site in wanted.sites if site != "first"):
        with ExitStack() as stack:
            one = stack.enter_context(site(kind, made, wanted.folder))
            many = stack.enter_context(site(f"{kind}-{MANY}", made, wanted.folder, MANY))
            tell(f"{kind}: one worker beside {MANY}")
            targets = {"one": Target(one, path, FAST), "many": Target(many, path, FAST)}
            rounds = interleaved(targets, wanted.seconds, wanted.rounds)
            memory = many.memory()
        grown = ratio(rounds["many"], rounds["one"], "rate")
        found[kind] = {"workers": MANY, "grown": grown, "memory": memory}
        found[kind] |= {"one": middle(rounds["one"]), "many": middle(rounds["many"])}
    return found


def measure_growth(made: dict[int, dict], wanted: Choice) -> dict:
    """Return the cost of each page, uncached, at each size, with its ratio to the smallest."""
    found = {}
    with ExitStack() as stack:
        sites = {}
        for size in made:
            folder = wanted.folder / f"growth-{size}"
            folder.mkdir(exist_ok=True)
            sites[size] = stack.enter_context(site("uncached", made[size], folder))
        for name in next(iter(made.values()))["pages"]:
            tell(f"growth: {name}")
            targets = {
                size: Target(server, made[size]["pages"][name]["path"], SLOW)
                for size, server in sites.items()
            }
            rounds = interleaved(targets, wanted.seconds, wanted.rounds)
            least = rounds[min(rounds)]
            found[name] = {
                size: middle(rows) | {"grown": ratio(rows, least, "cpu")}
                for size, rows in rounds.items()
            }
    return found


def measure_start(made: dict, wanted: Choice) -> dict:
    """Return the seconds until the first page, of the server and of one process, and of a check."""
    environment, found = made["environment"], {"server": [], "process": [], "check": []}
    for _ in range(wanted.rounds):
        with site("cached-start", made, wanted.folder) as server:
            found["server"].append(server.started_in)
        told = subprocess.run([sys.executable, "-c", ALONE], cwd=ROOT, env=environment,
                              check=True, capture_output=True)  # fmt: skip
        found["process"].append(float(told.stdout))
        found["check"].append(manage(environment, "check"))
    return {name: median(times) for name, times in found.items()}


def measure_all(wanted: Choice) -> dict:
    """Measure all that is wanted and return it."""
    wanted.folder.mkdir(exist_ok=True)
    busy = os.getloadavg()[0]  # Before we add to it.
    made = prepared(wanted)
    main = made[wanted.main_size]
    start = measure_start(main, wanted)
    measured = measure_pages(main, wanted)
    return {
        "size": wanted.main_size,
        "seconds": wanted.seconds,
        "rounds": wanted.rounds,
        "database": main["environment"]["DATABASE_URL"].partition(":")[0],
        "machine": machine() | {"busy": busy},
        "start": start,
        **measured,
        "workers": measure_workers(main, wanted),
        "growth": measure_growth(made, wanted) if len(made) > 1 else {},
    }


def machine() -> dict:
    """Return what tells one machine from another."""
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.partition(": ")[2] for line in lines if line.startswith("model name")]
    return {"processors": os.cpu_count(), "model": names[0] if names else "unknown",
            "python": sys.version.split()[0]}  # fmt: skip
