"""What the axes and quantities of a study are called in a picture: symbols of the field, with their units."""

from __future__ import annotations

from typing import Any

_SYMBOLS = {
    "spins": "N", "sites": "M", "field": r"\Gamma", "coupling": "J", "anisotropy": r"\kappa", "tilt": "h",
    "tunnelling": "K", "interaction": "U", "mode": r"\omega", "spin": r"\omega_0", "huang_rhys": "S", "closing": "c",
    "frequencies": r"\omega_k", "couplings": "g_k", "strength": r"\alpha", "exponent": "s",
    "cutoff": r"\omega_c", "modes": "M",
    "gamma": r"\gamma", "temperature": r"k_\mathrm{B}T", "jump": "L", "time": "t", "tau": r"\tau",
    "frequency": r"\omega", "phase": r"\phi",
    "energy_even": "E_0", "energy_odd": "E_1", "splitting": r"\Delta E", "log_splitting": r"\Delta E",
    "log10_splitting": r"\Delta E", "splitting_bound": r"\Delta E_\mathrm{max}", "jz2_even": "q_0", "jz2_odd": "q_1",
    "g01": "G_{01}", "j01": "J_{01}", "eigenstate_moment": r"\Gamma_{01}/\gamma",
    "pointer_moment": r"\Gamma_\mathrm{PR}/\gamma", "g_loc": r"G_\mathrm{loc}", "eta_mf": r"\eta_\mathrm{MF}",
    "eta_exact": r"\eta_\mathrm{exact}", "eta_restricted": r"\eta_\mathrm{restricted}", "enhancement": "B",
    "leakage": "G_{01} - J_{01}^2", "leakage_even": "q_0 - J_{01}^2", "leakage_odd": "q_1 - J_{01}^2",
    "depletion": "Nm^*/2 - J_{01}", "order_parameter": "m^*", "gap": "E_2 - E_0",
    "log10_gap_ratio": r"\log_{10}[(E_2 - E_0)/\Delta E]",
    "rate_eigenstate": r"\Gamma_{01}", "rate_pointer": r"\Gamma_\mathrm{PR}",
    "rate_mean_field": r"\gamma G_\mathrm{loc}", "rate_degenerate": r"2\gamma J_{01}^2", "t2_eigenstate": "T_2",
    "t2_pointer": r"1/\Gamma_\mathrm{PR}", "secular_parameter": r"2\Delta E\,T_2",
    "log_secular_parameter": r"\ln(2\Delta E\,T_2)", "thermal_ratio": r"\Delta E/k_\mathrm{B}T",
    "log_thermal_ratio": r"\ln(\Delta E/k_\mathrm{B}T)",
    "coherence_eigenstate": r"|\rho_{01}(t)|", "coherence_pointer": r"|\rho_\mathrm{PR}(t)|",
    "population_even": r"\rho_{00}(t)", "population_odd": r"\rho_{11}(t)", "population_pointer": r"\rho_\mathrm{PP}(t)",
    "doublet_population": r"\rho_{00} + \rho_{11}", "purity": r"\mathrm{Tr}\,\rho^2",
    "k3": "K_3", "k4": "K_4", "k3_best": r"K_3(\tau_\mathrm{best})", "k3_best_interval": r"\tau_\mathrm{best}",
    "k3_threshold": r"\gamma_\mathrm{th}", "quantum_fisher": "F", "kitagawa_ueda": r"\xi^2",
    "wineland": r"\xi_\mathrm{R}^2", "evolved_quantum_fisher": "F(t)", "field_fisher": r"F_h(t)",
    "field_fisher_readout": r"F_h(t;\,\mathrm{read})", "evolved_kitagawa_ueda": r"\xi^2(t)",
    "evolved_wineland": r"\xi_\mathrm{R}^2(t)", "local_ratio": "1 + 4J_{01}^2/N^2", "local_limit": "1 + m^{*2}",
    "collective_over_local": "4G_{01}/N", "instanton_action": "S", "slope_spins": r"\partial\Delta E/\partial N",
    "t2_star": "T_2^*", "t2_star_gaussian": "T_2^*", "interrogation_time": r"t_\mathrm{best}",
    "interrogation_fisher": r"F_h(t_\mathrm{best})",
    "interrogation_rate": r"\Gamma_\mathrm{eff}",
}  # fmt: skip
_OF_MODELS = {("dicke", "coupling"): r"\lambda", ("rabi", "coupling"): r"\lambda", ("dimer", "coupling"): "V",
              ("ring", "coupling"): "V", ("few-modes", "tunnelling"): r"\Delta",
              ("spin-boson", "tunnelling"): r"\Delta", ("bose-josephson", "tilt"): r"\epsilon"}  # fmt: skip
_OVER_J = {"J": "/J", "ln(J)": "/J", "log10(J)": "/J"}
_UNITS = {"rad/s (E/ħ)": "rad/s", "J/ħ": r"$J/\hbar$", "ħ/J": r"$\hbar/J$", "(ħ/J)²": r"$(\hbar/J)^2$",
          "T2": "$T_2$", "s²": "$\\mathrm{s}^2$"}  # fmt: skip
_PLAIN = ("1", "", "that of the coupling", "that of the coupling, ħ = 1", "1/coupling, ħ = 1", "(1/coupling, ħ = 1)²")


def symbol(name: str, model: str = "") -> str:
    r"""A name as mathematics, without dollars; "" where the field has no symbol.

    Examples
    --------
    >>> from einselect.plots.study_labels import symbol
    >>> symbol("coupling", "dicke")
    '\\lambda'
    """
    return _OF_MODELS.get((model, name), _SYMBOLS.get(name, ""))


def axis_label(coordinate: Any, model: str = "", bare: bool = False) -> str:
    """Label of an axis: its symbol, as the model has it, and unit; `bare` where a value with its unit follows."""
    unit = str(coordinate.attrs.get("units", "1"))
    name = str(coordinate.name)
    found = symbol(name, model)
    if not found:
        return name.replace("_", " ")
    if unit.endswith("/J") or (unit in _OVER_J and name != "coupling"):
        return f"${found}/J$"
    shown = "" if unit in _PLAIN or unit in _OVER_J else _UNITS.get(unit, unit)
    if unit.startswith("rad/s"):  # an energy over ħ
        found = rf"{found}/\hbar"
    return f"${found}$ [{shown}]" if shown and not bare else f"${found}$"


def quantity_label(variable: Any) -> str:
    """Label of a quantity: its symbol, or its name, with the unit."""
    name, unit = str(variable.name), str(variable.attrs.get("units", "1"))
    found = symbol(name)
    if not found:
        shown = "" if unit in _PLAIN else f" [{_UNITS.get(unit, unit)}]"
        return f"{name.replace('_', ' ')}{shown}"
    for prefix, function in (("ln(", r"\ln"), ("log10(", r"\log_{10}")):
        if unit.startswith(prefix):
            inner = unit.removeprefix(prefix).removesuffix(")")
            scale = "/J" if inner == "J" else r"\,\mathrm{s}/\hbar" if inner.startswith("rad/s") else ""
            return f"${function}({found}{scale})$"
    if unit in _OVER_J:
        return f"${_grouped(found)}/J$"
    if unit.startswith("rad/s"):
        return rf"${_grouped(found)}/\hbar$ [rad/s]"
    return f"${found}$" if unit in _PLAIN else f"${found}$ [{_UNITS.get(unit, unit)}]"


def _grouped(formula: str) -> str:
    """In brackets where it is a difference."""
    return f"({formula})" if " - " in formula else formula


def value_label(value: Any) -> str:
    """A value of an axis, as short as it can be told, with its unit."""
    item = value.values.item()
    unit = str(value.attrs.get("units", "1"))
    shown = "" if unit in _PLAIN or unit in _OVER_J or unit.endswith("/J") else f" {_UNITS.get(unit, unit)}"
    if isinstance(item, str):
        return item
    text = f"{item:.6g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        factor = "" if mantissa == "1" else rf"{mantissa}\times"
        text = f"${factor}10^{{{int(exponent)}}}$"
    return f"{text}{shown}"


def category_label(name: str) -> str:
    """A category as it is written."""
    return name.replace("-", " ")
