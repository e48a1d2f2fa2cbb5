"""The keys of a file format as tables, from the JSON schema that the program itself checks files with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def _kind(field: Mapping[str, Any], tables: Mapping[str, Any]) -> str:
    """A type in words."""
    if "$ref" in field:
        name = field["$ref"].rpartition("/")[2]
        return f"table {name}" if name in tables else name
    if "const" in field:
        return f'"{field["const"]}"'
    if "enum" in field:
        return ", ".join(f'"{value}"' for value in field["enum"])
    for key in ("anyOf", "oneOf"):
        if key in field:
            return " or ".join(dict.fromkeys(_kind(one, tables) for one in field[key] if one.get("type") != "null"))
    if field.get("type") == "array":
        return f"list of {_kind(field['items'], tables)}" if "items" in field else "list"
    if field.get("type") == "object":
        inner = field.get("additionalProperties")
        return f"table of {_kind(inner, tables)}" if isinstance(inner, Mapping) else "table"
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(
        field.get("type", "any"), str(field.get("type", "any"))
    )


def _default(field: Mapping[str, Any]) -> str:
    if "default" not in field or field["default"] is None:
        return ""
    value = field["default"]
    return f"`{value!r}`" if value not in ("", {}, []) else ""


def tables(schema: Mapping[str, Any], title: str) -> str:
    """The schema as Markdown: a table of keys for the file and for each of its tables."""
    definitions = {name: part for name, part in schema.get("$defs", {}).items() if "properties" in part}
    lines = []
    for name, part in {title: schema, **definitions}.items():
        lines += [f"**{name}**: {' '.join(part.get('description', '').split('Examples')[0].split())}", ""]
        lines += ["| key | value | default | |", "|---|---|---|---|"]
        needed = part.get("required", [])
        for key, field in part["properties"].items():
            given = "**required**" if key in needed else _default(field)
            text = field.get("description", "").replace("|", "\\|")
            lines.append(f"| `{key}` | {_kind(field, definitions)} | {given} | {text} |")
        lines.append("")
    return "\n".join(lines)
