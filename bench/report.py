"""The results as tables in Markdown, readable in a terminal too, and what must be reached."""

from collections.abc import Callable
from dataclasses import dataclass

from .settings import FULL

PAGES_A_MONTH = 1_000_000
HOT = ["event", "list", "statement", "members on a day", "search"]  # bounded when uncached
FLAT = ["home", "list", "event", "statement", "member"]  # the same at any size
GROWING = ["deep page", "search"]


@dataclass(frozen=True)
class Bound:
    """What must be reached: a name, where the value stands in the results, and its limit."""

    name: str
    value: Callable[[dict], float | None]
    limit: float
    at_least: bool = False
    unit: str = ""

    def line(self, results: dict) -> str:
        value = self.value(results)
        if value is None:
            return f"- not measured: {self.name}"
        good = value >= self.limit if self.at_least else value <= self.limit
        word = "at least" if self.at_least else "at most"
        found = f"{value:.2f}{self.unit}, {word} {self.limit:g}{self.unit}"
        return f"- {'reached' if good else '**not reached**'}: {self.name}: {found}"


def of_server(page: str, server: str, *keys) -> Callable[[dict], float | None]:
    """Return how to find a number of one page on one server."""

    def find(results):
        found = results["pages"].get(page, {}).get("servers", {}).get(server)
        for key in keys:
            found = found.get(key) if isinstance(found, dict) else None
        return found

    return find


def growth_of(page: str) -> Callable[[dict], float | None]:
    """Return how to find the cost of a page at the largest size by that at the smallest."""

    def find(results):
        sizes = results["growth"].get(page, {})
        return sizes[max(sizes, key=int)]["grown"] if sizes else None

    return find


def grown_by_workers(kind: str) -> Callable[[dict], float | None]:
    return lambda results: results["workers"].get(kind, {}).get("grown")


def memory_of_a_worker(results: dict) -> float | None:
    rows = results["memory"].get(FULL)
    return max(row["rss"] for row in rows) if rows else None


BOUNDS = [
    Bound("cached event by the function, requests a second",
          of_server("event", "cached", "by function", "rate"), 0.6, at_least=True),
    Bound("cached event by nginx, processor time of a request",
          of_server("event", "cached", "by nginx", "cpu"), 6),
    Bound("304 by 200, cached, requests a second",
          of_server("event", "cached", "304"), 1, at_least=True),
    Bound("two workers by one, uncached, requests a second",
          grown_by_workers("uncached"), 1.5, at_least=True),
    *(
        Bound(f"uncached {page} by a bare Django view, processor time of a request",
              of_server(page, "uncached", "by bare", "cpu"), 15)
        for page in HOT
    ),
    Bound("memory of a worker after load, its cache full", memory_of_a_worker, 90, unit=" MB"),
    Bound("from the start to the first page", lambda found: found["start"]["server"], 1, unit=" s"),
    Bound("manage.py check", lambda found: found["start"]["check"], 1, unit=" s"),
    *(Bound(f"growth of {page}, uncached", growth_of(page), 1.3) for page in FLAT),
    *(Bound(f"growth of {page}, uncached", growth_of(page), 2) for page in GROWING),
]  # fmt: skip


def table(head: list[str], rows: list[list]) -> str:
    """Return a Markdown table with its columns aligned: the first to the left, numbers right."""
    cells = [head, *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(head))]
    lines = [
        "| "
        + " | ".join(
            cell.ljust(width) if place == 0 else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        + " |"
        for row in cells
    ]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join([lines[0], "| " + " | ".join(rule) + " |", *lines[1:]])


def number(value: float | None, digits: int = 1) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def cost(row: dict | None) -> str:
    """Return requests a second, and in brackets the milliseconds of processor time of one."""
    return f"{row['rate']:,.0f} ({row['cpu']:.3f})" if row else "–"


def pages_table(results: dict) -> str:
    names = ["nginx", "function", "cached", "bare", "uncached", "first"]
    rows = [
        [page, f"{found['bytes']:,}", found["queries"],
         *(cost(found["servers"].get(name)) for name in names)]
        for page, found in results["pages"].items()
    ]  # fmt: skip
    heads = ["nginx, file", "function", "site, cached", "bare Django", "site, uncached"]
    heads.append("first in an edition")
    return table(["page", "bytes", "queries", *heads], rows)


def ratios_table(results: dict) -> str:
    asked = [
        ("cached", "by function", "rate"),
        ("cached", "by nginx", "cpu"),
        ("uncached", "by bare", "cpu"),
        ("first", "by bare", "cpu"),
    ]
    rows = [
        [page, *(number(of_server(page, *keys)(results), 2) for keys in asked)]
        for page in results["pages"]
    ]
    heads = ["cached by function, rate", "cached by nginx, cpu", "uncached by bare, cpu"]
    heads.append("first by bare, cpu")
    return table(["page", *heads], rows)


def not_modified_table(results: dict) -> str:
    servers = results["pages"].get("event", {}).get("servers", {})
    rows = [
        [name, cost(servers[name]), cost(servers[f"{name} 304"]), number(servers[name]["304"], 2)]
        for name in ["cached", "uncached"]
        if f"{name} 304" in servers
    ]
    return table(["event page", "200", "304", "304 by 200, rate"], rows)


def growth_table(results: dict) -> str:
    sizes = sorted(next(iter(results["growth"].values())), key=int)
    rows = [
        [page, *(f"{found[size]['cpu']:.2f} ({found[size]['grown']:.2f})" for size in sizes)]
        for page, found in results["growth"].items()
    ]
    return table(["page, uncached", *(f"{int(size):,} events" for size in sizes)], rows)


def memory_table(results: dict) -> str:
    rows = [
        [name, number(max(row["rss"] for row in found)), number(max(row["pss"] for row in found))]
        for name, found in results["memory"].items()
        if found
    ]
    if "shared" in results:
        rows.append(["shared by all workers", number(results["shared"]), ""])
    return table(["a worker", "RSS, MB", "PSS, MB"], rows)


def workers_table(results: dict) -> str:
    rows = [
        [kind, cost(found["one"]), cost(found["many"]), number(found["grown"], 2)]
        for kind, found in results["workers"].items()
    ]
    return table(["event page", "one worker", "two workers", "two by one, rate"], rows)


def start_table(results: dict) -> str:
    start = results["start"]
    rows = [
        ["Granian with one worker, until `/` answers 200", number(start["server"], 2)],
        ["one process: load the site and make `/`", number(start["process"], 2)],
        ["`manage.py check`", number(start["check"], 2)],
    ]
    return table(["start", "seconds"], rows)


def paper_table(results: dict) -> str:
    """Return what a million page views cost, were each one of them cached or uncached."""
    rows = []
    for kind in ["cached", "uncached"]:
        found = [
            page["servers"][kind] for page in results["pages"].values() if kind in page["servers"]
        ]
        if found:
            mean = sum(row["cpu"] for row in found) / len(found)
            worst = max(row["cpu"] for row in found)
            hours = PAGES_A_MONTH / 3_600_000
            rows.append([kind, number(mean, 3), number(mean * hours, 2), number(worst * hours, 2)])
    heads = ["mean ms", "mean page, processor hours", "dearest page, processor hours"]
    return table(["a million page views", *heads], rows)


def head(results: dict) -> str:
    machine = results["machine"]
    return (
        f"{results['size']:,} events of ten statements on {results['database']}; one worker; "
        f"{results['rounds']} rounds of {results['seconds']} s in turn; Python "
        f"{machine['python']}, {machine['processors']} processors ({machine['model']}), "
        f"{machine['busy']:.1f} of them busy with other work when it began."
    )


def markdown(results: dict) -> str:
    """Return all results, for people."""
    parts = [
        head(results),
        "Requests a second; in brackets, milliseconds of processor time that one takes:",
        pages_table(results),
        "Ratios, each the middle one of the rounds:",
        ratios_table(results),
        not_modified_table(results),
    ]
    if results["workers"]:
        parts.append(workers_table(results))
    if results["growth"]:
        parts += ["Growth: milliseconds of processor time; in brackets, by the smallest size:",
                  growth_table(results)]  # fmt: skip
    parts += [memory_table(results), start_table(results), paper_table(results)]
    return "\n\n".join([*parts, "\n".join(bound.line(results) for bound in BOUNDS)])
