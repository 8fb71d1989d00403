"""What the kit does beside what somebody would do instead, in one run: python bench/bench.py
[--turns 3] [--people 200,1000]

Every figure is the median of a few turns of whole processes, the two sides of a row in turn (A B A
B), so that a drifting machine moves both. Judge the ratios; the seconds are this machine's.

Typst stands beside us where it can be found: as the command `typst`, or as the package of that
name, which holds the compiler and which nothing else here needs. Put it in by hand for the bench:
.venv/bin/python -m pip install typst
"""

from __future__ import annotations

import argparse
import csv
import html
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("curriculum", "sessions", "case_studies", "worksheets", "cohorts")
COHORT = "spring_2027"
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Typst as a whole process, however it is here; nothing where it is not.
TYPST = (
    ["typst", "compile"]
    if shutil.which("typst")
    else [sys.executable, "-c", "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2])"]
    if find_spec("typst")
    else []
)


def program(people: int = 0) -> Path:
    """A fresh copy of the real program; with `people`, a roster of so many."""
    folder = Path(tempfile.mkdtemp(prefix="bench-")) / "program"
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part)
    if people:
        with (folder / "cohorts" / COHORT / "roster.csv").open(
            "w", encoding="utf-8", newline=""
        ) as file:
            writer = csv.writer(file)
            writer.writerow(["name", "email", "id"])
            writer.writerows(
                [f"Person Number {n} of Many", f"p{n}@bench.example", f"B-{n}"]
                for n in range(people)
            )
    return folder


def kit(folder: Path, *words: str) -> Callable[[], None]:
    return lambda: run([sys.executable, "-P", "-m", "mentorkit", *words], folder)


def run(command: list[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")


def forget(folder: Path) -> None:
    """As if nothing had been built."""
    shutil.rmtree(folder / "build", ignore_errors=True)


def timed(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def row(
    name: str, ours: Callable[[], None], theirs: Callable[[], None], turns: int, times: float = 1
) -> None:
    """One line: both medians and the ratio turn by turn; `times` extrapolates the peer."""
    pairs = [(timed(ours), timed(theirs) * times) for _ in range(turns)]
    ratios = [a / b for a, b in pairs]
    print(
        f"| {name} | {statistics.median(a for a, _ in pairs):.2f} | "
        f"{statistics.median(b for _, b in pairs):.2f} | "
        f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}) |",
        flush=True,
    )


def html_of(folder: Path) -> Path:
    """The workbook's HTML as a file that Chromium can open: the same page, its fonts and pictures
    beside it.
    """
    from mentorkit.checks.load import load_program
    from mentorkit.compose.compose import compose
    from mentorkit.render.print.html import workbook_html

    page = workbook_html(compose(load_program(folder), COHORT).workbook)
    kit_at, here = (ROOT / "mentorkit").as_uri(), folder.as_uri()
    page = page.replace("https://assets.invalid/kit/slot", f"{kit_at}/templates/slot").replace(
        "https://assets.invalid/kit/", f"{kit_at}/"
    )
    page = page.replace('url("/kit/', f'url("{kit_at}/').replace(
        "https://assets.invalid/", f"{here}/"
    )
    path = folder / "workbook.html"
    path.write_text(page, "utf-8")
    return path


def copies(chromium: str, page: Path, many: int) -> None:
    """So many personal copies, as somebody with a browser would make them: the name put in, the
    page printed anew.
    """
    for number in range(many):
        own = page.with_name(f"copy{number}.html")
        own.write_text(
            page.read_text("utf-8").replace("<body", f"<body data-name='Person {number}'", 1),
            "utf-8",
        )
        run(
            [
                chromium,
                *QUIET,
                "--no-pdf-header-footer",
                f"--print-to-pdf={own.with_suffix('.pdf')}",
                own.as_uri(),
            ],
            page.parent,
        )


def typeset(page: Path, many: int) -> None:
    """So many personal copies by Typst, of the book's words alone: no form, no table, no rule.

    It does much less.
    """
    words = re.sub(
        r"<(style|script).*?</\1>|<[^>]+>", " ", page.read_text("utf-8"), flags=re.DOTALL
    )
    text = re.sub(r"([\\#$*_@<>`~=/+-])", r"\\\1", html.unescape(words))
    for number in range(many):
        own = page.with_name(f"copy{number}.typ")
        own.write_text(f'#set page(paper: "us-letter")\nFor Person {number}\n{text}', "utf-8")
        run([*TYPST, own.name, own.with_suffix(".pdf").name], page.parent)


def reload(folder: Path, chromium: str, turns: int) -> list[float]:
    """Seconds from a save in an editor until an open page of the preview shows the new word, turn
    by turn.
    """
    from playwright.sync_api import sync_playwright

    page = subprocess.Popen(
        [sys.executable, "-P", "-m", "mentorkit", "preview", "--no-browser"],
        cwd=folder,
        stdout=subprocess.PIPE,
        text=True,
    )
    case, found = folder / "case_studies/woodsmoke.yaml", list[float]()
    try:
        address = re.search(r"http\S+", page.stdout.readline())[0]
        with sync_playwright() as playwright:
            tab = playwright.chromium.launch(
                executable_path=chromium, args=["--no-sandbox"]
            ).new_page()
            tab.goto(address)
            tab.goto(f"{address.partition('/open')[0]}/see/case/woodsmoke")
            words = tab.frame_locator("iframe[data-side=workbook]").locator("h1, h2").first
            for turn in range(turns):
                words.wait_for()
                time.sleep(
                    1 + turn / turns
                )  # not always at the same moment between two looks of the page
                case.write_text(
                    re.sub(
                        r"(?m)^title: .*$", f"title: Turn {turn}", case.read_text("utf-8"), count=1
                    ),
                    "utf-8",
                )
                found.append(
                    timed(
                        lambda turn=turn: (
                            tab.frame_locator("iframe[data-side=workbook]")
                            .get_by_text(f"Turn {turn}")
                            .first.wait_for()
                        )
                    )
                )
    finally:
        page.terminate()
        page.wait()
    return found


def cohort_job(people: int, page: Path, chromium: str, turns: int) -> None:
    """The rows for so many packets: beside the master's own build, Chromium, and Typst where it is;
    and what a packet weighs over its master.
    """
    many, sizes, weight = program(people), list[float](), list[float]()

    def packets() -> None:
        forget(many)
        kit(many, "packets", COHORT, "--only", "workbook-fillable")()
        sizes[:] = [
            path.stat().st_size for path in (many / "build" / COHORT / "packets").rglob("*.pdf")
        ]

    def master() -> None:
        forget(many)
        kit(many, "build", "--only", "workbook-fillable")()
        weight[:] = [(many / "build" / COHORT / "workbook-fillable.pdf").stat().st_size]

    row(f"{people} personal fillable workbooks / that workbook's own build", packets, master, turns)
    row(
        f"the same / Chromium printing {people} personal copies (extrapolated from 2)",
        packets,
        lambda: copies(chromium, page, 2),
        1,
        people / 2,
    )
    if TYPST:
        row(
            f"the same / Typst setting {people} personal copies of the bare text "
            "(extrapolated from 10)",
            packets,
            lambda: typeset(page, 10),
            1,
            people / 10,
        )
    print(
        f"| {len(sizes)} packets, each over the master: "
        f"{(statistics.mean(sizes) - weight[0]) / 1024:.1f} KB | | | |",
        flush=True,
    )
    shutil.rmtree(many.parent)


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--turns", type=int, default=3)
    asked.add_argument("--people", default="200,1000")
    given = asked.parse_args()
    print("| what | ours, s | instead, s | ratio (range) |\n|---|---|---|---|")
    folder = program()
    chromium = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    )
    page = html_of(folder)
    book = ["build", "--only", "workbook"]

    def fresh(*words: str) -> Callable[[], None]:
        return lambda: (forget(folder), kit(folder, *words)())[1]

    row(
        "one workbook from nothing / Chromium printing the same HTML",
        fresh(*book),
        lambda: run(
            [
                chromium,
                *QUIET,
                "--no-pdf-header-footer",
                f"--print-to-pdf={folder / 'c.pdf'}",
                page.as_uri(),
            ],
            folder,
        ),
        given.turns,
    )
    kit(folder, *book)()
    row(
        "nothing changed / a bare Python start",
        kit(folder, *book),
        lambda: run([sys.executable, "-c", "pass"], folder),
        max(given.turns, 5),
    )
    seen = reload(folder, chromium, max(given.turns, 10))
    print(
        f"| preview: from a save to the open page | {statistics.median(seen):.2f} "
        f"({min(seen):.2f} to {max(seen):.2f}) | | |",
        flush=True,
    )
    row(
        "all worksheets in one process / one process each (3, extrapolated)",
        fresh("build", "--only", "worksheets"),
        lambda: (
            [
                run([sys.executable, "-c", ONE_SHEET, name], folder)
                for name in ("stairs", "roles", "agreement")
            ]
            and None
        ),
        given.turns,
        sum(1 for _ in (folder / "worksheets").glob("*.yaml")) / 3,
    )
    for people in map(int, given.people.split(",")):
        cohort_job(people, page, chromium, given.turns)


ONE_SHEET = f"""
import sys
from pathlib import Path
from mentorkit.checks.load import load_program
from mentorkit.compose.compose import compose
from mentorkit.pdf.worker import Worker
from mentorkit.pipeline.documents import worksheets
composed = compose(load_program(Path(".")), {COHORT!r})
document = next(d for d in worksheets(composed) if d.path == f"worksheets/{{sys.argv[1]}}.pdf")
with Worker(Path(".")) as worker:
    worker.render(document.job({{}}))
"""

if __name__ == "__main__":
    main()
