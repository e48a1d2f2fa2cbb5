"""The Python and the commands that make what the page Protocols shows."""

from __future__ import annotations

import math

from ..code import command, model_lines
from ..compute.atom_noise import NARROWEST, WIDEST, WIDTHS
from ..compute.dynamics import end_of
from ..compute.leggett_garg import LEVELS, QUICK, spin_and_rate
from ..compute.protocols import SETTINGS
from ..state import State


def settings_of(state: State) -> dict[str, str]:
    """The settings of the page, with their defaults."""
    return {name: state.option(f"protocols.{name}", "") or default for name, default in SETTINGS.items()}


def python_of(state: State) -> str:
    """The Python of the protocol that is shown."""
    return {"sensing": _sensing, "noise": _noise}.get(settings_of(state)["show"], _leggett_garg)(state)


def command_of(state: State) -> str:
    """The command of the protocol that is shown: `leggett-garg`, `metrology` or `noisy-leggett-garg`."""
    own = settings_of(state)
    if own["show"] == "noise":
        width = float(own["noise"])
        words = ["--noise", f"spins={NARROWEST * width!r}:{WIDEST * width!r}:{WIDTHS}:log", "--level", own["level"]]
        words += ["--width", own["noise"], "--t-end", own["end"]]
        return command(state, "noisy-leggett-garg", *words, bath=("gamma",))
    if own["show"] == "sensing":
        frequency = "resonant" if own["field"] == "resonant" else "0"
        words = ["--state", own["sensor"], "--signal", own["signal"], "--frequency", frequency]
        if frequency == "resonant" and own["sensor"] == "pointer":
            words += ["--phase", repr(0.5 * math.pi)]
        words += ["--scheme", own["scheme"], "--t-end", own["end"]]
        return command(state, "metrology", *words, bath=("gamma",))
    words = ["--initial", own["initial"], "--level", LEVELS[-1] if own["levels"] == "all" else QUICK[-1]]
    thermal = ("temperature",) if own["initial"] == "thermal" else ()
    return command(state, "leggett-garg", *words, bath=("gamma", *thermal))


def _leggett_garg(state: State) -> str:
    own, system = settings_of(state), state.system()
    gamma = spin_and_rate(system)[2]
    levels = list(LEVELS if own["levels"] == "all" else QUICK)
    thermal = f", temperature={system.temperature!r}" if own["initial"] == "thermal" else ""
    return "\n".join(
        [
            "from einselect.plots import plot_k3",
            "from einselect.protocols import LeggettGarg, k3_by_level",
            *model_lines(state),
            f'test = LeggettGarg(model, "C", {own["initial"]!r}{thermal})',
            f"print(test.k3({gamma!r}), test.threshold())",
            f"curves = k3_by_level(test, {levels!r}, {gamma!r})",
            'plot_k3(curves).figure.savefig("k3.svg")',
        ]
    )


def _sensing(state: State) -> str:
    own, system = settings_of(state), state.system()
    gamma, end = spin_and_rate(system)[2], end_of(own["end"], system.rates, system.model)
    resonant = own["field"] == "resonant"
    further = ', frequency="resonant"' if resonant else ""
    further += f", phase={0.5 * math.pi!r}" if resonant and own["sensor"] == "pointer" else ""
    return "\n".join(
        [
            "import numpy as np",
            "",
            "from einselect.plots import plot_metrology",
            "from einselect.protocols import best_interrogation, metrology",
            *model_lines(state),
            f"times = np.linspace(0.0, {end!r}, 101)",
            f"course = metrology(model, {gamma!r}, {own['sensor']!r}, times, signal={own['signal']!r}{further})",
            f"best = best_interrogation(course, {own['scheme']!r})",
            'plot_metrology(course, best).savefig("metrology.svg")',
        ]
    )


def _noise(state: State) -> str:
    own = settings_of(state)
    gamma = spin_and_rate(state.system())[2]
    width = float(own["noise"])
    return "\n".join(
        [
            "import numpy as np",
            "",
            "from einselect.plots import plot_noise",
            "from einselect.protocols import LeggettGarg, noise_scan",
            *model_lines(state),
            f"test = LeggettGarg(model, {own['level']!r})",
            f"widths = np.concatenate(([0.0], np.geomspace({NARROWEST * width!r}, {WIDEST * width!r}, {WIDTHS})))",
            f"scan = noise_scan(test, {gamma!r}, widths)",
            'plot_noise(scan).savefig("noise.svg")',
        ]
    )
