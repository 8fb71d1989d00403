"""The text of a PDF has the usual character where one glyph stands for several."""

from __future__ import annotations

import io
from pathlib import Path

import pypdf
import pytest
from mentorkit.pdf.postprocess import finish
from mentorkit.pdf.typeset import lay_out

STYLE = """<style>
@font-face { font-family: Sans; src: url("/kit/fonts/source-sans-3/SourceSans3-Regular.ttf") }
@font-face { font-family: Serif; src: url("/kit/fonts/source-serif-4/SourceSerif4-Regular.ttf") }
p { font: 12pt Sans } .story { font-family: Serif }
</style>"""


def extracted(body: str) -> str:
    html = f'<html lang="en"><head><title>x</title>{STYLE}</head><body>{body}</body></html>'
    pdf = finish(lay_out(html, Path(), False).pdf)
    return pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text()


@pytest.mark.parametrize(
    ("rare", "usual"),
    [
        ("follow\u2011up", "well-known e-mail"),
        ("300 \u212a", "10 K"),
        ("5 \u212b", "5 Å"),
        ("10 \u2126", "10 Ω"),
        ("5 \u03bcm", "5 µm"),
        ("a\u00a0b", "a b"),
    ],
)
def test_a_rare_character_does_not_change_its_usual_twins(rare: str, usual: str) -> None:
    assert usual in extracted(f"<p>{rare}</p><p>{usual}</p>")


def test_an_apostrophe_of_another_kind_leaves_the_others_alone() -> None:
    assert "it’s" in extracted('<p class="story">it\u02bcs</p><p class="story">it’s</p>')
