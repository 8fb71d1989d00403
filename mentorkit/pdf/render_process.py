"""The child process of a worker: renders one job after the other until its parent ends."""

from __future__ import annotations

import gc
import pickle
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mentorkit.pdf import postprocess, sandbox, typeset
from mentorkit.pdf.drawn_fields import BARE_CONTROLS
from mentorkit.pdf.name_drawings import draw_names
from mentorkit.pdf.typeset import PagePdf
from mentorkit.pdf.worker import DrawNames, Job


def main(root: Path, cpu_seconds: int, memory_bytes: int, lifeline: int) -> None:
    """Answer jobs until the parent ends. `lifeline`: see `sandbox.prepare_child`."""
    answers = sandbox.prepare_child(memory_bytes, lifeline)
    typeset.load_weasyprint()
    # A document makes a million objects and then ends: collecting in between is a quarter of the
    # work.
    gc.disable()
    gc.freeze()
    while True:
        gc.collect()
        try:
            job = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        sandbox.limit_cpu_time(cpu_seconds)
        try:
            answer = _draw_names(job) if isinstance(job, DrawNames) else _render(job, root)
        except MemoryError:
            megabytes = f"{memory_bytes // 1024**2:,} MB"
            reason = f"rendering needs more memory than {megabytes} and was stopped"
            answer = {"stopped": reason}, b""
        except RecursionError:
            answer = {"stopped": "something in it is nested too deeply to be rendered"}, b""
        except Exception:
            answer = {"bug": traceback.format_exc()}, b""
        sandbox.write_message(answers, *answer)


def _render(job: Job, root: Path) -> tuple[dict[str, Any], bytes]:
    """Return what the parent reads: a header, and the PDFs one after the other."""
    html = job.html
    if job.pitch_mm:
        html = html.replace("</style>", f"{BARE_CONTROLS}</style>", 1)
    is_fillable = bool(job.places or job.form_metadata)
    typeset_pdf = typeset.lay_out(html, root, is_fillable, job.system_fonts, pitch_mm=job.pitch_mm)
    paper = b""
    if job.pitch_mm and (job.paper_name or not job.is_form):
        paper = postprocess.finish_for_paper(typeset_pdf.pdf, job.places, job.pitch_mm)
    pdf = paper
    if job.is_form:
        pdf = postprocess.finish(typeset_pdf.pdf, job.places, job.form_metadata, job.pitch_mm)
    header = {
        "pages": typeset_pdf.pages,
        "count": typeset_pdf.count,
        "complaints": typeset_pdf.complaints,
        "length": len(pdf),
    }
    return header, pdf + (paper if job.paper_name else b"")


def _draw_names(job: DrawNames) -> tuple[dict[str, Any], bytes]:
    """Return a header with the measures of the drawings, and their PDFs one after the other."""
    drawings = draw_names(job.names)
    pages = [page for drawing in drawings for page in drawing.variants]
    measured = [
        ([_measures(page) for page in drawing.variants], drawing.missing) for drawing in drawings
    ]
    return {"drawings": measured}, b"".join(page.pdf for page in pages)


def _measures(page: PagePdf) -> tuple[int, dict[str, Any]]:
    """Return the length of a page's PDF and its other values."""
    values = asdict(page)
    return len(values.pop("pdf")), values


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
