#!/usr/bin/env python3
"""The way in, on a bare machine: sets up what is missing, then hands on.

    ./kit.py build              the books of this folder's program       (on Windows: python kit.py build)
    ./kit.py test               ruff, mypy and all tests
    ./kit.py test --fast        the tests that lay out no page and open no browser
    ./kit.py test FILE ...      pytest with these arguments; --deep turns on the large figures
    ./kit.py ANY ARGS           mentorkit ANY ARGS

Needs Python 3.11 and nothing else. Everything goes into .venv beside this file, but for the libraries that only the
system can install: those come by apt, as root or with a sudo that asks no password, after the line has been shown.
Elsewhere the line to type is shown, and the exit code is 69. A second start finds a stamp and takes no set-up time.
"""

from __future__ import annotations

import os
import sys

ROOT = os.path.dirname(os.path.abspath(__file__))
VENV = os.path.join(ROOT, ".venv")
PYTHON = (
    os.path.join(VENV, "Scripts", "python.exe")
    if os.name == "nt"
    else os.path.join(VENV, "bin", "python")
)
STAMP = os.path.join(VENV, "kit-stamp")
OLDEST = (3, 11)
PIP_WITH_GROUPS = (25, 1)
NODE, LANGUAGE_SERVER = os.path.join(VENV, "node"), "yaml-language-server@1.25.0"
MAKES_PDFS = ("build", "packets")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DONE, MISSING, DISK = 0, 69, 74


def main(arguments: list[str]) -> int:
    """Set up what the command needs and become the command."""
    use_a_new_enough_python(arguments)
    command = next((word for word in arguments if not word.startswith("-")), "")
    testing = command == "test" and arguments[0] == "test"
    wants_pdfs = testing or command in MAKES_PDFS
    if wants_pdfs and "--help" not in arguments:
        have_pango()
    if testing:
        have_a_browser()
    set_up(testing)
    if testing:
        have_a_language_server()
        return run_tests(arguments[1:])
    return become([PYTHON, "-P", "-m", "mentorkit", *arguments])


def run_tests(arguments: list[str]) -> int:
    """Run the style tools, then pytest, in this folder.

    `--deep` turns on the large figures, `--fast` leaves out what lays out pages or opens a browser.
    Where arguments name tests, pytest alone runs, with these arguments.
    """
    os.chdir(ROOT)
    if "--deep" in arguments:
        os.environ["MENTORKIT_DEEP"] = "1"
    rest = [word for word in arguments if word not in ("--deep", "--fast")]
    if rest:
        return become([PYTHON, "-m", "pytest", *rest])
    if "--fast" not in arguments:
        code = check_style()
        if code:
            return code
    # A worker a core, each with whole files, so that what one file builds is built once.
    spread = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
    chosen = ["-m", "fast"] if "--fast" in arguments else []
    return become([PYTHON, "-m", "pytest", *spread, *chosen])


def check_style() -> int:
    """Run ruff and mypy as .pre-commit-config.yaml lists them; the exit code of what fails."""
    import subprocess

    if os.path.exists(os.path.join(ROOT, ".git")):
        os.environ.setdefault("PRE_COMMIT_HOME", os.path.join(VENV, "pre-commit"))
        commands = [["pre_commit", "run", "--all-files"]]
    else:  # an unpacked archive: pre-commit needs a repository
        commands = [["ruff", "format", "--check", "."], ["ruff", "check", "."], ["mypy"]]
    for command in commands:
        code = subprocess.call([PYTHON, "-m", *command], stdin=subprocess.DEVNULL)
        if code:
            return code
    return DONE


def become(command: list[str]) -> int:
    """Hand on to `command`: its output, its signals, its exit code."""
    if sys.platform == "darwin":  # not tested: Pythons not from Homebrew do not look there
        os.environ.setdefault(
            "DYLD_FALLBACK_LIBRARY_PATH", "/opt/homebrew/lib:/usr/local/lib:/usr/lib"
        )
    sys.stdout.flush()
    if os.name == "nt":  # not tested: exec would not wait
        import subprocess

        return subprocess.call(command)
    os.execv(command[0], command)


# ---- what only the system can give -------------------------------------------------------------------------------


def use_a_new_enough_python(arguments: list[str]) -> None:
    """Start again with a newer Python where this one is too old."""
    if sys.version_info >= OLDEST:
        return
    import shutil

    for minor in range(19, OLDEST[1] - 1, -1):
        newer = shutil.which("python3.%d" % minor)
        if newer:
            os.execv(newer, [newer, os.path.abspath(__file__), *arguments])
    stop(
        MISSING,
        "mentorkit needs Python 3.11 or later; this is Python %d.%d." % sys.version_info[:2],
    )


def have_pango() -> None:
    """Pango can be loaded, or was installed just now; else stop with the line to type."""
    from mentorkit.pdf import system_libraries

    if not system_libraries.missing_libraries():
        return
    say(
        "Pango, which draws the letters of the PDFs, is missing (%s)."
        % ", ".join(system_libraries.missing_libraries())
    )
    if not (
        apt_install(system_libraries.DEBIAN_PACKAGES) and not system_libraries.missing_libraries()
    ):
        stop(
            MISSING,
            "Please install it, then run this again:\n    " + system_libraries.install_command(),
        )


def have_a_browser() -> None:
    """Chromium is here, in which the tests fill forms; else install it or stop with the line to type."""
    import shutil

    if any(map(shutil.which, BROWSERS)):
        return
    say("Chromium, in which the tests fill forms, is missing.")
    if not (apt_install(("chromium",)) and any(map(shutil.which, BROWSERS))):
        stop(
            MISSING,
            "Please install Chromium, then run this again (Debian: apt-get install -y chromium).",
        )


def have_a_language_server() -> None:
    """What editors ask about YAML is in .venv/node where npm is; elsewhere its test says why it is left out."""
    import shutil

    npm = shutil.which("npm")
    if npm and not os.path.exists(
        os.path.join(NODE, "node_modules", "yaml-language-server", "package.json")
    ):
        run(
            [
                npm,
                "install",
                "--prefix",
                NODE,
                "--no-save",
                "--no-package-lock",
                "--no-audit",
                "--no-fund",
                "--fetch-retries=0",
                LANGUAGE_SERVER,
            ],
            quiet=True,
        )


def apt_install(packages: tuple[str, ...]) -> bool:
    """True if apt installed them: on Debian and Ubuntu, as root or with a sudo that asks nothing."""
    import shutil

    sudo = [] if hasattr(os, "geteuid") and os.geteuid() == 0 else ["sudo", "-n"]
    if not shutil.which("apt-get") or (
        sudo and not (shutil.which("sudo") and run([*sudo, "true"], quiet=True))
    ):
        return False
    apt = [
        *sudo,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-q",
        "-o",
        "DPkg::Lock::Timeout=300",
        "-o",
        "Acquire::Retries=3",
    ]
    install = [*apt, "install", "-y", "--no-install-recommends", *packages]
    say("$ " + " ".join(install))
    if run(install):
        return True
    say("$ " + " ".join([*apt, "update"]))
    return run([*apt, "update"]) and run(install)


# ---- what goes into .venv ----------------------------------------------------------------------------------------


def set_up(testing: bool) -> None:
    """.venv holds the project and what it needs; only the first time, and after pyproject.toml changed, takes time."""
    if stamped(testing):
        return
    if not os.access(ROOT, os.W_OK):
        stop(DISK, "Nothing can be set up here: %s cannot be written to." % ROOT)
    with open(os.path.join(ROOT, ".kit.lock"), "w") as lock:
        if os.name != "nt":
            import fcntl

            fcntl.lockf(lock, fcntl.LOCK_EX)  # a second start waits for the first
        if stamped(testing):
            return
        say(
            "Setting up in .venv (once; about a minute)."
            if not os.path.exists(STAMP)
            else "Bringing .venv up to date."
        )
        make_venv()
        upgrade_pip()
        groups = ["--group", "test"] if testing else []
        if not pip("install", "--quiet", "-e", ".", *groups):
            stop(
                MISSING,
                "The set-up did not end: pip could not install what pyproject.toml names (is there a network?).",
            )
        with open(STAMP, "w", encoding="utf-8") as stamp:
            stamp.write(digest() + (" test" if testing else " run"))


def stamped(testing: bool) -> bool:
    """True where .venv already holds what is asked for."""
    try:
        with open(STAMP, encoding="utf-8") as stamp:
            what, kind = stamp.read().split()
        return what == digest() and (kind == "test" or not testing)
    except (OSError, ValueError):
        return False


def digest() -> str:
    """Changes when pyproject.toml changes, this folder moves, or the Python below .venv becomes another."""
    import hashlib

    with open(os.path.join(ROOT, "pyproject.toml"), "rb") as file:
        told = file.read() + "\0".join(
            [ROOT, os.path.realpath(PYTHON), str(os.path.exists(PYTHON))]
        ).encode("utf-8", "surrogateescape")
    return hashlib.sha256(told).hexdigest()


def make_venv() -> None:
    """A .venv that works: the one that is there, or a new one."""
    import importlib.util

    if os.path.exists(PYTHON) and run([PYTHON, "-c", "import pip"], quiet=True):
        return
    if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
        package = "python%d.%d-venv" % sys.version_info[:2]
        say("This Python cannot make virtual environments yet.")
        if not apt_install((package,)):
            stop(
                MISSING,
                "Please install it, then run this again:\n    sudo apt-get install -y " + package,
            )
    if not run([sys.executable, "-m", "venv", "--clear", VENV]):
        stop(DISK, "%s could not be made." % VENV)


def upgrade_pip() -> None:
    """A pip that knows dependency groups: Debian 12's does not."""
    show = "import pip, sys; sys.exit(tuple(map(int, pip.__version__.split('.')[:2])) < %r)" % (
        PIP_WITH_GROUPS,
    )
    if not run([PYTHON, "-c", show], quiet=True) and not pip(
        "install", "--quiet", "--upgrade", "pip"
    ):
        stop(MISSING, "pip could not be brought up to date (is there a network?).")


def pip(*arguments: str) -> bool:
    """Run pip in .venv."""
    return run(
        [
            PYTHON,
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--no-input",
            "--retries",
            "8",
            *arguments,
        ]
    )


def run(command: list[str], quiet: bool = False) -> bool:
    """True if the command ended well. What it prints goes to the error stream, so that ours stays clean."""
    import subprocess

    out = subprocess.DEVNULL if quiet else sys.stderr
    path = os.pathsep.join(
        [os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"]
    )  # dpkg wants them
    return (
        subprocess.call(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, "PATH": path},
        )
        == 0
    )


def say(text: str) -> None:
    """A line for the person who waits."""
    print(text, file=sys.stderr, flush=True)


def stop(code: int, text: str) -> None:
    """End here, with a reason."""
    say(text)
    sys.exit(code)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
