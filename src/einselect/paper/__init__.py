"""The paper reproduced: its tables, figures and appendix numbers, and every claim of its text judged."""

from __future__ import annotations

from .write import PaperOutput, write_paper

__all__ = ["PaperOutput", "write_paper"]
