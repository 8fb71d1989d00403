#!/usr/bin/env python3
"""Install what is missing, then run a command of mentorkit or the tests.

    ./kit.py build              the books of this folder's program (on Windows: python kit.py build)
    ./kit.py test               ruff, mypy and all tests
    ./kit.py test --fast        the tests that lay out no page and open no browser
    ./kit.py test FILE ...      pytest with these arguments; --deep turns on the large figures
    ./kit.py ANY ARGS           mentorkit ANY ARGS

    ./kit.py --as-tested ...    the same with the versions of libraries in tests/tested_versions.txt

This file needs Python 3.11 and nothing else. It installs into .venv beside it, except for libraries
that only the system can install: apt installs these, as root or with a sudo that asks for no
password, after the command was shown. On other systems it prints the command to type and ends with
exit code 69. Where .venv is up to date, a start takes no time for the set-up.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "kit-stamp"
TESTED_VERSIONS = ROOT / "tests" / "tested_versions.txt"
OLDEST = (3, 11)
PIP_WITH_GROUPS = (25, 1)
NODE = VENV / "node"
LANGUAGE_SERVER = "yaml-language-server@1.25.0"
MAKES_PDFS = ("build", "packets")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DONE, MISSING, DISK = 0, 69, 74


def main(arguments: list[str]) -> int:
    """Install what the command needs and run it; return its exit code."""
    require_python(arguments)
    as_tested = arguments[:1] == ["--as-tested"]
    if as_tested:
        arguments = arguments[1:]
    command = next((word for word in arguments if not word.startswith("-")), "")
    testing = arguments[:1] == ["test"]
    if (testing or command in MAKES_PDFS) and "--help" not in arguments:
        require_pango()
    if testing:
        require_browser()
    set_up(testing, as_tested)
    if testing:
        install_language_server()
        return run_tests(arguments[1:])
    return replace_process([str(PYTHON), "-P", "-m", "mentorkit", *arguments])


def run_tests(arguments: list[str]) -> int:
    """Run the style tools, then pytest, in this folder.

    `--deep` turns on the large figures, `--fast` leaves out what lays out pages or opens a browser.
    Where arguments name tests, pytest alone runs, with these arguments.
    """
    os.chdir(ROOT)
    if "--deep" in arguments:
        os.environ["MENTORKIT_DEEP"] = "1"
    rest = [word for word in arguments if word not in ("--deep", "--fast")]
    pytest = [str(PYTHON), "-m", "pytest"]
    if rest:
        return replace_process([*pytest, *rest])
    if "--fast" not in arguments:
        code = check_style()
        if code:
            return code
    # A worker a core, each with whole files, so that what one file builds is built once.
    spread = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
    chosen = ["-m", "fast"] if "--fast" in arguments else []
    return replace_process([*pytest, *spread, *chosen])


def check_style() -> int:
    """Run ruff and mypy as .pre-commit-config.yaml lists them; return a failure's exit code."""
    if (ROOT / ".git").exists():
        os.environ.setdefault("PRE_COMMIT_HOME", str(VENV / "pre-commit"))
        commands = [["pre_commit", "run", "--all-files"]]
    else:  # an unpacked archive: pre-commit needs a repository
        commands = [["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"]]
    for command in commands:
        code = subprocess.call([str(PYTHON), "-m", *command], stdin=subprocess.DEVNULL)
        if code:
            return code
    return DONE


def replace_process(command: list[str]) -> int:
    """Run `command` in place of this process: its output, its signals, its exit code."""
    if sys.platform == "darwin":  # not tested: Pythons not from Homebrew do not look there
        folders = "/opt/homebrew/lib:/usr/local/lib:/usr/lib"
        os.environ.setdefault("DYLD_FALLBACK_LIBRARY_PATH", folders)
    sys.stdout.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)  # not tested: on Windows, exec would not wait


# ---- what only the system can install --------------------------------------------------------


def require_python(arguments: list[str]) -> None:
    """Start again with a newer Python where this one is too old."""
    if sys.version_info >= OLDEST:
        return
    import shutil

    for minor in range(19, OLDEST[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer:
            os.execv(newer, [newer, str(ROOT / "kit.py"), *arguments])
    found = ".".join(map(str, sys.version_info[:2]))
    stop(MISSING, f"mentorkit needs Python 3.11 or later; this is Python {found}.")


def require_pango() -> None:
    """Install Pango where it is missing; stop with the command to type where that fails."""
    from mentorkit.pdf import system_libraries

    missing = system_libraries.missing_libraries()
    if not missing:
        return
    show(f"Pango, which draws the letters of the PDFs, is missing ({', '.join(missing)}).")
    installed = apt_install(system_libraries.DEBIAN_PACKAGES)
    if not installed or system_libraries.missing_libraries():
        command = system_libraries.install_command()
        stop(MISSING, f"Please install it, then run this again:\n    {command}")


def require_browser() -> None:
    """Install Chromium, in which the tests fill forms; stop where that fails."""
    if has_browser():
        return
    show("Chromium, in which the tests fill forms, is missing.")
    if not apt_install(("chromium",)) or not has_browser():
        how = "(Debian: apt-get install -y chromium)"
        stop(MISSING, f"Please install Chromium, then run this again {how}.")


def has_browser() -> bool:
    """Return whether a Chromium is on PATH."""
    import shutil

    return any(map(shutil.which, BROWSERS))


def install_language_server() -> None:
    """Install the YAML language server of editors where npm is; elsewhere its test is skipped."""
    import shutil

    npm = shutil.which("npm")
    if npm and not (NODE / "node_modules" / "yaml-language-server" / "package.json").exists():
        options = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--fetch-retries=0"]
        run([npm, "install", "--prefix", str(NODE), *options, LANGUAGE_SERVER], quiet=True)


def apt_install(packages: tuple[str, ...]) -> bool:
    """Install packages on Debian and Ubuntu, as root or with a sudo that asks for no password.

    Returns whether they were installed. Where the lists of packages are old, they are renewed once.
    """
    import shutil

    sudo = [] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["sudo", "-n"]
    may_install = not sudo or (shutil.which("sudo") and run([*sudo, "true"], quiet=True))
    if not shutil.which("apt-get") or not may_install:
        return False
    options = ["-q", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    apt = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *options]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    show("$ " + " ".join(install))
    if run(install):
        return True
    show("$ " + " ".join([*apt, "update"]))
    return run([*apt, "update"]) and run(install)


# ---- what is installed into .venv ------------------------------------------------------------


def set_up(testing: bool, as_tested: bool) -> None:
    """Install the project and its libraries into .venv, unless they are there.

    `testing`: the libraries of the tests, too. `as_tested`: with the versions last tested, else
    with the newest that pyproject.toml allows.
    """
    wanted = describe_set_up(testing, as_tested)
    if is_set_up(wanted):
        return
    if not os.access(ROOT, os.W_OK):
        stop(DISK, f"Nothing can be set up here: {ROOT} cannot be written to.")
    with (ROOT / ".kit.lock").open("w") as lock:
        if os.name != "nt":
            import fcntl

            fcntl.lockf(lock, fcntl.LOCK_EX)  # a second start waits for the first
        if is_set_up(wanted):
            return
        if STAMP.exists():
            show("Bringing .venv up to date.")
        else:
            show("Setting up in .venv (once; about a minute).")
        make_venv()
        upgrade_pip()
        versions = ["-c", str(TESTED_VERSIONS)] if as_tested else []
        groups = ["--group", "test"] if testing else []
        if not pip("install", "--quiet", "-e", ".", *versions, *groups):
            stop(
                MISSING,
                "The set-up did not end: pip could not install what pyproject.toml names "
                "(is there a network?).",
            )
        # Described anew: the Python in .venv may be another one now.
        STAMP.write_text("\n".join(describe_set_up(testing, as_tested)), encoding="utf-8")


def describe_set_up(testing: bool, as_tested: bool) -> tuple[str, str, str]:
    """Return digests of what .venv is made from and of the versions, and `test` or `run`.

    The first changes with pyproject.toml, the place of this folder and the Python below .venv.
    """
    import hashlib

    places = f"{ROOT}\0{PYTHON.resolve()}\0{PYTHON.exists()}".encode("utf-8", "surrogateescape")
    made_from = hashlib.sha256((ROOT / "pyproject.toml").read_bytes() + places).hexdigest()
    versions = "newest"
    if as_tested:
        versions = hashlib.sha256(TESTED_VERSIONS.read_bytes()).hexdigest()
    return made_from, versions, "test" if testing else "run"


def is_set_up(wanted: tuple[str, str, str]) -> bool:
    """Return whether .venv holds what is wanted; libraries of the tests serve the books, too."""
    try:
        made_from, versions, purpose = STAMP.read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return False
    has_versions = wanted[1] in ("newest", versions)
    return made_from == wanted[0] and has_versions and purpose in ("test", wanted[2])


def make_venv() -> None:
    """Make .venv, unless there is one that works."""
    import importlib.util

    if PYTHON.exists() and run([str(PYTHON), "-c", "import pip"], quiet=True):
        return
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
        package = "python{}.{}-venv".format(*sys.version_info[:2])
        show("This Python cannot make virtual environments yet.")
        if not apt_install((package,)):
            command = f"sudo apt-get install -y {package}"
            stop(MISSING, f"Please install it, then run this again:\n    {command}")
    if not run([sys.executable, "-m", "venv", "--clear", str(VENV)]):
        stop(DISK, f"{VENV} could not be made.")


def upgrade_pip() -> None:
    """Install a pip that knows dependency groups, where it is older; Debian 12's is."""
    version = "tuple(map(int, pip.__version__.split('.')[:2]))"
    is_old = f"import pip, sys; sys.exit({version} < {PIP_WITH_GROUPS})"
    if run([str(PYTHON), "-c", is_old], quiet=True):
        return
    if not pip("install", "--quiet", "--upgrade", "pip"):
        stop(MISSING, "pip could not be brought up to date (is there a network?).")


def pip(*arguments: str) -> bool:
    """Run pip in .venv; return whether it succeeded."""
    options = ["--disable-pip-version-check", "--no-input", "--retries", "8"]
    return run([str(PYTHON), "-m", "pip", *options, *arguments])


def run(command: list[str], quiet: bool = False) -> bool:
    """Run a command and return whether it succeeded. Its output goes to the error stream."""
    out = subprocess.DEVNULL if quiet else sys.stderr
    # dpkg needs the folders of the system's own tools.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    environment = {**os.environ, "PATH": path}
    code = subprocess.call(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=environment
    )
    return code == 0


def show(text: str) -> None:
    """Print a line for the person who waits."""
    print(text, file=sys.stderr, flush=True)


def stop(code: int, text: str) -> NoReturn:
    """Print the reason and end with this exit code."""
    show(text)
    sys.exit(code)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
