"""recordlinkage itself, in the environment that has it: it needs pandas 2."""

import importlib
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def recordlinkage() -> ModuleType:
    """The library; a submodule is asked for, as this folder of tests would do as a namespace package of the same name."""
    pytest.importorskip("recordlinkage.classifiers")
    importlib.import_module("recordlinkage.datasets")
    return importlib.import_module("recordlinkage")
