"""What goes to the browser: plotly as it was published, only what changed, an entry with its answer."""

import hashlib
import time

from einselect.explorer.app import Explorer
from einselect.explorer.parts.picture import PLOTLY
from einselect.explorer.state import State

SHA256 = "c462b40a1a542e16c3533f97d39fbbb91af4f5267f3cbf23bd70d785efc44c38"


class Held:
    """A loop that runs what it is given when it is told to."""

    def __init__(self):
        self.functions, self.timers = [], []

    def soon(self, function):
        self.functions.append(function)

    def later(self, function, milliseconds):
        self.timers.append(function)

    def answered(self):
        """Wait for the answer of the thread that computes, and deliver it."""
        for _ in range(2000):
            if self.functions:
                break
            time.sleep(0.01)
        while self.functions:
            self.functions.pop(0)()


def test_plotly_is_the_published_one():
    text = PLOTLY.read_bytes()
    version = PLOTLY.name.removeprefix("plotly-cartesian-").removesuffix(".min.js")
    assert f"plotly.js (cartesian - minified) v{version}".encode() in text[:200]
    assert hashlib.sha256(text).hexdigest() == SHA256
    assert (PLOTLY.parent / "plotly-LICENSE.txt").read_text().startswith("MIT License")


def test_a_map_that_stays_is_not_sent_again():
    explorer = Explorer(State("window"))
    view = explorer._pages["window"]
    plane, (over_spins, over_field) = view._plane.layout, (part.layout for part in view._curves)
    was, curves = (plane.figure, plane.shapes), (over_spins.figure, over_field.figure)
    explorer.set_entry("field", "0.9")
    assert plane.figure == was[0]  # an unchanged property is no message
    assert plane.shapes != was[1]
    assert over_spins.figure != curves[0]
    assert over_field.figure != curves[1]  # its present points are traces
    assert view._plane.figure.layout["shapes"][0]["yanchor"] == 370
    now = plane.figure
    explorer.set_entry("gamma", "0.2 1/s")  # moves the line of the secular condition
    assert plane.figure != now


def test_an_entry_comes_with_its_answer():
    loop = Held()
    explorer = Explorer(State(), loop=loop)
    loop.answered()
    part = explorer._fields["spins"][1]
    part._handle_msg({"moved": 2.0, "serial": 3})
    assert explorer.state.entries["spins"] == "100"
    assert (part.text, part.serial) == ("370", 0)
    loop.answered()
    assert (part.text, part.position, part.serial) == ("100", 2.0, 3)
    assert "N = 100" in explorer._pages["doublet"]._verdict.object
    assert explorer._worker.idle


def test_an_entry_does_not_wait_for_a_slow_answer():
    loop = Held()
    explorer = Explorer(State(), loop=loop)
    loop.answered()
    part = explorer._fields["spins"][1]
    loop.timers.clear()
    part._handle_msg({"moved": 2.0, "serial": 1})
    loop.timers[0]()  # the patience of the page ends before the answer is there
    assert (part.text, part.serial) == ("100", 1)
    assert "N = 370" in explorer._pages["doublet"]._verdict.object
    loop.answered()
    assert "N = 100" in explorer._pages["doublet"]._verdict.object


def test_a_refused_entry_is_told_at_once():
    loop = Held()
    explorer = Explorer(State(), loop=loop)
    loop.answered()
    part = explorer._fields["spins"][1]
    part._handle_msg({"typed": "abc"})
    assert part.text == "abc"
    assert part.error == "spins must be a whole number >= 2; got 'abc'"
