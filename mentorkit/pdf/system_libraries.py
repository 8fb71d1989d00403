"""Find out whether Pango is installed, and how to install it; WeasyPrint draws letters with it.

Only the standard library is needed, since kit.py asks before anything is installed.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ctypes

# The names under which WeasyPrint looks for them: Linux, macOS, Windows.
LIBRARIES = (
    ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll"),
    ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll"),
    ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll"),
    ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"),
    ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll"),
    ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "libpangoft2-1.0-0.dll"),
)
DEBIAN_PACKAGES = ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0")
# Only the first was tried; the others are the package names of those systems' own lists.
COMMANDS = (
    ("apt-get", "apt-get install -y " + " ".join(DEBIAN_PACKAGES)),
    ("dnf", "dnf install pango"),
    ("pacman", "pacman -S pango"),
    ("zypper", "zypper install libpango-1_0-0 libharfbuzz-subset0"),
    ("apk", "apk add pango fontconfig"),
)
MAC_FOLDERS = ("/opt/homebrew/lib", "/usr/local/lib", "/opt/local/lib")
WINDOWS_FOLDERS = (
    r"C:\msys64\ucrt64\bin;C:\msys64\mingw64\bin;C:\Program Files\GTK3-Runtime Win64\bin"
)


def missing_libraries() -> list[str]:
    """Return the names of the libraries that cannot be loaded, as this system calls them."""
    kind = {"darwin": 1, "win32": 2}.get(sys.platform, 0)
    return [names[kind] for names in LIBRARIES if _load(names[kind]) is None]


def pango_version() -> str:
    """Return Pango's version, such as 1.50.12; empty where it cannot be loaded."""
    import ctypes

    for name in LIBRARIES[1]:
        library = _load(name)
        if library is not None:
            library.pango_version_string.restype = ctypes.c_char_p
            return str(library.pango_version_string(), "ascii", "replace")
    return ""


def install_command() -> str:
    """Return the command to type on this system."""
    if sys.platform == "darwin":  # not tested
        return "brew install pango"
    if sys.platform == "win32":  # not tested
        window = "install MSYS2 from msys2.org, then in its UCRT64 window"
        return f"{window}: pacman -S mingw-w64-ucrt-x86_64-pango"
    for tool, command in COMMANDS:
        if shutil.which(tool):
            return with_sudo(command)
    return "install Pango with your system's package manager"


def with_sudo(command: str) -> str:
    """Return the command, after sudo where that is needed."""
    is_root = not hasattr(os, "geteuid") or os.geteuid() == 0
    return command if is_root else f"sudo {command}"


def _load(name: str) -> ctypes.CDLL | None:
    """Return the library of this name; None where it cannot be loaded."""
    import ctypes

    folders = [""]
    if sys.platform == "darwin":  # not tested
        folders += [folder + "/" for folder in MAC_FOLDERS]
    if sys.platform == "win32":  # not tested
        for folder in os.environ.get("WEASYPRINT_DLL_DIRECTORIES", WINDOWS_FOLDERS).split(";"):
            if Path(folder).is_dir():
                os.add_dll_directory(folder)
    for folder in folders:
        try:
            return ctypes.CDLL(folder + name)
        except OSError:
            continue
    return None
