"""Measure speed and memory against the alternatives and write results.md and results.json.

    python benchmarks/run.py [--quick] [--only single,curve,...]

Sections: single, curve, large, scaling, breakdown, diagram, startup. Only a full run is written to results.md and
results.json, a partial or a quick one is printed. Nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time

SECTIONS = ("single", "curve", "large", "scaling", "breakdown", "diagram", "startup")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="few samples, parts of the grids: for development")
    parser.add_argument(
        "--only", default=",".join(SECTIONS), metavar="NAMES", help=f"comma-separated, of {', '.join(SECTIONS)}"
    )
    options = parser.parse_args()
    wanted = [name.strip() for name in options.only.split(",") if name.strip()]
    unknown = [name for name in wanted if name not in SECTIONS]
    if unknown or not wanted:
        parser.error(f"--only must name some of {', '.join(SECTIONS)}; got {options.only!r}")
    from report import report

    sections = []
    for name in SECTIONS:
        if name in wanted:
            started = time.perf_counter()
            sections.append(importlib.import_module(name).run(options.quick))
            print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    print(report(sections, options.quick, keep=wanted == list(SECTIONS) and not options.quick))
    return 0


if __name__ == "__main__":
    sys.exit(main())
