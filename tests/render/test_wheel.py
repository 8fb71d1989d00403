"""The package as people install it: the wheel alone makes a program, checks it, and builds it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from paths import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("mentorkit-*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment that holds the wheel; what it depends on is lent by ours."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    where = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    (Path(where) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    install = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        "--disable-pip-version-check",
        str(wheel),
    ]
    subprocess.run(install, check=True, capture_output=True)
    return python


def mentorkit(python: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [python.parent / "mentorkit", *words],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
    )


def test_the_wheel_carries_code_layout_fonts_starter_and_licenses_and_nothing_else(
    wheel: Path,
) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"mentorkit", f"{wheel.name.split('-py3')[0]}.dist-info"}
    for needed in (
        "commands/main.py",
        "templates/type.css",
        "fonts/source-sans-3/OFL.txt",
        "starter/curriculum/curriculum.yaml",
        "starter/cohorts/spring_2027/cohort.yaml",
    ):
        assert f"mentorkit/{needed}" in names
    for part in ("sessions", "case_studies", "worksheets", "curriculum/pictures"):
        ours = {p.name for p in (ROOT / part).iterdir() if p.is_file()}
        assert ours and ours <= {
            Path(name).name for name in names if name.startswith(f"mentorkit/starter/{part}/")
        }, part
    assert {Path(name).name for name in names if "/licenses/" in name} == {
        "LICENSE",
        "MIT.txt",
        "CC-BY-4.0.txt",
        "OFL-1.1.txt",
    }
    assert not [name for name in names if name.endswith((".pyc", ".pdf")) or "/tests/" in name]


def test_the_wheel_names_its_command_its_needs_and_its_licenses(wheel: Path) -> None:
    files = zipfile.ZipFile(wheel)
    told = {
        Path(name).name: files.read(name).decode()
        for name in files.namelist()
        if ".dist-info/" in name
    }
    assert "mentorkit = mentorkit.commands.main:main" in told["entry_points.txt"]
    assert "License-Expression: MIT AND CC-BY-4.0 AND OFL-1.1" in told["METADATA"]
    needs = [
        line.split(" ", 1)[1]
        for line in told["METADATA"].splitlines()
        if line.startswith("Requires-Dist: ")
    ]
    assert "weasyprint<71,>=70" in needs and all(">=" in need and "<" in need for need in needs), (
        "each with a floor and a ceiling"
    )


def test_the_installed_package_is_the_wheels_own(python: Path, tmp_path: Path) -> None:
    code = (
        "import mentorkit, mentorkit.program.location; print(mentorkit.__file__, "
        "mentorkit.program.location.starter())"
    )
    told = subprocess.run(
        [python, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.split()
    assert all(Path(path).is_relative_to(python.parent.parent) for path in told) and told[
        1
    ].endswith("mentorkit/starter")


def test_the_wheel_alone_makes_a_program_checks_it_and_builds_it(
    python: Path, tmp_path: Path
) -> None:
    made = mentorkit(python, "new", "program", "ours", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    checked = mentorkit(python, "check", cwd=tmp_path / "ours")
    assert checked.returncode == 0, checked.stdout
    built = mentorkit(python, "build", "--only", "worksheets", cwd=tmp_path / "ours")
    assert built.returncode == 0, built.stdout + built.stderr
    manifest = next((tmp_path / "ours" / "build").glob("*/manifest.json"))
    files = json.loads(manifest.read_text())["files"]
    assert len(files) >= 9 and all(
        (manifest.parent / file["path"]).read_bytes().startswith(b"%PDF-") for file in files
    )
