"""What became of a point of a study."""

from __future__ import annotations

MISSING = 0
"""Not worked out yet: the fill value of the store."""

DONE = 1
"""All that was asked for is there."""

WARNED = 2
"""Done, with something to know: a quantity that does not exist there, or is known less well than asked."""

REFUSED = 3
"""The point is outside of what is allowed: no number, and a message that says why."""

FAILED = 4
"""An error that nobody expected: no number, and its type and message."""

MEANINGS = ("missing", "done", "warning", "refused", "failed")
"""Of the codes, in their order."""
