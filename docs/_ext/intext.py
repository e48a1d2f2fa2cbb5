"""Numbers in the text of a page come from its code: `intext` puts them where the text asks for them."""

from __future__ import annotations

from myst_nb import glue


def intext(**words: str) -> None:
    """Make each word available to the text of the page, as {glue:text}`name`.

    Parameters
    ----------
    **words
        Text by name, numbers written out already, as the text shows them.
    """
    for name, word in words.items():
        glue(name, word, display=False)


def power(value: float) -> str:
    """A number with one digit, as a power of ten: 5 × 10⁻¹²."""
    digit, exponent = f"{value:.0e}".split("e")
    raised = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digit} × 10{raised}"
