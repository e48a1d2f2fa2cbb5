"""The command `explore`: the explorer in a browser."""

from __future__ import annotations

from typing import Annotated

from ..errors import InputError
from . import options
from .app import app
from .options import option, switch


@app.command(
    sort_key=15,
    help_epilogue="""\
It listens on this machine only unless --host says otherwise; web sockets from
pages of other hosts are refused unless --origin names them. Nothing is fetched
from elsewhere and nothing is written. It needs the extra 'explorer'.

Examples:
  einselect explore
  einselect explore --port 0 --open
""",
)
def explore(
    *,
    host: Annotated[
        str, option("Address to listen on (default 127.0.0.1: this machine only).", "ADDRESS")
    ] = "127.0.0.1",
    port: Annotated[str, option("Port (default 5006; 0 for any that is free).", "PORT")] = "5006",
    origin: Annotated[
        list[str] | None, option("Host name and port that visitors type, where it is not ADDRESS; repeat.", "NAME:PORT")
    ] = None,
    open: Annotated[bool, switch("Open it in the browser.")] = False,
) -> None:
    """See the doublet, its rates, window and dynamics in a browser, live."""
    number = options.whole("port", port, 0, 65535)
    try:
        from ..explorer.server import free_port, serve
    except ModuleNotFoundError as error:
        raise InputError(
            f"explore must have the extra 'explorer' installed (pip install 'einselect[explorer]'); got no {error.name}"
        ) from None
    serve(host, number or free_port(host), origin or (), show=open)
