"""The files that the guide to clusters shows: the shell reads them, and they name what the programs take."""

from __future__ import annotations

import ast
import importlib
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "cluster.md"


def blocks(language: str) -> list[str]:
    """Every block of a language."""
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    assert found
    return found


def options(*command: str) -> str:
    """What a program says of its options."""
    done = subprocess.run([sys.executable, "-m", *command, "--help"], capture_output=True, text=True, check=True)
    return done.stdout


def words() -> list[list[str]]:
    """Every command line of the page that runs Dask or the program, as words."""
    text = PAGE.read_text(encoding="utf-8").replace("\\\n", " ")
    before = r"^(?: {4}|srun --overlap |OPENBLAS\S+ )*"
    lines = re.findall(before + r"((?:dask|einselect) [^&#\n`]*)", text, flags=re.MULTILINE)
    return [shlex.split(line) for line in lines]


@pytest.mark.parametrize("number", range(len(blocks("bash"))))
def test_shell_reads_the_scripts(number: int) -> None:
    done = subprocess.run(["bash", "-n"], input=blocks("bash")[number], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_kubernetes_files_belong_together() -> None:
    yaml = pytest.importorskip("yaml")
    parts = [part for block in blocks("yaml") for part in yaml.safe_load_all(block)]
    kinds = [(part["kind"], part["metadata"]["name"]) for part in parts]
    assert len(set(kinds)) == len(kinds) == 4
    service = next(part for part in parts if part["kind"] == "Service")
    address = f"tcp://{service['metadata']['name']}:{service['spec']['ports'][0]['port']}"
    callers = []
    for part in parts:
        if part["kind"] == "Service":
            continue
        template = part["spec"]["template"]
        if part["kind"] == "Deployment":
            assert part["spec"]["selector"]["matchLabels"] == template["metadata"]["labels"]
        pod = template["spec"]
        volumes = {volume["name"] for volume in pod.get("volumes", [])}
        for container in pod["containers"]:
            assert {mount["name"] for mount in container.get("volumeMounts", [])} <= volumes
            callers.append(container["command"])
    # The service finds the scheduler, and both the workers and the driver ask for the service.
    labels = [part["spec"]["template"]["metadata"]["labels"] for part in parts if part["kind"] == "Deployment"]
    assert service["spec"]["selector"] in labels
    assert sum(address in command for command in callers) == 2
    _known(callers)


def test_options_exist() -> None:
    lines = words()
    assert {tuple(line[:2]) for line in lines} == {("dask", "scheduler"), ("dask", "worker"), ("einselect", "sweep")}
    _known(lines)


def _known(commands: list[list[str]]) -> None:
    pytest.importorskip("distributed")
    said = {
        ("dask", "scheduler"): options("distributed.cli.dask_scheduler"),
        ("dask", "worker"): options("distributed.cli.dask_worker"),
        ("einselect", "sweep"): options("einselect", "sweep"),
    }
    for program, verb, *rest in commands:
        for option in (word for word in rest if word.startswith("--")):
            # Dask writes a switch and its opposite as --dashboard / --no-dashboard.
            assert re.search(rf"{option}\b", said[program, verb]), f"{program} {verb} has no {option}"


def test_python_names_exist() -> None:
    for block in blocks("python"):
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("einselect"):
                module = importlib.import_module(node.module)
                assert all(hasattr(module, alias.name) for alias in node.names)
