"""Measure speed and memory against the alternatives and write results.md and results.json.

    python benchmarks/run.py [--quick] [--only single,curve,...]

Sections: single, curve, large, scaling, breakdown, diagram, startup (together: doublets), evolution, far, full_space,
slow (dynamics), leggett_garg, advice (protocols), local_noise (baths), million, overhead, workers (studies), explorer
(needs Chromium). Each section is renewed in results.json and results.md when it is done, the others stay as they are;
a quick run is printed only. Nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import time

GROUPS = {
    "doublets": ("single", "curve", "large", "scaling", "breakdown", "diagram", "startup"),
    "dynamics": ("evolution", "far", "full_space", "slow"),
    "protocols": ("leggett_garg", "advice"),
    "baths": ("local_noise",),
    "studies": ("million", "overhead", "workers"),
    "explorer": ("explorer",),
}
SECTIONS = tuple(name for group in GROUPS.values() for name in group)


def main() -> int:
    choices = ", ".join(dict.fromkeys((*SECTIONS, *GROUPS)))  # a group of one section has its name
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="few samples, parts of the grids: for development")
    parser.add_argument("--only", default=",".join(GROUPS), metavar="NAMES", help=f"comma-separated, of {choices}")
    options = parser.parse_args()
    named = [name.strip() for name in options.only.split(",") if name.strip()]
    unknown = [name for name in named if name not in SECTIONS and name not in GROUPS]
    if unknown or not named:
        parser.error(f"--only must name some of {choices}; got {options.only!r}")
    wanted = {section for name in named for section in GROUPS.get(name, (name,))}
    from report import as_stored, keep, markdown

    measured = {}
    for name in SECTIONS:
        if name in wanted:
            started = time.perf_counter()
            section = importlib.import_module(name).run(options.quick)
            print(f"{name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
            measured[name] = as_stored(section)
            if not options.quick:
                keep(section, SECTIONS)
    print(markdown(measured, options.quick))
    return 0


if __name__ == "__main__":
    sys.exit(main())
