"""kit.py: what it installs, what it says when it cannot, and that a second start does nothing.

A folder of stand-ins on PATH takes the place of apt, sudo and the browser; a file of the right name
that is no library takes the place of a missing Pango. Nothing of this machine is changed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from paths import ROOT

LINE = "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A checkout in small, whose .venv is a stand-in that only tells what it is asked to do."""
    folder = tmp_path / "checkout"
    (folder / "mentorkit" / "pdf").mkdir(parents=True)
    (folder / "tests").mkdir()
    for name in (
        "kit.py",
        "pyproject.toml",
        "tests/tested_versions.txt",
        "mentorkit/__init__.py",
        "mentorkit/pdf/__init__.py",
        "mentorkit/pdf/system_libraries.py",
    ):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv" / "bin").mkdir(parents=True)
    stand_in(
        folder / ".venv" / "bin" / "python",
        f'echo "$@" >> {folder}/asked\nif [ "$4" = check ]; then exit 41; fi\ntest ! -e '
        f'{folder}/refuse-"$2"',
    )
    return folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The folder that is the whole PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("env", "sh", "cat"):
        (folder / name).symlink_to(shutil.which(name) or "")
    return folder


@pytest.fixture
def no_pango(tmp_path: Path) -> dict[str, str]:
    """The environment in which Pango cannot be loaded: a file of its name that is no library is
    found first.
    """
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "libpango-1.0.so.0").write_text("no library")
    return {"LD_LIBRARY_PATH": str(tmp_path / "lib")}


def stand_in(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def start(
    kit: Path, path: Path, *words: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """kit.py in an empty environment, without a terminal, with nothing to read."""
    home = kit.parent / "home"
    home.mkdir(exist_ok=True)
    return subprocess.run(
        [sys.executable, str(kit / "kit.py"), *words],
        env={"PATH": str(path), "HOME": str(home), **environment},
        cwd=kit,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def asked(kit: Path) -> list[str]:
    """What the stand-in for .venv's Python was asked to do, since the last time."""
    try:
        lines = (kit / "asked").read_text().splitlines()
        (kit / "asked").unlink()
    except FileNotFoundError:
        return []
    return lines


def test_the_first_start_sets_up_and_the_second_only_hands_on(kit: Path, path: Path) -> None:
    assert start(kit, path, "check", "--strict").returncode == 41, (
        "the exit code is the command's own"
    )
    first = asked(kit)
    assert [line for line in first if "install" in line] == [
        "-m pip --disable-pip-version-check --no-input --retries 8 install --quiet -e ."
    ]
    assert first[-1] == "-P -m mentorkit check --strict"
    told = start(kit, path, "check", "--strict")
    assert asked(kit) == ["-P -m mentorkit check --strict"] and told.stderr == ""


def test_the_tests_need_more_than_the_books_and_what_they_need_serves_both(
    kit: Path, path: Path
) -> None:
    stand_in(path / "chromium", "exit 0")
    start(kit, path, "check")
    asked(kit)
    start(kit, path, "test", "--deep", "-k", "write")
    lines = asked(kit)
    assert any(line.endswith("install --quiet -e . --group test") for line in lines)
    assert lines[-1] == "-m pytest -k write"
    start(kit, path, "check")
    assert asked(kit) == ["-P -m mentorkit check"]


def test_the_versions_last_tested_are_installed_when_asked_for_and_then_serve(
    kit: Path, path: Path
) -> None:
    start(kit, path, "check")
    asked(kit)
    assert start(kit, path, "--as-tested", "check").returncode == 41
    lines = asked(kit)
    assert any(line.endswith(f"-e . -c {kit}/tests/tested_versions.txt") for line in lines)
    assert lines[-1] == "-P -m mentorkit check"
    for words in (["--as-tested", "check"], ["check"]):
        start(kit, path, *words)
        assert asked(kit) == ["-P -m mentorkit check"]
    (kit / "tests" / "tested_versions.txt").write_text("weasyprint==70.1\n")
    start(kit, path, "--as-tested", "check")
    assert any("install" in line for line in asked(kit)), "the list is another one now"


def test_the_list_of_versions_holds_every_library_of_the_project_and_no_address() -> None:
    text = (ROOT / "tests" / "tested_versions.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    listed = {line.partition("==")[0].lower().replace("_", "-") for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = [*project["project"]["dependencies"], *project["dependency-groups"]["test"]]
    names = {re.split(r"[<>=;\[ ]", line)[0].lower().replace("_", "-") for line in needed}
    assert names <= listed


@pytest.mark.parametrize("change", ["pyproject", "moved", "python", "stamp"])
def test_whatever_makes_the_set_up_stale_is_noticed(kit: Path, path: Path, change: str) -> None:
    start(kit, path, "check")
    asked(kit)
    if change == "pyproject":
        (kit / "pyproject.toml").write_text((kit / "pyproject.toml").read_text() + "\n# more\n")
    if change == "moved":
        kit = kit.rename(kit.with_name("moved"))
        stand_in(kit / ".venv" / "bin" / "python", f'echo "$@" >> {kit}/asked')
    if change == "python":
        (kit / ".venv" / "bin" / "python").rename(kit / ".venv" / "bin" / "python3.99")
        (kit / ".venv" / "bin" / "python").symlink_to("python3.99")
    if change == "stamp":
        (kit / ".venv" / "kit-stamp").write_text("half of")
    start(kit, path, "check")
    assert any("install" in line for line in asked(kit))


def test_a_set_up_that_failed_is_tried_again(kit: Path, path: Path) -> None:
    (kit / "refuse-pip").write_text("")
    told = start(kit, path, "check")
    assert told.returncode == 69 and "is there a network?" in told.stderr
    assert not (kit / ".venv" / "kit-stamp").exists()
    (kit / "refuse-pip").unlink()
    assert start(kit, path, "check").returncode == 41


def test_two_first_starts_at_once_set_up_once(kit: Path, path: Path) -> None:
    stand_in(
        kit / ".venv" / "bin" / "python",
        f'echo "$@" >> {kit}/asked\ncase "$*" in *install*) /bin/sleep 0.5;; esac',
    )
    command = [sys.executable, str(kit / "kit.py"), "check"]
    both = [
        subprocess.Popen(
            command,
            env={"PATH": str(path)},
            cwd=kit,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(2)
    ]
    assert [one.wait(timeout=60) for one in both] == [0, 0]
    assert sum("install" in line for line in asked(kit)) == 1


def test_without_pango_and_apt_the_line_to_type_is_told(
    kit: Path, path: Path, no_pango: dict[str, str]
) -> None:
    stand_in(path / "dnf", "exit 0")
    told = start(kit, path, "build", **no_pango)
    assert told.returncode == 69 and told.stdout == ""
    assert "libpango-1.0.so.0" in told.stderr and told.stderr.rstrip().endswith("dnf install pango")
    assert asked(kit) == [], "nothing is set up for a command that cannot run"


@pytest.mark.parametrize(
    "words", [["check"], ["doctor"], ["new", "program", "x"], ["--help"], ["build", "--help"], []]
)
def test_only_commands_that_make_pdfs_need_pango(
    kit: Path, path: Path, no_pango: dict[str, str], words: list[str]
) -> None:
    start(kit, path, *words, **no_pango)
    assert asked(kit)[-1] == " ".join(["-P -m mentorkit", *words])


def test_on_debian_as_root_the_line_is_shown_and_run(
    kit: Path, path: Path, no_pango: dict[str, str]
) -> None:
    """apt's stand-in takes the file away that hides the real Pango: from then on it can be loaded."""  # noqa: E501
    stand_in(
        path / "apt-get",
        f'echo "$@" >> {kit}/apt\n/bin/rm -f '
        f"{no_pango['LD_LIBRARY_PATH']}/libpango-1.0.so.0\nexit 0",
    )
    told = as_root(kit, path, "build", **no_pango)
    assert told.returncode == 0, told.stderr
    ran = (kit / "apt").read_text().splitlines()
    assert len(ran) == 1 and ran[0].endswith(
        "install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
    )
    assert "$ env DEBIAN_FRONTEND=noninteractive apt-get" in told.stderr and ran[0] in told.stderr
    assert asked(kit)[-1] == "-P -m mentorkit build"


def test_old_package_lists_are_renewed_once(
    kit: Path, path: Path, no_pango: dict[str, str]
) -> None:
    stand_in(
        path / "apt-get",
        f'echo "$@" >> {kit}/apt\ncase "$*" in *update*) echo >> {kit}/fresh;; esac\ntest -e '
        f"{kit}/fresh",
    )
    told = as_root(kit, path, "build", **no_pango)
    assert told.returncode == 69, "installed, and still not to be loaded: no false hope"
    assert ["update" in line for line in (kit / "apt").read_text().splitlines()] == [
        False,
        True,
        False,
    ]
    assert told.stderr.rstrip().endswith(LINE)


def test_without_the_right_to_install_nothing_is_tried(
    kit: Path, path: Path, no_pango: dict[str, str]
) -> None:
    stand_in(path / "apt-get", f'echo "$@" >> {kit}/apt')
    stand_in(path / "sudo", "exit 1")
    told = as_somebody(kit, path, "build", **no_pango)
    assert told.returncode == 69 and told.stderr.rstrip().endswith("sudo " + LINE)
    assert not (kit / "apt").exists()


def test_a_sudo_that_asks_nothing_is_used(kit: Path, path: Path, no_pango: dict[str, str]) -> None:
    stand_in(path / "apt-get", f"/bin/rm -f {no_pango['LD_LIBRARY_PATH']}/libpango-1.0.so.0")
    stand_in(path / "true", "exit 0")
    stand_in(
        path / "sudo", f'printf "%s\\n" "$*" >> {kit}/sudo\n[ "$1" = -n ] && shift && exec "$@"'
    )
    told = as_somebody(kit, path, "build", **no_pango)
    assert "$ sudo -n env DEBIAN_FRONTEND=noninteractive apt-get" in told.stderr
    assert (kit / "sudo").read_text().splitlines()[0] == "-n true"


def test_without_a_browser_the_tests_do_not_start(kit: Path, path: Path) -> None:
    told = start(kit, path, "test")
    assert told.returncode == 69 and "Chromium" in told.stderr and asked(kit) == []


def test_a_folder_that_cannot_be_written_to_is_told(kit: Path, path: Path) -> None:
    shutil.rmtree(kit / ".venv")
    kit.chmod(0o555)
    try:
        told = as_somebody(kit, path, "check")
    finally:
        kit.chmod(0o755)
    assert (
        told.returncode == 74
        and "cannot be written to" in told.stderr
        and "Traceback" not in told.stderr
    )


def as_root(
    kit: Path, path: Path, *words: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return as_user(kit, path, 0, *words, **environment)


def as_somebody(
    kit: Path, path: Path, *words: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    return as_user(kit, path, 1000, *words, **environment)


def as_user(
    kit: Path, path: Path, user: int, *words: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """kit.py as it behaves for this user; it only asks who it is, and whether it may write."""
    script = (
        "import os, runpy, sys; user = int(sys.argv.pop(1)); sys.argv = sys.argv[1:]; real = "
        "os.access\n"
        "os.geteuid = lambda: user\n"
        "os.access = lambda path, mode: real(path, mode) and (user == 0 or "
        "bool(os.stat(path).st_mode & 0o200))\n"
        "sys.path.insert(0, os.path.dirname(sys.argv[0])); runpy.run_path(sys.argv[0], "
        "run_name='__main__')"
    )
    command = [sys.executable, "-c", script, str(user), str(kit / "kit.py"), *words]
    return subprocess.run(
        command,
        env={"PATH": str(path), **environment},
        cwd=kit,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_the_real_set_up_is_there_and_a_start_takes_no_time() -> None:
    if not (ROOT / ".venv" / "kit-stamp").exists():
        pytest.skip("these tests were not started by kit.py")
    began = time.monotonic()
    told = subprocess.run(
        [sys.executable, str(ROOT / "kit.py"), "--version"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
    )
    print(f"{time.monotonic() - began:.2f} s")
    assert told.returncode == 0 and told.stdout.startswith("mentorkit ") and told.stderr == ""


def test_a_fresh_clone_builds_in_an_empty_environment(tmp_path: Path, deep: bool) -> None:
    if not deep:
        pytest.skip("under --deep")
    subprocess.run(["git", "clone", "-q", str(ROOT), str(tmp_path / "clone")], check=True)
    (tmp_path / "home").mkdir()
    began = time.monotonic()
    told = subprocess.run(
        ["./kit.py", "build"],
        cwd=tmp_path / "clone",
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    print(f"{time.monotonic() - began:.0f} s")
    assert told.returncode == 0, told.stderr + told.stdout
    assert list((tmp_path / "clone" / "build").glob("*/manifest.json"))
