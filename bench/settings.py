"""What is measured, by the environment: sizes, seconds, rounds; and where things are kept.

BENCH_EVENTS=1000,10000   sizes of the database, in events of ten statements each
BENCH_SECONDS=1           of each measurement, whole ones
BENCH_ROUNDS=5            of each measurement; what is told is the middle one
BENCH_SITE=               one of: cached, uncached, first; empty: all
BENCH_PAGES=              names of pages with commas between; empty: all
BENCH_DATABASE_URL=       measure this database, filled by `bench.data`, and make none; of 10,000
                          events unless BENCH_EVENTS says otherwise
BENCH_FOLDER=.bench       databases are kept there and used again; results.json
"""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SITES = ["cached", "uncached", "first"]
CACHE_BYTES = 32 * 2**20
FULL = "cached, full"  # the state in which the memory of a worker is bounded


@dataclass(frozen=True)
class Choice:
    sizes: list[int]
    seconds: int
    rounds: int
    sites: list[str]
    pages: list[str]
    database_url: str
    folder: Path

    @property
    def main_size(self) -> int:
        """The size at which all is measured; at the others, growth alone."""
        return 10_000 if 10_000 in self.sizes else max(self.sizes)


def choice(env=os.environ) -> Choice:
    """Return what the environment asks for. Exits with a sentence for what cannot be."""
    site, database_url = env.get("BENCH_SITE", ""), env.get("BENCH_DATABASE_URL", "")
    if site and site not in SITES:
        raise SystemExit(f"BENCH_SITE is one of {', '.join(SITES)}, or empty.")
    sizes = env.get("BENCH_EVENTS", "10000" if database_url else "1000,10000").split(",")
    if database_url and len(sizes) > 1:
        raise SystemExit("BENCH_DATABASE_URL names one database: BENCH_EVENTS is its size.")
    return Choice(
        sizes=sorted({int(size) for size in sizes}),
        seconds=int(env.get("BENCH_SECONDS", "1")),
        rounds=int(env.get("BENCH_ROUNDS", "5")),
        sites=[site] if site else SITES,
        pages=[name for name in env.get("BENCH_PAGES", "").split(",") if name],
        database_url=database_url,
        folder=Path(env.get("BENCH_FOLDER", ROOT / ".bench")).resolve(),
    )
