"""The documentation in a real browser, from the disk and without a network: nothing is asked of another host.

The pages are those of the folder that EINSELECT_SITE names, as `make docs` does, or a few that are built here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
WIDTHS = (400, 1400)
# Pages with formulas, tables, pictures, long names; what they do not have, the rest does not have either.
FEW = ("index", "start/index", "start/which-rate", "theory/rates", "reference/api/rates", "reference/cli", "search")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the built pages."""
    if given := os.environ.get("EINSELECT_SITE"):
        return Path(given).resolve()
    pytest.importorskip("myst_nb")
    folder = tmp_path_factory.mktemp("site")
    overrides = [
        "exclude_patterns=_build,_ext,gallery/*,howto/*,theory/[!ri]*,reference/[!aci]*,reference/api/[!ri]*",
        "nb_execution_mode=off",
    ]
    build = [sys.executable, "-m", "sphinx", "-q", "-b", "html", "-d", str(folder / "trees")]
    for override in overrides:
        build += ["-D", override]
    done = subprocess.run([*build, str(ROOT / "docs"), str(folder / "html")], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "html"


def pages(site: Path) -> list[str]:
    """All pages of a given site, a few of one built here."""
    if not os.environ.get("EINSELECT_SITE"):
        return [f"{name}.html" for name in FEW]
    return sorted(str(p.relative_to(site)) for p in site.rglob("*.html") if "_static" not in p.parts)


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_need_no_other_host_and_fit(site: Path, browser: Any, width: int) -> None:
    tab = browser.new_page()
    tab.set_viewport_size({"width": width, "height": 900})
    outside: list[str] = []
    errors: list[str] = []
    tab.on("request", lambda request: outside.append(request.url) if not _local(request.url) else None)
    tab.on("pageerror", lambda error: errors.append(str(error)))
    faults = []
    for name in pages(site):
        outside.clear()
        errors.clear()
        tab.goto((site / name).as_uri(), wait_until="load")
        found = tab.evaluate(
            """() => ({
                wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
                empty: [...document.images]
                    .filter(i => i.complete && !i.naturalWidth && i.loading !== "lazy").map(i => i.src),
                bare: [...document.querySelectorAll("div.math")].filter(m => !m.querySelector("math")).length,
                title: document.querySelectorAll("h1").length,
            })"""
        )
        faults += [f"{name}: asks for {url}" for url in outside]
        faults += [f"{name}: {error}" for error in errors]
        faults += [f"{name}: {found['wide']} px wider than the window"] * (found["wide"] > 0)
        faults += [f"{name}: picture {source} is not there" for source in found["empty"]]
        faults += [f"{name}: a formula is not drawn"] * bool(found["bare"])
        faults += [f"{name}: {found['title']} titles"] * (found["title"] != 1)
    tab.close()
    assert not faults, "\n".join(faults)


def test_formulas_are_formulas(site: Path, browser: Any) -> None:
    tab = browser.new_page()
    tab.goto((site / "theory" / "rates.html").as_uri())
    fractions = tab.evaluate(
        """() => [...document.querySelectorAll("math mfrac")].map(f => {
            const [top, bottom] = [...f.children].map(c => c.getBoundingClientRect());
            return bottom.top - top.bottom;
        })"""
    )
    # A browser that did not know MathML would write numerator and denominator beside each other.
    assert len(fractions) > 2
    assert min(fractions) >= 0.0
    tab.close()


def test_the_search_works_from_the_disk(site: Path, browser: Any) -> None:
    tab = browser.new_page()
    tab.goto((site / "search.html").as_uri() + "?q=pointer")
    tab.wait_for_selector("ul.search li a", timeout=10_000)
    assert tab.locator("ul.search li").count() >= 1
    tab.close()


def _local(url: str) -> bool:
    return url.startswith(("file:", "data:", "blob:", "about:"))
