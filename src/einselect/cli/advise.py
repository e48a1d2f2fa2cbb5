"""The command `advise`: a protocol file in, a report out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from ..errors import InputError
from . import output
from .app import app
from .options import Json, switch


@app.command(
    sort_key=12,
    help_epilogue="""\
The file is TOML: tables [model], [bath], [protocol] and [noise]; --schema says
what may be in them. Examples are in the folder 'examples' of the repository.

Example:
  einselect advise --schema
""",
)
def advise(
    file: Annotated[Path | None, Parameter(help="The protocol, a TOML file.", show_default=False)] = None,
    /,
    *,
    schema: Annotated[bool, switch("Print the JSON schema of protocol files instead.")] = False,
    json: Json = False,
) -> None:
    """Which coherence a protocol depends on, the rate that governs it, whether it works, what would make it work."""
    if schema:
        from ..protocols import Specification

        print(output.document(Specification.model_json_schema()))
        return
    if file is None:
        raise InputError("FILE must be a protocol file, as in 'einselect advise protocol.toml'; got none")
    from ..protocols import advise as run

    answer = run(file)
    print(output.document(answer.as_dict()) if json else output.page(answer))
