"""The command line, and the one place where exceptions stop.

Exit codes: 0 done, 1 problems in the program, 2 wrong command line, 69 a system library is missing,
70 our own error, 74 disk or permission, 75 another build holds the folder, 130 Ctrl-C, 143 ended by
the system.
"""

from __future__ import annotations

import errno
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from types import FrameType

import click

from mentorkit import __version__, terminal
from mentorkit.program.location import NotHere

COMMANDS = (
    "build",
    "packets",
    "check",
    "diff",
    "preview",
    "collect",
    "report",
    "reflect",
    "forget",
    "new",
    "doctor",
)  # one file each in mentorkit/commands
DONE, WRONG, MISSING, OURS, DISK, BUSY = 0, 2, 69, 70, 74, 75
NOT_OURS = {
    getattr(errno, name)
    for name in ("ENOSPC", "EDQUOT", "EROFS", "EACCES", "EPERM", "EIO", "ENAMETOOLONG")
    if hasattr(errno, name)
}
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")


class MissingLibraryError(Exception):
    """A library of the system is not there; the message says how to get it."""


class SignalExit(BaseException):
    """A signal asked us to end. It is no `Exception`, so that no handler takes it for an error."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.exit_code = 128 + number


class Commands(click.Group):
    """The commands, each imported when it is used: `check` never waits for WeasyPrint."""

    def list_commands(self, _: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, _: click.Context, name: str) -> click.Command | None:
        return import_module(f"mentorkit.commands.{name}").command if name in COMMANDS else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise click.exceptions.NoSuchCommand(
                args[0], possibilities=self.list_commands(ctx), ctx=ctx
            )
        return super().resolve_command(ctx, args)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mentorkit", message="%(prog)s %(version)s")
def mentorkit() -> None:
    """Make the books of a mentoring workshop that is written as YAML.

    Run it in the program's folder: one with curriculum/ and sessions/.
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Nothing is raised, no traceback is printed."""
    terminal.prepare()
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        with _signals(restore=arguments is not None):
            return _run(words)
    except SignalExit as signaled:
        return signaled.exit_code
    except KeyboardInterrupt:
        return 130
    finally:
        terminal.close()


def _run(words: list[str]) -> int:
    try:
        with mentorkit.make_context("mentorkit", words) as context:
            return mentorkit.invoke(context) or DONE
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except click.Abort:
        return 130
    except click.exceptions.NoArgsIsHelpError as empty:
        click.echo(empty.format_message())
        return WRONG
    except click.UsageError as wrong:
        _explain_usage(wrong)
        return WRONG
    except BrokenPipeError:
        return DONE
    except Exception as error:
        return _explain_error(error, words)


def _explain_error(error: Exception, words: list[str]) -> int:
    """Print what went wrong in one line, for our own errors after writing a report.

    Returns the exit code.
    """
    from mentorkit.output.writer import DiskError, OutputBusyError

    codes = {MissingLibraryError: MISSING, OutputBusyError: BUSY, DiskError: DISK}
    for kind, code in codes.items():
        if isinstance(error, kind):
            terminal.print_error(str(error))
            return code
    if isinstance(error, OSError) and error.errno in NOT_OURS:
        terminal.print_error(f"{error.filename or 'output'}: {error.strerror}")
        return DISK
    from mentorkit.crash_report import leave_report

    where = leave_report(error, words, COMMANDS)
    terminal.print_error(f"This is our own error ({type(error).__name__}), not yours. {where}")
    return OURS


def _explain_usage(wrong: click.UsageError) -> None:
    near = getattr(wrong, "possibilities", None)
    hint = f'; did you mean "{near[0]}"?' if near else ""
    if isinstance(wrong, click.exceptions.NoSuchCommand):
        known = (
            wrong.ctx.command.list_commands(wrong.ctx)
            if wrong.ctx and isinstance(wrong.ctx.command, click.Group)
            else COMMANDS
        )
        terminal.print_error(
            f'no command "{wrong.command_name}"' + (hint or f"; there are: {', '.join(known)}")
        )
    elif isinstance(wrong, click.NoSuchOption):
        terminal.print_error(f'no option "{wrong.option_name}"{hint}')
    else:
        terminal.print_error(wrong.format_message())
    if wrong.ctx is not None and not isinstance(wrong, NotHere):
        terminal.print_error(f"For help: {wrong.ctx.command_path} --help")


@contextmanager
def _signals(restore: bool) -> Iterator[None]:
    """Turn the first Ctrl-C, or the system's request to end, into `SignalExit`.

    A second one is ignored, so that it cannot break the tidying up. A process of our own keeps this
    to its very end, so that a late signal cannot print a traceback.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in SIGNALS if hasattr(signal, name)]
    before = {number: signal.getsignal(number) for number in numbers}

    def stop(number: int, _: FrameType | None) -> None:
        for other in numbers:
            signal.signal(other, signal.SIG_IGN)
        raise SignalExit(number)

    for number in numbers:
        if before[number] is not signal.SIG_IGN:  # under nohup, SIGHUP stays ignored
            signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items() if restore else ():
            signal.signal(number, handler if handler is not None else signal.SIG_DFL)
