"""The house keeps its own rules: layers, no cycles, sorted public names, small files, a light import, documented names."""

import ast
import importlib
import inspect
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import omniid

SRC = Path(omniid.__file__).parent
ROOT = SRC.parent.parent
FILES = sorted(SRC.rglob("*.py"))
LAYERS = {
    0: ["tables", "errors"],
    1: [
        "frames",
        "similarity",
        "hashing",
        "nicknames",
        "given_names",
        "surnames",
        "phonetics",
        "spellings",
        "plain",
        "stages",
        "datasets",
        "copies",
        "changed_rows",
        "entity_ids",
        "byte_arrays",
        "ordering",
        "key_order",
        "threads",
        "memory",
        "pair_store",
    ],
    2: ["store"],
    3: [
        "normalization",
        "sharing",
        "blocking",
        "comparison",
        "matching",
        "kernel",
        "clustering",
        "devices",
        "survivorship",
        "journey",
        "evaluation",
        "households",
        "expectation",
        "writeback",
        "data_quality",
        "contacts",
        "consent",
    ],
    4: [
        "authority",
        "spec",
        "spec_files",
        "spec_parts",
        "inference",
        "chain_texts",
        "fields",
        "identifier_fields",
        "identifier_kinds",
        "declarations",
        "event_columns",
        "compilation",
        "crowding",
        "decisions",
        "device_plans",
        "entity_decisions",
        "review_answers",
        "evidence",
        "kernel_plans",
        "label_frames",
        "label_words",
        "labels",
        "limit_rules",
        "limit_plans",
        "meeting",
        "hash_meanings",
        "names",
        "priorities",
        "repetition",
        "statement_fields",
        "statement_values",
        "stop_values",
        "survivorship_plans",
        "views",
        "weak_evidence",
    ],
    5: [
        "ledgers",
        "source_cells",
        "source_updates",
        "pipeline",
        "resolution",
        "explanation",
        "answers",
        "results",
        "summary",
        "recordlinkage",
        "linking",
        "missed_pairs",
        "merging",
        "duplicate_free",
        "previous",
        "changes",
        "view_results",
        "what_if",
        "conclusion",
        "rescoring",
        "result_frames",
        "data_report",
        "measured_fields",
        "result_uses",
        "household_results",
        "activity",
        "event_files",
        "event_following",
        "event_reading",
        "event_results",
        "event_tables",
        "event_uses",
        "gathering",
        "journeys",
        "sightings",
        "judging",
        "pair_classifier",
        "worth_judging",
        "review",
        "quality",
        "report",
        "asked_precision",
        "review_session",
        "single_record",
        "resolver",
        "contacting",
    ],
    6: ["cli", "__init__", "__main__"],
}
STAGES = set(LAYERS[3])
LAYER_OF = {room: layer for layer, rooms in LAYERS.items() for room in rooms}


def module_name(path: Path) -> str:
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


@cache
def parsed(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@cache
def imports_of(path: Path) -> set[str]:
    out = set()
    for node in parsed(path):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "omniid":
            out |= {
                f"{node.module}.{name.name}"
                if (SRC.parent / Path(*node.module.split(".")) / f"{name.name}.py").exists()
                else node.module
                for name in node.names
            }
        elif isinstance(node, ast.Import):
            out |= {name.name for name in node.names if name.name.split(".")[0] == "omniid"}
    return out


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_imports_go_down_and_stages_stay_apart(path: Path) -> None:
    room = room_of(module_name(path))
    assert room in LAYER_OF, f"{path} stands in no layer; add its room to LAYERS"
    for target in imports_of(path):
        other = room_of(target)
        if other == room:
            continue
        assert LAYER_OF[other] <= LAYER_OF[room], f"{path} (layer {LAYER_OF[room]}) imports {target} (layer {LAYER_OF[other]})"
        assert not (room in STAGES and other in STAGES), f"stage {room} imports stage {other} in {path}"


def test_no_import_cycles() -> None:
    modules = {module_name(path): imports_of(path) for path in FILES}
    graph = {name: {target for target in targets if target in modules and target != name} for name, targets in modules.items()}
    for package in graph:  # a package's __init__ re-exports its files; its files may not import it back
        graph[package] -= {package}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"import cycle: {' -> '.join((*trail, name))}"
        if name not in done:
            for target in sorted(graph[name]):
                visit(target, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        visit(name, ())


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_files_and_functions_are_small(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 350, f"{path} has more than 350 lines"
    for node in parsed(path):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (node.end_lineno or 0) - body[0].lineno + 1 if body else 1
            assert lines <= 80, f"{path}: {node.name} has {lines} lines"
            assert node.name != path.stem, f"{path}: a function shares its module's name"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(SRC)))
def test_public_names_are_declared_sorted_and_there(path: Path) -> None:
    module = importlib.import_module(module_name(path))
    assert module.__doc__, f"{path} has no docstring"
    if path.name == "__main__.py":
        return
    names = module.__all__
    assert list(names) == sorted(names, key=_as_ruff_sorts), f"{path}: __all__ is not sorted"
    for name in names:
        assert getattr(module, name, None) is not None, f"{path}: {name} is in __all__ but not there"


def _as_ruff_sorts(name: str) -> tuple[int, str]:
    return (0 if name.isupper() else 1 if name[0].isupper() else 2, name)


@pytest.mark.parametrize("name", omniid.__all__)
def test_every_public_name_is_documented_with_an_example(name: str) -> None:
    thing = getattr(omniid, name)
    if name.startswith("__"):
        return
    text = inspect.getdoc(thing) or ""
    assert text.split("\n")[0].endswith("."), f"{name}: the docstring's first line is no full sentence"
    assert ">>>" in text, f"{name} has no example"


def test_import_is_light() -> None:
    heavy = ("pandas", "polars", "pyspark", "recordlinkage", "pyarrow")
    code = f"import sys, omniid; print([name for name in {heavy!r} if name in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_tests_mirror_the_rooms() -> None:
    tests = ROOT / "tests"
    for path in FILES:
        room = room_of(module_name(path))
        if room not in ("__init__", "__main__", "errors"):
            assert (tests / room).is_dir() or (tests / f"test_{room}.py").exists(), f"{room} has no tests"


@pytest.mark.skipif(not (ROOT / ".ci").exists(), reason="these checks run where the repository is")
def test_what_the_oldest_pins_skip_is_there() -> None:
    for line in (ROOT / ".ci" / "oldest_skips.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            path, _, name = line.partition("::")
            found = list(ROOT.glob(f"{path}*"))
            assert found, f"{line} is no test"
            assert any(f"def {name}" in one.read_text(encoding="utf-8") for one in found if one.is_file()) or not name, line
