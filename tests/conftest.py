"""What all tests share: the large figures, the program's folders, the command line as people start
it, and no network.
"""

from __future__ import annotations

import ipaddress
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from paths import DATA, ROOT

PARTS = ("curriculum", "sessions", "case_studies", "worksheets", "cohorts")
Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture(scope="session")
def deep() -> bool:
    """True under `./kit.py test --deep`: the same tests with ten times the figures."""
    return os.environ.get("MENTORKIT_DEEP") == "1"


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of this checkout."""
    return ROOT


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the real program, to read; what writes into it makes its own copy with
    `own_program`.
    """
    return copy_program(tmp_path_factory.mktemp("program") / "mentoring_up")


@pytest.fixture
def own_program(tmp_path: Path) -> Path:
    """A copy of the real program that this test may change."""
    return copy_program(tmp_path / "mentoring_up")


@pytest.fixture
def small_program(tmp_path: Path) -> Path:
    """A copy of the smallest whole program, that this test may change: one session, three
    worksheets, the cohort `fall`.
    """
    return Path(shutil.copytree(DATA / "small_program", tmp_path / "small"))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real program, built once a test run: the folder with `build/` in it. To read only."""
    from build_books import build

    folder = copy_program(tmp_path_factory.mktemp("built") / "mentoring_up")
    told: list[str] = []
    code = build(folder, (), (), None, False, told.append)
    assert code == 0, "\n".join(told)
    return folder


@pytest.fixture(scope="session")
def run() -> Run:
    """`run("check", cwd=folder, env={...})`: mentorkit in a process of its own, as people start it."""  # noqa: E501

    def start(
        *words: str | bytes,
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        timeout: float = 300,
    ) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-P", "-m", "mentorkit", *words]
        return subprocess.run(
            command,
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=timeout,
        )

    return start


# Below tests/unit, but with pages laid out, processes started one by one, or random rounds.
SLOW_FILES = frozenset(
    {
        "test_docs_cohorts.py",
        "test_every_text.py",
        "test_language_server.py",
        "test_mutants.py",
        "test_preview.py",
        "test_stale_references.py",
        "test_write.py",
    }
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `./kit.py test --fast` runs: tests that lay out no page and open no browser."""
    for item in items:
        is_unit = "unit" in item.path.relative_to(ROOT / "tests").parts
        is_slow = item.path.name in SLOW_FILES or "built" in getattr(item, "fixturenames", ())
        if is_unit and not is_slow:
            item.add_marker(pytest.mark.fast)


def copy_program(to: Path) -> Path:
    """The program's folders as they stand in the repository."""
    for part in PARTS:
        shutil.copytree(ROOT / part, to / part)
    return to


def _no_network(event: str, arguments: tuple[object, ...]) -> None:
    """Nothing of ours ever talks to anybody: a connection that leaves this machine fails the test
    that made it.
    """
    if event == "socket.connect":
        address = arguments[1]
        if (
            isinstance(address, tuple)
            and not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback
        ):
            raise AssertionError(f"a connection to {address}")
    if event == "socket.getaddrinfo" and arguments[0] not in (
        None,
        "",
        "localhost",
        "127.0.0.1",
        "::1",
        b"localhost",
        b"127.0.0.1",
    ):
        raise AssertionError(f"a look-up of {arguments[0]!r}")


sys.addaudithook(_no_network)
