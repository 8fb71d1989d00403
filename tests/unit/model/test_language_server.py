"""What people see in VS Code: yaml-language-server itself, started over our schemas, completes,
explains and marks."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Run, copy_program
from mentorkit.model import json_schema
from mentorkit.model.file_kinds import FILE_KINDS
from mentorkit.model.introspect import keys_of
from test_schema import KINDS as STARTERS

SERVER = (
    ROOT
    / ".venv"
    / "node"
    / "node_modules"
    / "yaml-language-server"
    / "bin"
    / "yaml-language-server"
)
pytestmark = [
    pytest.mark.skipif(
        not shutil.which("node"),
        reason="yaml-language-server needs node, which is not on this machine",
    ),
    pytest.mark.skipif(
        not SERVER.is_file(),
        reason="yaml-language-server is not in .venv/node; ./kit.py test puts it there where npm "
        "and a network are",
    ),
]


class Editor:
    """As much of an editor as the language server needs to have opposite."""

    def __init__(self, folder: Path) -> None:
        self.settings = json.loads((folder / ".vscode/settings.json").read_text("utf-8"))
        self.folder, self._number, self._marked = folder, 0, dict[str, list[str]]()
        self._server = subprocess.Popen(
            ["node", SERVER, "--stdio"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._patience = threading.Timer(60, self._server.kill)
        self._patience.start()
        self.ask(
            "initialize",
            processId=None,
            rootUri=folder.as_uri(),
            workspaceFolders=[{"uri": folder.as_uri(), "name": folder.name}],
            capabilities={
                "workspace": {"configuration": True},
                "textDocument": {"hover": {"contentFormat": ["markdown"]}},
            },
        )
        self._send(method="initialized", params={})

    def open(self, place: str, text: str) -> str:
        """Show a text as the file at this place; its address."""
        address = (self.folder / place).as_uri()
        self._send(
            method="textDocument/didOpen",
            params={
                "textDocument": {"uri": address, "languageId": "yaml", "version": 1, "text": text}
            },
        )
        return address

    def red(self, address: str) -> list[str]:
        """What is marked in a file that was opened, when it has been looked through."""
        while address not in self._marked:
            self._take()
        return self._marked[address]

    def ask(self, method: str, **params: Any) -> Any:
        """The answer to a request."""
        self._number += 1
        number = self._number
        self._send(id=number, method=method, params=params)
        while (told := self._take()).get("id") != number or "method" in told:
            pass
        return told["result"]

    def at(self, what: str, address: str, line: int, column: int) -> Any:
        return self.ask(
            f"textDocument/{what}",
            textDocument={"uri": address},
            position={"line": line, "character": column},
        )

    def close(self) -> None:
        self._patience.cancel()
        self._server.kill()
        self._server.communicate()

    def _send(self, **told: Any) -> None:
        data = json.dumps({"jsonrpc": "2.0", **told}).encode()
        assert self._server.stdin
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._server.stdin.flush()

    def _take(self) -> dict[str, Any]:
        """The next message. Whatever the server itself asks for is answered as VS Code would."""
        assert self._server.stdout
        size = 0
        while (line := self._server.stdout.readline()) not in (b"\r\n", b""):
            size = int(line.split(b":")[1]) if line.startswith(b"Content-Length") else size
        assert line, "the language server is gone, or took more than a minute"
        told: dict[str, Any] = json.loads(self._server.stdout.read(size))
        if told.get("method") == "textDocument/publishDiagnostics":
            self._marked[told["params"]["uri"]] = [
                each["message"] for each in told["params"]["diagnostics"]
            ]
        elif told.get("method") == "workspace/configuration":
            self._send(
                id=told["id"],
                result=[self._section(each.get("section", "")) for each in told["params"]["items"]],
            )
        elif "method" in told and "id" in told:
            self._send(id=told["id"], result=None)
        return told

    def _section(self, name: str) -> dict[str, Any]:
        inside = {
            key.removeprefix(f"{name}."): value
            for key, value in self.settings.items()
            if key.startswith(f"{name}.")
        }
        return (
            {
                **inside,
                "completion": True,
                "hover": True,
                "validate": True,
                "schemaStore": {"enable": False},
            }
            if name == "yaml"
            else inside
        )


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = copy_program(tmp_path_factory.mktemp("editor") / "program")
    json_schema.write(folder)
    opened = Editor(folder)
    yield opened
    opened.close()


@pytest.mark.parametrize("kind", STARTERS)
def test_a_starter_is_clean_and_a_wrong_key_is_marked(run: Run, editor: Editor, kind: str) -> None:
    name = f"our_{kind.replace('-', '_')}"
    assert run("new", kind, name, cwd=editor.folder).returncode == 0
    place = STARTERS[kind].replace("our_day", name)
    text = (editor.folder / place).read_text("utf-8")
    assert editor.red(editor.open(place, text)) == []
    wrong = editor.open(place.replace(name, "wrong"), re.sub(r"(?m)^title:", "titel:", text))
    # A session without a title is called by its modules.
    missing = set() if kind == "session" else {'Missing property "title".'}
    assert set(editor.red(wrong)) == {"Property titel is not allowed."} | missing


@pytest.mark.parametrize("kind", STARTERS)
@pytest.mark.parametrize("modeline", [True, False], ids=["by_its_first_line", "by_the_settings"])
def test_every_key_is_offered_and_explained(editor: Editor, kind: str, modeline: bool) -> None:
    place, name = STARTERS[kind].replace("our_day", f"day_{modeline}"), kind.replace("-", "_")
    model = next(kind.model for kind in FILE_KINDS if kind.name == name)
    address = editor.open(
        place,
        (json_schema.modeline(name, place.count("/")) if modeline else "#\n") + "title: A day\n\n",
    )
    offered = {each["label"] for each in editor.at("completion", address, 2, 0)["items"]}
    assert offered >= set(keys_of(model)) - {"title"}, set(keys_of(model)) - offered
    told = editor.at("hover", address, 1, 2)["contents"]["value"]
    assert plain(str(model.model_fields["title"].description)) in plain(told)


def plain(markdown: str) -> str:
    """The letters alone: hovers come as Markdown, with its signs escaped."""
    return re.sub(r"[\\`*_\s]|&\w+;", "", markdown)


def test_no_file_of_the_program_has_a_red_line(editor: Editor, repository: Path) -> None:
    """What `check` takes, editors take."""
    places = [
        path.relative_to(repository).as_posix()
        for kind in FILE_KINDS
        for place in kind.patterns()
        for path in sorted(repository.glob(place))
    ]
    opened = {
        place: editor.open(place, (repository / place).read_text("utf-8")) for place in places
    }
    assert len(opened) > 50 and not {
        place: found for place, address in opened.items() if (found := editor.red(address))
    }
