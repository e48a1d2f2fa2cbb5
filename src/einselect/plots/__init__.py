"""Results in, matplotlib axes out. Nothing is computed but where things go on the page.

Each function draws on `ax`, or on new axes of one journal column in the house style (`einselect.style`), and
returns the axes. To save them with text as text: ``einselect.style.save(ax.figure, "doublet.svg")``.
"""

from .curve import plot_curve
from .doublet import plot_doublet
from .dynamics import plot_coherences
from .leggett_garg import plot_k3, plot_k3_map
from .levels import plot_levels
from .local_noise import plot_local_noise
from .metrology import plot_field_information, plot_husimi, plot_metrology, plot_spin_squeezing
from .modes import plot_modes
from .noise import plot_noise, plot_noise_coherence, plot_noise_k3, plot_noisy_coherence
from .ratios import plot_eta_field, plot_eta_spins
from .retention import plot_atom_loss, plot_static_noise
from .study import plot_study
from .systems import plot_systems
from .window import plot_window, plot_windows

__all__ = [
    "plot_atom_loss",
    "plot_coherences",
    "plot_curve",
    "plot_doublet",
    "plot_eta_field",
    "plot_eta_spins",
    "plot_field_information",
    "plot_husimi",
    "plot_k3",
    "plot_k3_map",
    "plot_levels",
    "plot_local_noise",
    "plot_metrology",
    "plot_modes",
    "plot_noise",
    "plot_noise_coherence",
    "plot_noise_k3",
    "plot_noisy_coherence",
    "plot_spin_squeezing",
    "plot_static_noise",
    "plot_study",
    "plot_systems",
    "plot_window",
    "plot_windows",
]
