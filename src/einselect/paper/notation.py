"""Plain-text physics notation (η_MF, <E0|Jz|E1>, N^-0.5, 3e-12) as HTML with real sub- and superscripts."""

from __future__ import annotations

import html
import re

_RULES: tuple[tuple[str, str], ...] = (
    (r"<([^<>\s|]{1,16})\|", r"⟨\1|"),
    (r"\|([^<>|\s][^<>|]{0,11})>", r"|\1⟩"),
    (r"<([^<>\s|]{1,8})>", r"⟨\1⟩"),
)
_MARKUP: tuple[tuple[str, str], ...] = (
    (r"k_BT", "k<sub>B</sub>T"),
    (r"(?<![A-Za-z])([A-Za-zΑ-Ωα-ω])_\{?([A-Za-z0-9≥φ]+)\}?", r"\1<sub>\2</sub>"),
    (r"(?<![A-Za-z])([GJ])01", r"\1<sub>01</sub>"),
    (r"(?<![A-Za-z])J([xyz])(?![A-Za-z])", r"J<sub>\1</sub>"),
    (r"(?<![A-Za-z])T2(?![\w])", "T<sub>2</sub>"),
    (r"(?<![A-Za-z0-9])E([0-9n])(?![\w])", r"E<sub>\1</sub>"),
    (r"log(10|2)(?=[\s\[(])", r"log<sub>\1</sub>"),
)


def to_html(text: str) -> str:
    """Escape the text and set its notation.

    Examples
    --------
    >>> to_html("η_MF = G_loc/G01 < 3e-12")
    'η<sub>MF</sub> = G<sub>loc</sub>/G<sub>01</sub> &lt; 3×10<sup>−12</sup>'
    >>> to_html("-N m*/2 - J01")
    '−N m*/2 − J<sub>01</sub>'
    >>> to_html("<E0|Jz|E1>")
    '⟨E<sub>0</sub>|J<sub>z</sub>|E<sub>1</sub>⟩'
    >>> to_html("|<P|ψ>|² ~ N^-0.25; k_BT")
    '|⟨P|ψ⟩|² ~ N<sup>−0.25</sup>; k<sub>B</sub>T'
    """
    for pattern, new in _RULES:
        text = re.sub(pattern, new, text)
    text = re.sub(r"(?<=\S) - (?=\S)", " − ", text)
    text = re.sub(r"(?<![\w)\]⟩}^])-(?=[\w(½{|])", "−", text)
    text = re.sub(r"(?<=_\d)-(?=[A-Z]_\d)", "−", text)
    text = html.escape(text, quote=False)
    for pattern, new in _MARKUP:
        text = re.sub(pattern, new, text)
    text = re.sub(r"\^(-?\d+(?:\.\d+)?(?:e-?\d+)?|N)", lambda m: f"<sup>{_minus(m[1])}</sup>", text)
    return re.sub(r"(?<=[\d)])e([+-]?\d+)\b", _power, text)


def _power(match: re.Match[str]) -> str:
    exponent = int(match[1])
    return f"×10<sup>{_minus(str(exponent))}</sup>" if exponent else ""


def _minus(text: str) -> str:
    return text.replace("-", "−")
