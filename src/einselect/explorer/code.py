"""The Python and the command that make what is shown, as text to copy. The tests run both."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from .state import State


def model_lines(state: State, names: Iterable[str] = ()) -> list[str]:
    r"""Python that imports `names` of the package and makes ``model``.

    Examples
    --------
    >>> print(*model_lines(State.example("dicke"), ["dephasing_rates"]), sep="\n")
    from einselect import Dicke, dephasing_rates
    <BLANKLINE>
    model = Dicke(spins=20, coupling=0.7)
    """
    system = state.system()
    cls = system.entry.make.__name__
    arguments = ", ".join(f"{name}={value!r}" for name, value in system.parameters.items())
    import einselect

    public = [name for name in (cls, *names) if name in einselect.__all__]
    lines = [f"from einselect import {', '.join(public)}"] if public else []
    if cls not in public:
        lines.append(f"from einselect.models import {cls}")
    return [*lines, "", f"model = {cls}({arguments})"]


def bath_arguments(state: State) -> str:
    """γ, T and the jump operator as arguments of `dephasing_rates`, each after a comma.

    Examples
    --------
    >>> bath_arguments(State.example("lmg"))
    ", gamma='0.05 1/s', temperature='10 nK'"
    """
    system = state.system()
    given = {"gamma": system.gamma, "temperature": system.temperature, "jump": system.jump}
    return "".join(f", {name}={value!r}" for name, value in given.items() if value is not None)


def command(
    state: State,
    name: str,
    *further: str,
    parameters: Iterable[str] | None = None,
    bath: Iterable[str] = ("gamma", "temperature", "jump"),
) -> str:
    """A command of ``einselect`` for the model and bath, quoted for a shell.

    Parameters
    ----------
    state : State
    name : str
        The command.
    *further : str
        Words behind.
    parameters : iterable of str, optional
        Which of the model's (default: all).
    bath : iterable of str
        Which of the bath's entries the command knows.

    Examples
    --------
    >>> command(State.example("dicke"), "rates", "--json")
    'einselect rates --model dicke --spins 20 --coupling 0.7 --gamma 1e-8 --json'
    """
    system = state.system()
    kept = [n for n in system.parameters if parameters is None or n in set(parameters)]
    words = ["einselect", name, *(() if state.model == "lmg" else ("--model", state.model))]
    for entry in (*kept, *bath):
        if state.entries.get(entry):
            words += [f"--{entry.replace('_', '-')}", state.entries[entry]]
    return shlex.join([*words, *further])
