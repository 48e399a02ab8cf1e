"""The folders are the architecture: who may import whom, which library lives where, and how long a module may be."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = {"data": set(), "collectors": {"data"}, "rules": {"data"}, "dashboard": {"data", "collectors", "rules"}}
HOMES = {
    "streamlit": "dashboard",
    "plotly": "dashboard",
    "starlette": "dashboard",
    "uvicorn": "dashboard",
    "tqdm": "dashboard",
    "requests": "collectors",
    "httpx": "collectors",
    "aiortc": "collectors",
    "aioice": "collectors",
    "av": "collectors",
    "lxml": "collectors",
    "apscheduler": "dashboard/scheduler.py",
}
LONGEST_MODULE = 260
LONGEST_FUNCTION = 45


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield package, path.relative_to(ROOT)


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""


@pytest.mark.parametrize(("package", "path"), list(modules()), ids=str)
def test_imports_point_one_way_and_libraries_stay_at_home(package: str, path: Path) -> None:
    for name in imported(path):
        top = name.split(".")[0]
        if top in PACKAGES and top != package:
            assert top in PACKAGES[package], f"{path} imports {name}; {package} may import {PACKAGES[package]}"
        if home := HOMES.get(top):
            assert path.is_relative_to(home), f"{path} imports {name}, which lives in {home}"


@pytest.mark.parametrize("path", [path for _, path in modules()], ids=str)
def test_modules_and_functions_stay_small(path: Path) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    lines = text.count("\n")
    assert lines <= LONGEST_MODULE, f"{path} has {lines} lines; is it two things?"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            size = (node.end_lineno or node.lineno) - node.lineno + 1
            assert size <= LONGEST_FUNCTION, f"{path}: {node.name} has {size} lines; is it two things?"


def test_every_package_is_listed_for_installation() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for _, path in modules():
        name = ".".join(path.parent.parts)
        assert f'"{name}",' in text, f"pyproject.toml does not list {name}, so an installed liuhen would lack {path}"


def test_every_protocol_has_its_answers_beside_it() -> None:
    for folder in (ROOT / "collectors" / "protocols").iterdir():
        if folder.is_dir() and (folder / "__init__.py").exists():
            assert (folder / "samples.yaml").exists(), f"{folder.name} has no samples.yaml with recorded answers"


def test_nothing_names_a_package_registry_or_a_machine() -> None:
    forbidden = ("pypi.org", "files.pythonhosted", "registry.npmjs", "proxy.golang", "crates.io", "/work/", "/root/")
    suffixes = {".py", ".md", ".toml", ".txt", ".yaml", ".sql", ".css", ".js"}
    hidden = {".venv", ".git", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", "build"}
    for path in ROOT.rglob("*"):
        relative = path.relative_to(ROOT)
        if path.suffix not in suffixes or hidden & set(relative.parts) or path.samefile(__file__):
            continue
        text = path.read_text(encoding="utf-8")
        assert not [word for word in forbidden if word in text], f"{relative} names a registry or a machine's path"
