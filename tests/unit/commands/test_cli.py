"""The command line: exit codes, suggestions, what a terminal sees, signals, and our own errors."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from conftest import Run
from mentorkit import terminal as console
from mentorkit.commands import main
from mentorkit.commands.main import COMMANDS, MissingLibraryError
from mentorkit.crash_report import NAME, report
from mentorkit.output.writer import DiskError, OutputBusyError, reserve
from mentorkit.pipeline.outputs import OUTPUT_NAMES
from mentorkit.program import location as program
from mentorkit.terminal import printable


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder that counts as a program, and holds nothing that can be read."""
    for folder in ("curriculum", "sessions", "cohorts/fall", "cohorts/spring"):
        (tmp_path / "bare" / folder).mkdir(parents=True)
    for cohort in ("fall", "spring"):
        (tmp_path / "bare" / "cohorts" / cohort / "cohort.yaml").write_text("title: Cohort\n")
    return tmp_path / "bare"


# ---- the right words, and the wrong ones


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["biuld"], 'no command "biuld"; did you mean "build"?'),
        (["xyzzy"], f'no command "xyzzy"; there are: {", ".join(COMMANDS)}'),
        (["build", "--onyl", "workbook"], 'no option "--onyl"; did you mean "--only"?'),
        (["build", "--only", "workbok"], 'no output "workbok"; did you mean "workbook"?'),
        (
            ["build", "--only", "workbook,gide"],
            'no output "gide"; did you mean "facilitator-guide"?',
        ),
        (
            ["build", "--only", ""],
            f'no output ""; there are: {", ".join(OUTPUT_NAMES)}',
        ),
        (["build", "--paper", "a5"], 'no paper "a5"; there are: letter, a4'),
        (["build", "fal"], 'no cohort "fal"; did you mean "fall"?'),
        (["build", "--", "-fall"], 'no cohort "-fall"; did you mean "fall"?'),
        (["build", "zzz"], 'no cohort "zzz"; there are: fall, spring'),
        (["check", "--strcit"], 'no option "--strcit"; did you mean "--strict"?'),
        (["check", "extra"], "unexpected extra argument"),
        (["new", "progam", "x"], 'no command "progam"; did you mean "program"?'),
        (["new", "program"], "Missing argument 'FOLDER'"),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_one(
    bare: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    line: str,
) -> None:
    monkeypatch.chdir(bare)
    assert main.main(words) == 2
    told = capsys.readouterr()
    assert line in told.err and told.out == "" and "Traceback" not in told.err


def test_a_command_is_asked_for_by_its_whole_name_and_help_names_them_all(
    run: Run, tmp_path: Path
) -> None:
    helped = run("--help", cwd=tmp_path)
    assert helped.returncode == 0 and helped.stderr == b""
    for command in COMMANDS:
        assert re.search(rf"^  {command} +[A-Z]", helped.stdout.decode("ascii"), re.MULTILINE), (
            command
        )
        assert run(command, "--help", cwd=tmp_path).returncode == 0
    assert run(cwd=tmp_path).returncode == 2, (
        "no command at all is a wrong command line, answered with the help"
    )
    assert run("--version", cwd=tmp_path).stdout.startswith(b"mentorkit ")


@pytest.mark.parametrize("command", ["check", "build"])
def test_where_no_program_is_the_way_to_one_is_told(run: Run, tmp_path: Path, command: str) -> None:
    told = run(command, cwd=tmp_path)
    assert (told.returncode, told.stdout) == (2, b"")
    assert told.stderr.decode() == program.NONE_HERE + "\n"


def test_the_program_is_found_from_a_folder_inside_it(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(bare / "cohorts" / "fall")
    assert program.find() == bare


def test_a_folder_that_was_deleted_under_us_is_said_to_be_gone(tmp_path: Path) -> None:
    (tmp_path / "gone").mkdir()
    script = (
        f"cd {tmp_path}/gone && rmdir ../gone && "
        f"PYTHONPATH={Path(main.__file__).parent.parent} exec {sys.executable} -P -m "
        "mentorkit check"
    )
    told = subprocess.run(["sh", "-c", script], capture_output=True, text=True)
    assert (
        told.returncode == 2
        and told.stderr == "the folder that this was started in no longer exists\n"
    )


# ---- check


def test_check_of_the_real_program_finds_no_problem(run: Run, program: Path) -> None:
    told = run("check", cwd=program)
    assert told.returncode == 0, told.stdout.decode()
    assert told.stderr == b""


def test_check_tells_each_problem_with_its_place_and_strict_stops_at_warnings(
    run: Run, small_program: Path
) -> None:
    sheet = small_program / "worksheets" / "reading.yaml"
    sheet.write_text(sheet.read_text() + "\nnonsense: here\n")
    told = run("check", cwd=small_program)
    lines = told.stdout.decode().splitlines()
    assert told.returncode == 1 and told.stderr == b""
    assert any(re.match(r"worksheets/reading.yaml:\d+:1: .*nonsense", line) for line in lines)
    assert re.fullmatch(r"1 problem, (no|\d+) warnings?", lines[-1])
    assert run("check", "--strict", cwd=small_program).returncode == 1


def test_strict_takes_warnings_for_problems(run: Run, small_program: Path) -> None:
    (small_program / "sessions" / "first (conflicted copy).yaml").write_text(
        "title: left by a cloud folder\n"
    )
    mild, strict = run("check", cwd=small_program), run("check", "--strict", cwd=small_program)
    assert b"warning: " in mild.stdout and mild.returncode == 0, mild.stdout.decode()
    assert strict.returncode == 1


@pytest.mark.parametrize(
    "words", [["check"], ["--help"], ["build", "--help"], ["build", "nobody"], ["--version"]]
)
def test_neither_check_nor_help_waits_for_weasyprint(small_program: Path, words: list[str]) -> None:
    code = (
        "import sys; from mentorkit.commands.main import main; code = main(sys.argv[1:])\n"
        "assert 'click' in sys.modules and 'mentorkit.commands.main' in sys.modules\n"
        "heavy = {'weasyprint', 'pikepdf', 'ctypes'} & set(sys.modules)\n"
        "sys.exit(f'imported {heavy}' if heavy - {'ctypes'} else 40 + code)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, *words],
        cwd=small_program,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(main.__file__).parent.parent)},
    )
    assert told.returncode in (40, 42), told.stderr


# ---- new


def test_new_program_writes_one_that_checks_clean(run: Run, tmp_path: Path) -> None:
    made = run("new", "program", "our mentoring", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    folder = tmp_path / "our mentoring"
    assert {p.name for p in folder.iterdir()} == {
        "curriculum",
        "sessions",
        "case_studies",
        "worksheets",
        "cohorts",
        ".gitignore",
        ".mentorkit",
        ".vscode",
    }
    assert len(list((folder / "cohorts").iterdir())) == 1, "only the example cohort travels along"
    assert not (folder / "curriculum" / "coverage.yaml").exists()
    checked = run("check", cwd=folder)
    assert checked.returncode == 0 and checked.stdout.decode().endswith("No problems.\n"), (
        checked.stdout.decode()
    )


def test_new_program_goes_into_an_empty_folder_and_leaves_a_filled_one_alone(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    inode = (tmp_path / "empty").stat().st_ino
    assert run("new", "program", ".", cwd=tmp_path / "empty").returncode == 0
    assert (tmp_path / "empty").stat().st_ino == inode and (
        tmp_path / "empty" / "sessions"
    ).is_dir()
    (tmp_path / "filled").mkdir()
    (tmp_path / "filled" / "thesis.docx").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name, line in (
        ("filled", "filled is not empty"),
        ("filled/thesis.docx", "is not a folder"),
        ("link", "is not a folder"),
    ):
        told = run("new", "program", name, cwd=tmp_path)
        assert told.returncode == 2 and line in told.stderr.decode()
    assert [p.name for p in (tmp_path / "filled").iterdir()] == ["thesis.docx"]
    assert not list(tmp_path.rglob("*.new")), "left behind"


def test_new_program_where_nothing_can_be_written_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = run("new", "program", "file/inside", cwd=tmp_path)
    assert (
        told.returncode == 74
        and b"nothing was made" in told.stderr
        and b"Traceback" not in told.stderr
    )


def test_private_rosters_never_travel_along(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, own_program: Path
) -> None:
    (own_program / "cohorts" / "secret").mkdir()
    (own_program / "cohorts" / "secret" / "roster.csv").write_text("name\nAna\n")
    monkeypatch.setattr(program_module(), "starter", lambda: own_program)
    assert main.main(["new", "program", str(tmp_path / "made")]) == 0
    assert not (tmp_path / "made" / "cohorts" / "secret").exists()


def program_module() -> object:
    return program


# ---- exit codes of what is not the author's fault


@click.command("check")
def _stand_in() -> int:
    raise _stand_in.fault  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("fault", "code", "line"),
    [
        (MissingLibraryError("WeasyPrint needs Pango"), 69, "WeasyPrint needs Pango"),
        (
            DiskError("build/fall: nothing was changed: the disk is full"),
            74,
            "build/fall: nothing was changed: the disk is full",
        ),
        (
            OutputBusyError("another build is writing to build/fall"),
            75,
            "another build is writing to build/fall",
        ),
        (OSError(28, "No space left on device", "x.txt"), 74, "x.txt: No space left on device"),
        (PermissionError(13, "Permission denied", "x.txt"), 74, "x.txt: Permission denied"),
        (KeyError("Ana Silva's answer"), 70, "This is our own error (KeyError), not yours."),
        (
            FileNotFoundError(2, "No such file", "x"),
            70,
            "This is our own error (FileNotFoundError), not yours.",
        ),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_each_way_to_fail_has_its_exit_code_and_one_line(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    fault: BaseException,
    code: int,
    line: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    _stand_in.fault = fault  # type: ignore[attr-defined]
    monkeypatch.setattr(
        main.Commands,
        "get_command",
        lambda _self, _context, name: _stand_in if name == "check" else None,
    )
    assert main.main(["check"]) == code
    told = capsys.readouterr()
    assert (
        told.out == "" and told.err.startswith(line) and told.err.count("\n") == (1 if line else 0)
    )


def test_the_report_of_our_own_error_tells_where_and_nothing_that_anybody_wrote(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    canary = "Ana Silva cried at home"
    monkeypatch.chdir(tmp_path)

    def fails() -> None:
        try:
            {}[canary]  # type: ignore[index]
        except KeyError as inner:
            raise RuntimeError(
                f'{canary}\n  File "/home/{canary}/mentorkit/render/pdf.py", line 7, in '
                f"lay_out\n{canary}"
            ) from inner

    monkeypatch.setattr(main.mentorkit, "invoke", lambda _context: fails())
    assert main.main(["build", canary, f"--only={canary}", "--paper", canary]) == 70
    text = (tmp_path / NAME).read_text()
    assert canary not in text + capsys.readouterr().err and "Silva" not in text
    assert str(Path.home()) not in text and str(tmp_path) not in text
    assert "mentorkit build ... --only=... --paper ..." in text
    assert "builtins.RuntimeError" in text and "builtins.KeyError" in text and "in fails" in text
    assert "there: mentorkit/render/pdf.py:7 in lay_out" in text, (
        "a worker's own way to the error is kept"
    )


def test_a_report_that_cannot_be_written_is_no_second_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / NAME).mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(main.mentorkit, "invoke", lambda _context: 1 // 0)
    assert main.main(["check"]) == 70
    assert "it happened at test_cli.py:" in capsys.readouterr().err


def test_an_error_that_goes_round_in_a_circle_still_ends() -> None:
    one, two = ValueError("a"), ValueError("b")
    one.__cause__, two.__cause__ = two, one
    assert report(one, [], []).count("builtins.ValueError") == 2


def test_build_without_pango_tells_the_line_for_this_system(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], small_program: Path
) -> None:
    from mentorkit.pdf import system_libraries

    monkeypatch.chdir(small_program)
    monkeypatch.setattr(system_libraries, "missing_libraries", lambda: ["libpango-1.0.so.0"])
    assert main.main(["build"]) == 69
    told = capsys.readouterr().err
    assert "WeasyPrint needs Pango" in told and system_libraries.install_command() in told


def test_the_line_for_this_system_follows_what_it_installs_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from mentorkit.pdf import system_libraries

    for tool, expected in (
        ("apt-get", "apt-get install -y libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"),
        ("dnf", "dnf install pango"),
        ("", ""),
    ):
        monkeypatch.setattr(
            shutil, "which", lambda name, tool=tool: f"/usr/bin/{name}" if name == tool else None
        )
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        assert system_libraries.install_command() == (
            f"sudo {expected}" if expected else "install Pango with your system's package manager"
        )
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        assert system_libraries.install_command() == (
            expected or "install Pango with your system's package manager"
        )


def test_a_second_build_hears_that_the_folder_is_held(run: Run, small_program: Path) -> None:
    with reserve(small_program / "build" / "fall"):
        told = run("build", "fall", cwd=small_program)
    assert told.returncode == 75, told.stdout.decode() + told.stderr.decode()
    assert (
        told.stderr.decode()
        == f"another build is writing to {small_program}/build/fall; try again when it has ended\n"
    )


# ---- terminals

HOSTILE = [
    "\x1b[2J",
    "a\rb",
    "a\nb",
    "\x07",
    "\x9b31m",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "\u200f",
    "\u2028",
    "\x00",
    "\x7f",
    "\x85",
    "\u061c",
    "\ufeff",
    "\t",
    "\x1b]0;title\x07",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_control_characters_are_shown_and_never_sent(text: str) -> None:
    shown = printable(text)
    assert not console.HIDDEN.search(shown) and "\\" in shown


def test_what_people_write_is_left_as_it_is() -> None:
    for text in ("Zażółć Nguyễn İpek ñ", "“quoted”", "👩‍🔬 נעמי", "e\u0301"):
        assert printable(text) == text


TERMINALS = [
    {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    {"PYTHONIOENCODING": "ascii"},
    {"PYTHONIOENCODING": "cp1252"},
    {"PYTHONIOENCODING": "utf-8"},
    {"PYTHONIOENCODING": "utf-16"},
    {"TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "40"},
    {"LC_ALL": "C.UTF-8"},
]


@pytest.mark.parametrize(
    "terminal", TERMINALS, ids=lambda each: " ".join(f"{k}={v}" for k, v in each.items())
)
def test_any_terminal_can_show_any_name(
    run: Run, small_program: Path, terminal: dict[str, str]
) -> None:
    (small_program / "worksheets" / "José “ñ” \x1b[31m.yaml").write_text("title: x\n")
    told = run("check", cwd=small_program, env=terminal)
    text = told.stdout.decode(terminal.get("PYTHONIOENCODING", "utf-8"))
    assert told.returncode == 1 and told.stderr == b""
    assert "\x1b" not in text and "\\x1b[31m.yaml" in text
    if terminal.get("PYTHONIOENCODING") == "ascii":
        assert "Jos\\xe9" in text


def test_a_name_that_is_no_text_at_all_is_shown_with_codes(run: Run, small_program: Path) -> None:
    (small_program / "worksheets" / os.fsdecode(b"caf\xe9.yaml")).write_text("title: x\n")
    told = run("check", cwd=small_program)
    assert (
        told.returncode == 1
        and b"Traceback" not in told.stderr
        and b"caf\\udce9.yaml" in told.stdout
    )
    assert run(b"build", b"caf\xe9", cwd=small_program).returncode == 2


@pytest.mark.parametrize(
    "folder", ['it\'s a "quoted" one', "new\nline", "-dash $HOME *", "naïve 👩‍🔬"]
)
def test_folders_may_have_any_name(
    run: Run, small_program: Path, tmp_path: Path, folder: str
) -> None:
    small_program.rename(tmp_path / folder)
    assert run("check", cwd=tmp_path / folder).returncode == 0
    assert run("new", "program", "--", f"{folder} too", cwd=tmp_path).returncode == 0


def test_a_reader_that_closes_the_pipe_ends_nothing_and_hears_nothing(small_program: Path) -> None:
    root = Path(main.__file__).parent.parent
    for words in ("--help", "check", "check --nonsense 2>&1"):
        shell = f"{sys.executable} -P -m mentorkit {words} | true; exit ${{PIPESTATUS[0]}}"
        told = subprocess.run(
            ["bash", "-c", shell],
            cwd=small_program,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        assert told.returncode == (2 if "nonsense" in words else 0) and told.stderr == b""


def test_a_full_disk_behind_the_output_is_told_once(small_program: Path) -> None:
    told = subprocess.run(
        ["bash", "-c", f"{sys.executable} -P -m mentorkit check > /dev/full"],
        cwd=small_program,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(main.__file__).parent.parent)},
    )
    assert told.returncode == 74 and told.stderr == "output: No space left on device\n"


def test_closed_streams_are_no_trouble(small_program: Path) -> None:
    for closed in (">&-", "2>&-", ">&- 2>&- <&-"):
        told = subprocess.run(
            ["bash", "-c", f"{sys.executable} -P -m mentorkit check {closed}"],
            cwd=small_program,
            capture_output=True,
            env={**os.environ, "PYTHONPATH": str(Path(main.__file__).parent.parent)},
        )
        assert told.returncode == 0, closed


# ---- signals


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_build_that_is_asked_to_end_ends_quietly_and_changes_nothing(
    program: Path, tmp_path: Path, number: signal.Signals, code: int, deep: bool
) -> None:
    shutil.copytree(program, tmp_path / "ours")
    environment = {**os.environ, "PYTHONPATH": str(Path(main.__file__).parent.parent)}
    for moment in range(20 if deep else 1):
        build = subprocess.Popen(
            [sys.executable, "-P", "-m", "mentorkit", "build"],
            cwd=tmp_path / "ours",
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=environment,
            preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
        )  # whoever started the tests may ignore it
        wait_for_its_worker(build)
        time.sleep(0.5 + moment * 0.2)
        build.send_signal(number)
        build.send_signal(number)
        out, err = build.communicate(timeout=60)
        assert build.returncode == code, err.decode()
        assert b"Traceback" not in out + err
        assert not list((tmp_path / "ours").glob("build/*/*")) and not list(
            (tmp_path / "ours").glob("build/.*.new")
        )


def wait_for_its_worker(build: subprocess.Popen[bytes]) -> None:
    """Until then the command line may not stand yet."""
    for _ in range(3000):
        # Workers are started by threads, and the system lists children by thread.
        tasks = Path(f"/proc/{build.pid}/task").glob("*/children")
        if any(children.read_text() for children in tasks):
            return
        time.sleep(0.02)
    build.kill()
    raise AssertionError("no worker was started")


# ---- doctor


def test_the_doctor_finds_this_machine_well(run: Run, tmp_path: Path) -> None:
    told = run("doctor", cwd=tmp_path)
    lines = told.stdout.decode().splitlines()
    assert told.returncode == 0, told.stdout.decode() + told.stderr.decode()
    assert [line.split(":")[0] for line in lines] == [
        f"ok    {what}"
        for what in (
            "Python",
            "mentorkit",
            "WeasyPrint",
            "Pango",
            "fonts",
            "writing here",
            "test PDF",
        )
    ] + ["All is well."]
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_gives_each_finding_its_cure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from mentorkit.commands import doctor
    from mentorkit.pdf import system_libraries

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(system_libraries, "missing_libraries", lambda: ["libpango-1.0.so.0"])
    monkeypatch.setattr(doctor, "FONTS", tmp_path)
    monkeypatch.setattr(
        doctor.tempfile,
        "TemporaryFile",
        lambda **_options: (_ for _ in ()).throw(OSError(30, "Read-only file system")),
    )
    assert main.main(["doctor"]) == 69
    told = capsys.readouterr().out
    assert f"Pango: missing (libpango-1.0.so.0) - {system_libraries.install_command()}" in told
    assert (
        "fonts: missing: source-sans-3/SourceSans3-Regular.ttf" in told
        and "writing here: Read-only file system - change to a folder of yours" in told
    )
    assert told.endswith("4 to fix.\n")
