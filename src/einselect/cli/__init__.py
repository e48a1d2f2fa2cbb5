"""The command line: parse, call, print.

Nothing is imported here until a command is run, so that Ctrl-C during the imports, which take most of the first half
second, ends as it does later: one line, exit code 130.
"""

from __future__ import annotations

TYPE_CHECKING = False  # as in typing, which would take most of the time of this module
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import NoReturn

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; see `einselect.cli.app.main` for the exit codes.

    Parameters
    ----------
    arguments : sequence of str, optional
        Default: those of the process.

    Returns
    -------
    int
    """
    try:
        import signal

        # An exception at any point of an import may be dropped there; nothing has been begun that needs an end.
        before = signal.getsignal(signal.SIGINT)
        quick = before is signal.default_int_handler
        try:
            if quick:
                signal.signal(signal.SIGINT, _leave)
        except ValueError:  # in a thread, which Ctrl-C does not reach
            quick = False
        from .commands import main as run

        if quick:
            signal.signal(signal.SIGINT, before)
    except KeyboardInterrupt:
        _leave()
    return run(arguments)


def _leave(*_: object) -> NoReturn:
    """End the process as after Ctrl-C, at once."""
    import os

    os.write(2, b"einselect: interrupted\n")
    os._exit(130)
