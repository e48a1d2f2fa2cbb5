"""A system that was given by matrices, as levels and jump operators ready for rates and dynamics."""

from __future__ import annotations

from dataclasses import dataclass

from ..matrix_levels import MatrixLevels
from ..models.custom import CustomModel
from ..rates import JumpOperator


@dataclass(frozen=True)
class ImportedSystem:
    r"""A system given by matrices, ready for rates and dynamics.

    Attributes
    ----------
    model : CustomModel
        The system itself, for `dephasing_rates` and further levels.
    levels : MatrixLevels
        Its lowest levels. The phase of \|E1> makes the first odd jump operator's <E0|L|E1> positive,
        so that |P> = (|E0> + |E1>)/√2 lies where L is positive.
    jumps : tuple of JumpOperator
        The collapse operators, rate 1 each (QuTiP's have it inside).
    jump_parities : tuple of str
        "odd", "even" or "mixed": as found from ΠLΠ†.
    hamiltonian_defect : float or None
        ‖ΠHΠ† - H‖/‖H‖ (Frobenius norms, H less its mean).
    jump_defects : tuple of float
        ‖ΠLΠ† ∓ L‖/‖L‖, the smaller of the two.
    warnings : tuple of str
    """

    model: CustomModel
    levels: MatrixLevels
    jumps: tuple[JumpOperator, ...]
    jump_parities: tuple[str, ...]
    hamiltonian_defect: float | None
    jump_defects: tuple[float, ...]
    warnings: tuple[str, ...]


def imported(model: CustomModel, count: int) -> ImportedSystem:
    """Levels and jump operators of a model."""
    levels = model.levels(count)
    warnings = list(model.warnings)
    bound = levels.splitting_bound
    if model.parity_conserved and levels.parities[0] == levels.parities[1]:
        warnings.append("the two lowest levels have the same parity: they are no tunnelling doublet")
    elif bound is not None:
        warnings.append(f"the splitting is not resolved: it is below {bound:.1e}")
    return ImportedSystem(
        model,
        levels,
        tuple(JumpOperator(op, 1.0) for op in model.operators.values()),
        model.jump_parities,
        model.hamiltonian_defect,
        model.jump_defects,
        tuple(warnings),
    )
