"""The commands of the program: ``{help-of-commands}`` writes a section for each, with the help that it prints."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

if TYPE_CHECKING:
    from sphinx.application import Sphinx


def helps() -> dict[str, tuple[str, str]]:
    """Summary and help text of every command, in the order of the program's own list."""
    from rich.console import Console

    import einselect.cli.commands  # noqa: F401  (registers every command)
    from einselect.cli.app import app

    names = [name for name in app if not name.startswith("-")]
    found = {}
    for name in sorted(names, key=lambda name: (app[name].sort_key or 0, name)):
        text = StringIO()
        app.help_print([name], console=Console(file=text, width=96, force_terminal=False, color_system=None))
        found[name] = (app[name].help.strip().splitlines()[0], text.getvalue().rstrip())
    return found


class Program(SphinxDirective):
    """A table of the commands and a section for each."""

    def run(self) -> list[nodes.Node]:
        """Build the sections from what the program says of itself."""
        self.env.note_reread()
        result: list[nodes.Node] = []
        listing = nodes.bullet_list()
        for name, (summary, _) in helps().items():
            line = nodes.paragraph()
            line += nodes.reference(
                "", "", nodes.literal("", f"einselect {name}"), refid=f"command-{name}", internal=True
            )
            line += nodes.Text(f": {summary}")
            listing += nodes.list_item("", line)
        result.append(listing)
        for name, (_, text) in helps().items():
            section = nodes.section(ids=[f"command-{name}"], names=[f"einselect {name}"])
            section += nodes.title("", f"einselect {name}")
            section += nodes.literal_block(text, text, language="text")
            result.append(section)
        return result


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the directive."""
    app.add_directive("help-of-commands", Program)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
