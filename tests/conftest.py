"""What tests of several folders share: a data folder that holds both seed reports, embedded once a session."""

import shutil
from pathlib import Path

import pytest

from qa.answer import Answerer
from qa.config import Config
from qa.library import Library

REPOSITORY = Path(__file__).resolve().parents[1]
SEEDS = sorted((REPOSITORY / "seeds").glob("*.txt"))


@pytest.fixture(scope="session")
def seed_home(tmp_path_factory) -> Path:
    """A data folder with both seeds, made by the built-in model. Only to be read: see ``own_home``."""
    home = tmp_path_factory.mktemp("seed_home")
    with Library.open(Config(home)) as library:
        assert [result.outcome for result in library.ensure_seeds()] == ["added", "added"]
    return home


@pytest.fixture(scope="session")
def seed_library(seed_home):
    """The opened library over ``seed_home``."""
    with Library.open(Config(seed_home)) as library:
        yield library


@pytest.fixture(scope="session")
def seed_answerer(seed_library) -> Answerer:
    """Answers questions about the two seeds."""
    return Answerer(seed_library)


@pytest.fixture
def own_home(seed_home, tmp_path) -> Path:
    """A copy of ``seed_home`` that a test may change."""
    return Path(shutil.copytree(seed_home, tmp_path / "own_home"))
