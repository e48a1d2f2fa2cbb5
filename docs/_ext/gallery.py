"""Pages with thumbnails: each is a picture that the page itself has drawn when it was executed.

``gallery`` lists pages like a toctree and shows them as cards. The thumbnail is the first picture of the page, or
that of the cell with the tag ``thumbnail``; a page without one is a warning, hence an error of the build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.directives.other import TocTree
from sphinx.util import logging

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)


class Cards(nodes.General, nodes.Element):
    """Where cards will stand, once all pages have been read."""


class Gallery(TocTree):
    """A toctree that is shown as cards."""

    def run(self) -> list[nodes.Node]:
        """Add the pages to the table of contents, and keep a place for their cards."""
        self.options["hidden"] = True
        found = super().run()
        pages = [
            page for node in found for tree in node.findall() if "includefiles" in tree for page in tree["includefiles"]
        ]
        return [*found, Cards(pages=pages)]


def picture(doctree: nodes.document) -> nodes.image | None:
    """The picture that stands for a page."""
    cells = [n for n in doctree.findall(nodes.container) if n.get("nb_element") == "cell_code"]
    chosen = [cell for cell in cells if "tag_thumbnail" in cell["classes"]]
    for cell in [*chosen, *cells]:
        for image in cell.findall(nodes.image):
            return image
    return None


def card(app: Sphinx, index: str, page: str) -> nodes.Node | None:
    """Link to a page with its picture and title."""
    image = picture(app.env.get_doctree(page))
    if image is None:
        logger.warning("no picture for the gallery", location=page)
        return None
    title = app.env.titles[page].astext()
    link = nodes.reference("", "", internal=True, refuri=app.builder.get_relative_uri(index, page))
    link += nodes.image(uri=image["uri"], candidates={"*": image["uri"]}, alt="")
    link += nodes.inline("", title)
    return nodes.paragraph("", "", link, classes=["gallery-card"])


def place(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the cards where they belong."""
    for kept in list(doctree.findall(Cards)):
        cards = [made for page in kept["pages"] if (made := card(app, docname, page)) is not None]
        kept.replace_self(nodes.container("", *cards, classes=["gallery-cards"]))


def with_cards(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages with cards are written again in every build, since any of the pictures may be new."""
    return [name for name in env.found_docs if any(env.get_doctree(name).findall(Cards))]


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_node(Cards)
    app.add_directive("gallery", Gallery)
    app.connect("doctree-resolved", place)
    app.connect("env-updated", with_cards)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
