"""Mathematics as MathML, which browsers draw themselves: no JavaScript, no picture, no other host.

Docutils converts TeX to MathML Core; an unknown command is a warning, hence an error of the build. The font is
STIX Two Math (SIL Open Font Licence) as the package `ziamath` ships it, copied beside the pages.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

if TYPE_CHECKING:
    from sphinx.application import Sphinx

logger = logging.getLogger(__name__)
FONT = "STIXTwoMath-Regular"
BAR = re.compile(r"<mo[^>]*>\s*[|∣]\s*</mo>")
BARE = re.compile(r"(\\[td]?frac)\s*(\d)(\d)")  # \tfrac12, which the converter does not know at the end of a formula


def converted(node: nodes.Element, *, block: bool) -> str:
    """One formula as MathML."""
    try:
        tex = BARE.sub(r"\1{\2}{\3}", node.astext().strip())
        return upright(tex2mathml(tex, as_block=block).replace("\n", ""))
    except (MathError, SyntaxError, IndexError) as error:
        logger.warning("mathematics: %s in %r", error, node.astext(), location=node)
        return ""


def upright(mathml: str) -> str:
    """Capital Greek letters upright, as physics writes them, and the bars of kets without space around them."""
    mathml = mathml.replace('<mi class="capital-greek">', '<mi mathvariant="normal">')
    return BAR.sub('<mo lspace="0" rspace="0" stretchy="false">|</mo>', mathml)


def inline(self: Any, node: nodes.math) -> None:
    """A formula in a line."""
    self.body.append(converted(node, block=False))
    raise nodes.SkipNode


def display(self: Any, node: nodes.math_block) -> None:
    """A displayed formula, numbered when it has a label."""
    self.body.append(self.starttag(node, "div", CLASS="math notranslate nohighlight"))
    if node["number"]:
        number = get_node_equation_number(self, node)
        self.body.append(f'<span class="eqno">({number})')
        self.add_permalink_ref(node, "Link to this equation")
        self.body.append("</span>")
    self.body.append(converted(node, block=True) + "</div>\n")
    raise nodes.SkipNode


def font_file() -> Path | None:
    """Where the mathematical font lies, if its package is installed."""
    spec = find_spec("ziamath")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "fonts" / f"{FONT}.ttf"


def write_font(app: Sphinx, failure: Exception | None) -> None:
    """Write the font and its style sheet beside the pages; compressed, it is half as large."""
    if failure or app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    style = static / "mathfont.css"
    source = font_file()
    if source is None:
        logger.warning("the package ziamath, which carries the mathematical font, is not installed")
        return
    target = static / f"{FONT}.woff"
    if not target.exists():
        from fontTools.ttLib import TTFont

        font = TTFont(source)
        font.flavor = "woff"
        font.save(target)
    style.write_text(
        f'@font-face {{ font-family: "{FONT}"; src: url("{target.name}") format("woff"); font-display: swap; }}\n'
        f'math {{ font-family: "{FONT}", math; }}\n',
        encoding="utf-8",
    )


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the renderer; Sphinx takes it because it is the only one named."""
    app.add_html_math_renderer("mathml", (inline, None), (display, None))
    app.connect("config-inited", lambda app, config: setattr(config, "html_math_renderer", "mathml"))
    app.add_css_file("mathfont.css")
    app.connect("build-finished", write_font)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
