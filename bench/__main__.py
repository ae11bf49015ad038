"""Measure the site beside what it is compared with: `make bench`.

    python -m bench             measure, print tables, write results.json into BENCH_FOLDER
    python -m bench --markdown  print the tables of the last run again

Without settings it takes about eight minutes, the first time some more for the databases. It needs
wrk and nginx. Settings come from the environment:

"""

import argparse
import json

from . import settings
from .report import markdown
from .run import measure_all

__doc__ += settings.__doc__.partition("\n\n")[2]


def main():
    parser = argparse.ArgumentParser(
        "python -m bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--markdown", action="store_true", help="measure nothing: the last run")
    wanted, asked = settings.choice(), parser.parse_args()
    kept = wanted.folder / "results.json"
    if not asked.markdown:
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps(measure_all(wanted), indent=1))
    print(markdown(json.loads(kept.read_text())))


if __name__ == "__main__":
    main()
