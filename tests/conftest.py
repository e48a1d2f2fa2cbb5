"""Settings that every test shares."""

from __future__ import annotations

import os

from hypothesis import settings

# The same examples in every run: a failure is a change of the code, not of the dice. For new examples:
# HYPOTHESIS_PROFILE=explore. No deadlines: the first example to import pint or qutip takes longer than any.
settings.register_profile("einselect", deadline=None, derandomize=True, print_blob=True)
settings.register_profile("explore", deadline=None, max_examples=1000, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "einselect"))

# Figures are drawn without a screen, also where one is there. Read at matplotlib's first import.
os.environ["MPLBACKEND"] = "Agg"
