"""Settings that every test shares."""

from __future__ import annotations

import os

from hypothesis import settings

# No timed tests: an example that is the first to import pint or qutip takes longer than Hypothesis' deadline.
settings.register_profile("einselect", deadline=None, print_blob=True)
settings.load_profile("einselect")

# Figures are drawn without a screen, also where one is there. Read at matplotlib's first import.
os.environ["MPLBACKEND"] = "Agg"
