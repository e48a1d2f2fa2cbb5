"""The server of ``einselect explore``: one page, a session for each visitor, nothing from another host."""

# mypy: allow-untyped-calls
# Panel annotates its classes, not how they are made.
from __future__ import annotations

import ipaddress
import re
import socket
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import panel as pn
from bokeh.server.views.ws import WSHandler
from panel.io.resources import parse_template

from .. import _checks
from ..errors import InputError
from . import bounds
from .app import Explorer
from .parts import Notice
from .parts.picture import PLOTLY
from .state import State

_ROUTE = "explore"
_SERVED = "served"
_PAGE = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
_ORIGIN = re.compile(r"[A-Za-z0-9._\[\]:-]+")


class _DocumentLoop:
    """The loop of the server, with the lock of one visitor's document.

    What is changed after the browser has taken the page, but before it has said that it shows it, Panel sends in part
    only: until then everything that is asked for is kept.
    """

    def __init__(self, document: Any) -> None:
        self._document = document
        self._lock = threading.Lock()
        self._early: list[Callable[[], None]] | None = []
        pn.state.onload(self._begin)

    def _begin(self) -> None:
        # Panel takes the page for shown once this has returned: in the next round of the loop.
        with self._lock:
            early, self._early = self._early or [], None
        for function in early:
            self._document.add_next_tick_callback(function)

    def soon(self, function: Callable[[], None]) -> None:
        with self._lock:
            if self._early is not None:
                self._early.append(function)
                return
        self._document.add_next_tick_callback(function)

    def later(self, function: Callable[[], None], milliseconds: int) -> None:
        self._document.add_timeout_callback(partial(self.soon, function), milliseconds)


def _dressed(dark: bool) -> None:
    """The page around the panels of the present visitor."""
    document = pn.state.curdoc
    if document is None:
        return  # nobody is served
    document.template = parse_template(_PAGE)
    document.template_variables["plotly"] = f"{_SERVED}/{PLOTLY.name}?v={PLOTLY.stat().st_size}"
    document.template_variables["html_attrs"] = f'data-theme="{"dark" if dark else "light"}"'


def make_page() -> Any:
    """The page of a new visitor, with the state that the link holds."""
    arguments = pn.state.session_args or {}
    query = [(name, value.decode(errors="replace")) for name, values in arguments.items() for value in values]
    dark = ("theme", "dark") in query
    notice = ""
    try:
        state = State.from_query(urlencode(query))
    except InputError as error:
        state, notice = State(), f"{error}: what is shown is where the explorer starts"
    explorer = Explorer(state, dark=dark, address=True, notice=notice, loop=_DocumentLoop(pn.state.curdoc))
    _dressed(dark)
    return explorer.layout


def _full() -> Any:
    """The page of a visitor too many."""
    _dressed(dark=False)
    return Notice(text=f"{bounds.SESSIONS} pages are open, the bound of this server: close one, or wait")


def _counted() -> Any:
    """`make_page`, or what says that too many pages are open."""
    info = pn.state.session_info
    live = int(info.get("live", 0))
    return make_page() if live <= bounds.SESSIONS else _full()


def free_port(host: str) -> int:
    """A port that nobody uses."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def origins_of(host: str, port: int, further: Sequence[str] = ()) -> list[str]:
    """The hosts from whose pages a web socket is accepted.

    Parameters
    ----------
    host : str
        What the server binds to. All addresses (0.0.0.0, ::) have no name of their own: say which is used.
    port : int
    further : sequence of str
        As "name:port".

    Examples
    --------
    >>> origins_of("127.0.0.1", 5006)
    ['127.0.0.1:5006', 'localhost:5006']
    """
    found = []
    for origin in further:
        if not _ORIGIN.fullmatch(origin):
            raise _checks.fail("origin", "a host name with its port, such as 'lab.example:5006'", origin)
        found.append(origin)
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return [f"{host}:{port}", *found]
    if address.is_unspecified and not found:
        raise InputError(
            f"origin must be given where the explorer listens on every address, such as --origin lab.example:{port}; "
            "got none"
        )
    own = [] if address.is_unspecified else [f"[{host}]:{port}" if address.version == 6 else f"{host}:{port}"]
    return [*own, *([f"localhost:{port}"] if address.is_loopback else []), *found]


class _Prompt(WSHandler):
    """A web socket that sends each frame when it is written.

    A message of Bokeh is three frames; by default TCP keeps the second until the first is acknowledged, which takes
    40 ms and more.
    """

    def open(self) -> None:
        """Begin."""
        self.set_nodelay(True)
        super().open()


def _send_at_once(server: Any) -> None:
    """Let the web sockets of a server be `_Prompt`."""
    for rule in server._tornado.wildcard_router.rules:
        if rule.target is WSHandler:
            rule.target = _Prompt


def serve(
    host: str = "127.0.0.1",
    port: int = 5006,
    origins: Sequence[str] = (),
    *,
    show: bool = False,
    wait: bool = True,
) -> Any:
    """Serve the explorer.

    Parameters
    ----------
    host : str
        Address to listen on; by default visitors come from this machine only.
    port : int
    origins : sequence of str
        Further hosts from whose pages a web socket is accepted.
    show : bool
        Open it in the browser.
    wait : bool
        Serve until interrupted; else return at once, and the caller runs the loop.

    Returns
    -------
    bokeh.server.server.Server
    """
    allowed = origins_of(host, port, origins)
    pn.extension()
    try:
        server = pn.serve(
            {_ROUTE: _counted},
            port=port,
            address=host,
            websocket_origin=allowed,
            websocket_max_message_size=bounds.MESSAGE_BYTES,
            show=show,
            start=False,
            verbose=False,
            static_dirs={_SERVED: str(PLOTLY.parent)},
        )
    except OSError as error:
        raise InputError(f"port must be one that is free on {host}; got {port} ({error.strerror or error})") from None
    _send_at_once(server)
    Explorer(State())  # imports what the first visitor would wait for
    server.start()
    if wait:
        print(f"http://{f'[{host}]' if ':' in host else host}:{port}/{_ROUTE}  (Ctrl-C ends it)", flush=True)
        server.io_loop.start()
    return server
