"""One city for all tests of the pages, built once per run and copied for whoever needs a file of their own."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import services
from dashboard.queries import Reader
from dashboard.rows import WHOLE_CITY
from data.store import Store
from tests.dashboard import city


@pytest.fixture(scope="session")
def city_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    city.build(folder).close()
    return folder / "city.duckdb"


@pytest.fixture
def store(city_file: Path, tmp_path: Path) -> Iterator[Store]:
    shutil.copy(city_file, tmp_path / "city.duckdb")
    with services.configured(str(tmp_path / "city.duckdb"), lambda: city.NOW) as opened:
        yield opened.store


@pytest.fixture
def reader(store: Store) -> Iterator[Reader]:
    found = Reader(store, WHOLE_CITY, city.NOW)
    yield found
    found.close()


@pytest.fixture(autouse=True)
def _main_module_is_put_back() -> Iterator[None]:
    """Streamlit's page tests leave their script as `__main__`, which every process spawned later would run again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main
