"""Four programs that fill a form, each in its own way, and three that read it back.

Values are texts; a ticked box is `yes`.
"""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes import create_string_buffer
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
import pikepdf.form
import pypdf
import pypdfium2
import pypdfium2.raw as pdfium
from playwright.sync_api import Browser, Page, expect, sync_playwright

from paths import DATA
from sheet import PLACES

Values = dict[str, str]
Filler = Callable[[bytes, Values], bytes]
# What a drop-down shows for each key that it exports.
WORDS = {choice.key: choice.words for place in PLACES for choice in place.choices}
PDFJS = DATA / "pdfjs"
CHROMIUM = "/usr/bin/chromium"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def fill_with_pypdf(pdf: bytes, values: Values) -> bytes:
    """As scripts do."""
    writer = pypdf.PdfWriter(clone_from=BytesIO(pdf))
    named = {name: "/Yes" if value == "yes" else value for name, value in values.items()}
    for page in writer.pages:
        writer.update_page_form_field_values(page, named, auto_regenerate=False)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def fill_with_pikepdf(pdf: bytes, values: Values) -> bytes:
    """With pikepdf's own model of a form."""
    with pikepdf.open(BytesIO(pdf)) as document:
        form = pikepdf.form.Form(document, pikepdf.form.DefaultAppearanceStreamGenerator)
        for name, value in values.items():
            field = form[name]
            if isinstance(field, pikepdf.form.CheckboxField):
                field.checked = value == "yes"
            else:
                field.value = value
        out = BytesIO()
        document.save(out)
    return out.getvalue()


def fill_with_pdfium(pdf: bytes, values: Values) -> bytes:
    """With clicks and keys on the page, as in Chrome and Edge."""
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    for page in document:
        pdfium.FORM_OnAfterLoadPage(page, document.formenv)
        _click_and_type(document, page, values)
        pdfium.FORM_ForceToKillFocus(document.formenv)
    out = BytesIO()
    document.save(out)
    document.close()
    return out.getvalue()


def _click_and_type(
    document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage, values: Values
) -> None:
    form = document.formenv
    for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        name = _wide(pdfium.FPDFAnnot_GetFormFieldName, form, annotation)
        value = values.get(name, "")
        box = pdfium.FS_RECTF()
        pdfium.FPDFAnnot_GetRect(annotation, box)
        kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
        count = pdfium.FPDFAnnot_GetOptionCount(form, annotation)
        options = [
            _wide(pdfium.FPDFAnnot_GetOptionLabel, form, annotation, at)
            for at in range(max(count, 0))
        ]
        pdfium.FPDFPage_CloseAnnot(annotation)
        if not value:
            continue
        at = (box.left + box.right) / 2, (box.top + box.bottom) / 2
        pdfium.FORM_OnMouseMove(form, page, 0, *at)
        pdfium.FORM_OnLButtonDown(form, page, 0, *at)
        pdfium.FORM_OnLButtonUp(form, page, 0, *at)
        if kind == pdfium.FPDF_FORMFIELD_COMBOBOX:
            pdfium.FORM_SetIndexSelected(form, page, options.index(WORDS.get(value, value)), True)
        elif kind == pdfium.FPDF_FORMFIELD_TEXTFIELD:
            for letter in value:
                pdfium.FORM_OnChar(form, page, ord("\r" if letter == "\n" else letter), 0)


def _wide(ask: Callable[..., int], *about: object) -> str:
    """A text that pdfium writes as UTF-16 into a buffer of ours."""
    length = ask(*about, None, 0)
    buffer = create_string_buffer(length)
    ask(*about, _as_words(buffer), length)
    return buffer.raw[:length].decode("utf-16-le").rstrip("\0")


def _as_words(buffer: object) -> object:
    from ctypes import POINTER, c_ushort, cast

    return cast(buffer, POINTER(c_ushort))  # type: ignore[arg-type]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@contextmanager
def shown_by_pdfjs(browser: Browser, pdf: bytes) -> Iterator[Page]:
    """A page of the browser in which pdf.js shows the form, served from this computer."""
    with TemporaryDirectory() as folder:
        for file in (*PDFJS.glob("*.mjs"), PDFJS / "fill.html"):
            (Path(folder) / file.name).symlink_to(file)
        (Path(folder) / "form.pdf").write_bytes(pdf)
        handler = functools.partial(_Quiet, directory=folder)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/fill.html")
            page.wait_for_function("window.ready", timeout=60_000)
            yield page
            page.close()
            server.shutdown()


def saved_by_pdfjs(page: Page) -> bytes:
    """What its save button would give."""
    return bytes(page.evaluate("window.saved()"))


def fill_with_pdfjs(browser: Browser, pdf: bytes, values: Values) -> bytes:
    """With clicks and keys in Chromium, as in Firefox and many web sites."""
    with shown_by_pdfjs(browser, pdf) as page:
        for name, value in values.items():
            control = page.locator(f"[name={name}]")
            if control.evaluate("control => control.tagName") == "SELECT":
                control.focus()
                for _ in range(
                    control.locator("option")
                    .all_inner_texts()
                    .index(WORDS.get(value, value).replace(" ", "\xa0"))
                ):
                    page.keyboard.press("ArrowDown")
                expect(control).to_have_value(value)
                continue
            control.click()
            if control.get_attribute("type") == "checkbox":
                expect(control).to_be_checked()
                continue
            page.keyboard.type(value)
            expect(control).to_have_value(value)  # keys arrive late on a busy machine
        page.keyboard.press("Tab")
        return saved_by_pdfjs(page)


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def read_with_pypdf(pdf: bytes) -> Values:
    """The values as pypdf gives them."""
    fields = pypdf.PdfReader(BytesIO(pdf)).get_fields() or {}
    return {name: _plain(field.get("/V")) for name, field in fields.items()}


def read_with_pikepdf(pdf: bytes) -> Values:
    """The values as pikepdf gives them."""
    with pikepdf.open(BytesIO(pdf)) as document:
        fields = pikepdf.form.Form(document, None)
        return {name: _plain(field.value) for name, field in fields.items()}


def read_with_pdfium(pdf: bytes) -> Values:
    """The values as pdfium gives them."""
    found = {}
    document = pypdfium2.PdfDocument(pdf)
    document.init_forms()
    for page in document:
        for number in range(pdfium.FPDFPage_GetAnnotCount(page)):
            annotation = pdfium.FPDFPage_GetAnnot(page, number)
            if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET:
                name = _wide(pdfium.FPDFAnnot_GetFormFieldName, document.formenv, annotation)
                found[name] = _plain(
                    _wide(pdfium.FPDFAnnot_GetFormFieldValue, document.formenv, annotation)
                )
            pdfium.FPDFPage_CloseAnnot(annotation)
    document.close()
    return found


def _plain(value: object) -> str:
    text = "" if value is None else str(value)
    text = {"/Yes": "yes", "Yes": "yes", "/Off": "", "Off": ""}.get(text, text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


READERS = {"pypdf": read_with_pypdf, "pikepdf": read_with_pikepdf, "pdfium": read_with_pdfium}
