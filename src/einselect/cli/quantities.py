"""The command `quantities`: what a sweep or a study can ask at each point."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from . import output
from .app import app
from .options import Json, option

if TYPE_CHECKING:
    from ..studies.kinds import Quantity


@app.command(
    sort_key=8,
    help_epilogue="""\
Examples:
  einselect quantities
  einselect quantities --model dicke
""",
)
def quantities(
    *,
    model: Annotated[str | None, option("Only those that a model has: see 'einselect models'.", "NAME")] = None,
    json: Json = False,
) -> None:
    """What a sweep or a study can ask at each point: names, formulas, units, what they need."""
    from ..models.registry import model_entry
    from ..studies.catalogue import OPTIONS, QUANTITIES

    name = None if model is None else model_entry(model).name
    found = [entry for entry in QUANTITIES.values() if name is None or not entry.models or name in entry.models]
    used = [entry for entry in OPTIONS.values() if any(entry.name in quantity.options for quantity in found)]
    if json:
        document = {
            "quantities": [_quantity(entry) for entry in found],
            "options": [{"name": o.name, "default": o.default, "decides": o.text} for o in used],
        }
        print(output.document(document))
        return
    from ..display import Page, Table

    tables = []
    for family in dict.fromkeys(entry.family for entry in found):
        rows = tuple(
            (entry.name, entry.formula, _unit(entry), ", ".join(entry.needs))
            for entry in found
            if entry.family == family
        )
        tables.append(Table(family, rows, ("name", "formula", "unit", "needs"), ()))
    options = tuple((o.name, o.text, "" if o.default is None else f"{o.default}") for o in used)
    if options:
        tables.append(
            Table("options of dynamics, Leggett-Garg tests and metrology", options, ("name", "decides", "default"), ())
        )
    title = "Quantities" if name is None else f"Quantities of the model {name}"
    lines = ("L is the jump operator, |P>, |R> the pointer states; after a semicolon: the same for L = Jz.",)
    print(output.page(Page(title, lines, tuple(tables))))


def _unit(entry: Quantity) -> str:
    return "name" if entry.categories else "count" if entry.whole else entry.unit or "1"


def _quantity(entry: Quantity) -> dict[str, Any]:
    """A quantity as the JSON document has it."""
    from ..models.registry import MODELS

    return {
        "name": entry.name,
        "formula": entry.formula,
        "unit": _unit(entry),
        "family": entry.family,
        "needs": list(entry.needs),
        "options": list(entry.options),
        "models": list(entry.models or MODELS),
        "categories": list(entry.categories),
    }
