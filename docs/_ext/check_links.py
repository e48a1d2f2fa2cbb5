"""Every internal link of the built pages: the file and, where it names one, the place in it.

``python check_links.py BUILT`` prints what is broken and exits with 1. Links to other hosts are not followed, so the
check needs no network; what a page loads (scripts, styles, pictures, fonts) must lie beside it and is checked for that.
"""

from __future__ import annotations

import re
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADED = {"img": "src", "script": "src", "source": "src", "iframe": "src", "link": "href", "object": "data"}


class Page(HTMLParser):
    """What a page links to, what it loads, and the places in it that can be linked to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loads: list[str] = []
        self.places: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what one element links to, loads, or is called."""
        values = {name: value for name, value in attrs if value is not None}
        self.places.update(values[name] for name in ("id", "name") if name in values)
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        # A link of the head that only names another page (next, canonical, author) loads nothing.
        if tag == "link" and values.get("rel", "") not in ("stylesheet", "preload", "icon", "modulepreload"):
            return
        if tag in LOADED and LOADED[tag] in values:
            self.loads.append(values[LOADED[tag]])


@cache
def parsed(file: Path) -> Page:
    """A page of the site, read once."""
    page = Page()
    page.feed(file.read_text(encoding="utf-8"))
    return page


def broken(site: Path) -> list[str]:
    """One line for each link or loaded file that leads nowhere, or that another host would have to answer."""
    faults = []
    for file in sorted(site.rglob("*.html")):
        if "_static" in file.relative_to(site).parts:  # templates of the theme, not pages
            continue
        page, name = parsed(file), file.relative_to(site)
        for target in page.loads:
            parts = urlsplit(target)
            if parts.scheme == "data":
                continue
            if parts.scheme or parts.netloc:
                faults.append(f"{name}: loads {target} from another host")
            elif parts.path and not (file.parent / unquote(parts.path)).exists():
                faults.append(f"{name}: loads {target}, which is not there")
        for target in page.links:
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            goal = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            if not goal.exists():
                faults.append(f"{name}: {target} is not there")
            elif parts.fragment and goal.suffix == ".html" and unquote(parts.fragment) not in parsed(goal).places:
                faults.append(f"{name}: {target}: no such place in the page")
    for style in sorted(site.rglob("*.css")):
        outside = re.findall(r"url\(\s*[\"']?(https?:[^\"')]+|//[^\"')]+)", style.read_text(encoding="utf-8"))
        faults += [f"{style.relative_to(site)}: loads {target} from another host" for target in outside]
    return faults


if __name__ == "__main__":
    lines = broken(Path(sys.argv[1]).resolve())
    print("\n".join(lines) or "links: every internal link leads somewhere, nothing is loaded from another host")
    sys.exit(bool(lines))
