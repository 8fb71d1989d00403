"""The documents say what the code does: generated parts are fresh, commands and keys are
documented."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from mentorkit.commands.main import COMMANDS
from mentorkit.commands.main import main as cli  # noqa: F401  (the command line must at least import)
from mentorkit.pipeline.outputs import OUTPUTS


def test_the_reference_in_writing_md_is_fresh(repository: Path) -> None:
    script = runpy.run_path(str(repository / "docs" / "tools" / "make_writing.py"))
    text = (repository / "docs" / "writing.md").read_text("utf-8")
    assert script["page"](text) == text, "run: python docs/tools/make_writing.py"


def test_problems_md_is_fresh_and_holds_every_code_once(repository: Path) -> None:
    """The script refuses to write the page while a code that the package can give has no file or no
    section."""
    script = runpy.run_path(str(repository / "docs" / "tools" / "make_problems.py"))
    text = (repository / "docs" / "problems.md").read_text("utf-8")
    assert script["page"]() == text, "run: python docs/tools/make_problems.py"
    assert sorted(re.findall(r"^### (.+)$", text, re.MULTILINE)) == sorted(script["codes"]())
    assert text.count("\nFixed:\n") > 60


def test_the_reference_describes_every_key(repository: Path) -> None:
    text = (
        (repository / "docs" / "writing.md").read_text("utf-8").partition("<!-- reference -->")[2]
    )
    bare = [line for line in text.splitlines() if re.fullmatch(r"\| \**\w+\** \|.*\|\s*\|", line)]
    assert not bare, f"no meaning given: {bare}"


def test_the_readme_names_the_two_commands_and_every_output(repository: Path) -> None:
    text = (repository / "README.md").read_text("utf-8")
    assert "./kit.py build" in text and "./kit.py test" in text
    for output in OUTPUTS:
        row = f"| `{output.files}` (`{output.name}`) | {output.about} |"
        assert row in text or f"| `{output.files}` | {output.about} |" in text, row


def test_every_command_is_in_the_readme(repository: Path) -> None:
    text = (repository / "README.md").read_text("utf-8")
    for name in COMMANDS:
        assert f"mentorkit {name}" in text or f"./kit.py {name}" in text, name


def test_links_between_the_documents_lead_somewhere(repository: Path) -> None:
    for page in (*repository.glob("*.md"), *(repository / "docs").glob("*.md")):
        text = re.sub(
            r"(?ms)^```.*?^```", "", page.read_text("utf-8")
        )  # examples may hold links that are wrong
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", text):
            if "…" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
