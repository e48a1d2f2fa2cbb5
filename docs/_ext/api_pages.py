"""The reference from docstrings: one directive that documents names, and a check that no public name is left out.

``.. api:: einselect.dynamics`` with names as its body writes a table of them and the whole entry of each. A name in
single backticks in a docstring becomes a link where it is a public name, and code otherwise.
"""

from __future__ import annotations

import importlib.util
import inspect
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docutils import nodes
from numpydoc.xref import DEFAULT_LINKS
from sphinx import addnodes
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

if TYPE_CHECKING:
    from docutils.parsers.rst.states import Inliner
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

logger = logging.getLogger(__name__)

# Highest first: a name that several packages list is documented under the first.
PACKAGES = (
    "einselect",
    "einselect.models",
    "einselect.dynamics",
    "einselect.local",
    "einselect.protocols",
    "einselect.sweeps",
    "einselect.studies",
    "einselect.plots",
    "einselect.interop.qutip",
    "einselect.paper",
    "einselect.quantities",
    "einselect.errors",
    "einselect.style",
)
NOT_LISTED = {"__version__"}


def names_of(package: str) -> list[str]:
    """Public names of a package: those it lists, or what it defines itself."""
    module = importlib.import_module(package)
    listed = getattr(module, "__all__", None)
    if listed is None:
        found = {name: value for name, value in vars(module).items() if not name.startswith("_")}
        listed = [name for name, value in found.items() if getattr(value, "__module__", None) == package]
    return [name for name in listed if name not in NOT_LISTED]


@cache
def public_names() -> dict[str, str]:
    """Where each public name is documented, by the name alone and by every public path that leads to it."""
    found: dict[str, str] = {}
    home: dict[int, str] = {}
    for package in PACKAGES:
        above = package.rpartition(".")[0]
        if any(path and importlib.util.find_spec(path) is None for path in (above, package)):
            continue
        for name in names_of(package):
            path = home.setdefault(id(getattr(importlib.import_module(package), name)), f"{package}.{name}")
            found.setdefault(name, path)
            found[f"{package}.{name}"] = path
    return found


def left_over(package: str, pages: Path) -> list[str]:
    """Names of a package that no page asks for, so that a new one is documented before it is given its place."""
    asked = {word for page in pages.glob("*.rst") for word in page.read_text(encoding="utf-8").split()}
    return [n for n in names_of(package) if n not in asked and public_names()[f"{package}.{n}"] == f"{package}.{n}"]


class Api(SphinxDirective):
    """Table and entries of the public names in the body; without a body, of those that no page asks for."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Write what autosummary and autodoc read, and let them parse it."""
        package = self.arguments[0]
        module = importlib.import_module(package)
        names = " ".join(self.content).split() or left_over(package, Path(self.get_source_info()[0]).parent)
        if not names:
            return []
        lines = [f".. currentmodule:: {package}", "", ".. autosummary::", "   :nosignatures:", ""]
        lines += [f"   {name}" for name in names] + [""]
        for name in names:
            value = getattr(module, name)
            if inspect.isclass(value):
                kind = "autoexception" if issubclass(value, Exception) else "autoclass"
                lines += [f".. {kind}:: {name}", "   :members:", "   :show-inheritance:" * (kind != "autoclass"), ""]
            else:
                lines += [f".. {'autofunction' if callable(value) else 'autodata'}:: {name}", ""]
        return self.parse_text_to_nodes("\n".join(lines))


MARKUP = re.compile(r"(?<!\\)\||(?<=\w)_(?!\w)")
SPAN = re.compile(r"(``.+?``|`[^`]+`_?)")


def plain_bars(app: Sphinx, what: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    """Keep the bars of kets and norms, and indices at the end of a word, from being read as markup."""
    block: int | None = None  # indentation of the paragraph that opened a literal block
    example = False
    for at, line in enumerate(lines):
        here = len(line) - len(line.lstrip())
        if not line.strip():
            example = False
            continue
        example = example or line.lstrip().startswith(">>>")
        if block is not None and here <= block:
            block = None
        if example or block is not None:
            continue
        parts = SPAN.split(line)
        parts[::2] = [MARKUP.sub(lambda found: "\\" + found[0], part) for part in parts[::2]]
        lines[at] = "".join(parts)
        if line.rstrip().endswith("::") or line.lstrip().startswith(".. math::"):
            block = here


def soft_name(
    role: str, rawtext: str, text: str, lineno: int, inliner: Inliner, options: Any = None, content: Any = None
) -> tuple[list[nodes.Node], list[nodes.system_message]]:
    """A name in single backticks: a link later if it is public, code in any case."""
    code = nodes.literal(rawtext, text, classes=["py"])
    if not text.replace(".", "").replace("_", "").isalnum():
        return [code], []
    return [addnodes.pending_xref(rawtext, code, refdomain="", reftype="einselect-name", reftarget=text)], []


def resolve(app: Sphinx, env: BuildEnvironment, node: addnodes.pending_xref, code: nodes.Node) -> nodes.Node | None:
    """Where a name of the package leads: its public entry, or for ours in backticks that are not public nowhere."""
    target = node["reftarget"]
    soft = node["reftype"] == "einselect-name"
    if not soft and node.get("refdomain") != "py":
        return None
    head, _, tail = target.rpartition(".")
    paths = [public_names().get(target)]
    if head in public_names():
        paths.append(f"{public_names()[head]}.{tail}")
    objects = env.domains.python_domain.objects
    for path in paths:
        if path in objects and app.builder.name != "dummy":
            entry = objects[path]
            return make_refnode(app.builder, node["refdoc"], entry.docname, entry.node_id, code, path)
    return code if soft else None


def complete(app: Sphinx, env: BuildEnvironment) -> None:
    """Every public name has its entry."""
    objects = env.domains.python_domain.objects
    for path in sorted(set(public_names().values())):
        if path not in objects:
            logger.warning("reference: the public name %s has no entry", path, location="reference/index")


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive, the meaning of single backticks, and the check."""
    DEFAULT_LINKS.clear()  # to the pages of Python and NumPy, which are on other hosts
    app.add_directive("api", Api)
    app.add_role("name", soft_name)
    app.connect("autodoc-process-docstring", plain_bars, priority=900)  # after numpydoc
    app.connect("missing-reference", resolve)
    app.connect("env-check-consistency", complete)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
