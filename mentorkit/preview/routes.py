"""The routes of the page: what is shown, what is typed and tried, what is saved, what is built."""

from __future__ import annotations

import hashlib
import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, jsonify, render_template, request, send_file
from werkzeug.exceptions import HTTPException, InternalServerError

from mentorkit.crash_report import leave_report
from mentorkit.edition.markdown import inline_html, plain
from mentorkit.pipeline.outputs import OUTPUT_NAMES
from mentorkit.preview import edits
from mentorkit.preview.build_job import Press
from mentorkit.preview.draft import both, tried, write_problem
from mentorkit.preview.form_fields import form
from mentorkit.preview.security import MOST_BODY, Guard
from mentorkit.preview.workspace import Known, Shelf
from mentorkit.source.nodes import Scalar

PACKAGE = files("mentorkit")
KIT = ("fonts", "templates/icons", "templates/figures")
SAID = {
    400: "That was no request we understand.",
    401: "Open the address that is printed in the terminal.",
    403: "This is not for you: the page answers its own window alone.",
    404: "There is no such page.",
    405: "This cannot be done here.",
    411: "The length is missing.",
    413: "That is too much at once (1 MiB).",
    415: "Only JSON is taken here.",
}


def create(folder: Path, guard: Guard) -> Flask:
    """The whole app for the program in `folder`."""
    app = Flask(
        "mentorkit.preview",
        root_path=str(Path(__file__).parent),
        template_folder="pages",
        static_folder=None,
    )
    app.config.update(MAX_CONTENT_LENGTH=MOST_BODY, PROVIDE_AUTOMATIC_OPTIONS=False)
    app.url_map.merge_slashes = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.add_template_filter(inline_html, "inline")
    app.add_template_filter(plain, "plain")
    app.add_template_filter(lambda path: json.dumps(path), "path")
    guard.watch(app)
    shelf, press = Shelf(folder), Press(folder)
    app.extensions["press"], app.extensions["shelf"] = press, shelf
    app.register_error_handler(HTTPException, _refusal)

    @app.errorhandler(Exception)
    def ours(fault: Exception) -> Any:
        guard.tell(
            f"This is our own error ({type(fault).__name__}), not yours. "
            f"{leave_report(fault, ['preview'], ['preview'])}"
        )
        return _refusal(InternalServerError())

    _show(app, shelf, press)
    _files(app, shelf)
    _assets(app, shelf)
    _work(app, shelf)
    _build(app, shelf, press)
    return app


def _refusal(fault: HTTPException) -> Any:
    code = fault.code or 500
    words = SAID.get(code, "Something went wrong on our side; the terminal says what.")
    if request.path.startswith("/api/"):
        return jsonify(error=words), code
    return (
        '<!DOCTYPE html><html lang="en-US"><meta '
        f'charset="utf-8"><title>{code}</title><h1>{code}</h1><p>{words}</p></html>',
        code,
    )


# ---- what is shown


def _shown(shelf: Shelf, template: str, **values: Any) -> str:
    """A page, with what every page tells: the program, the cohort that is looked at, and what is
    wrong."""
    version = shelf.refresh()
    library = shelf.good or shelf.library
    open_ = [name for name, file in library.cohorts.items() if not file.model.closed]
    cohort = request.args.get("cohort", "")
    found = [write_problem(shelf, problem) for problem in shelf.problems()]
    return render_template(
        template,
        library=library,
        cohort=cohort if cohort in library.cohorts else (open_ or [""])[0],
        cohorts=list(library.cohorts),
        problems=found,
        stops=sum(each["stops"] for each in found),
        version=version,
        broken=shelf.library.broken,
        paths={(known.kind, known.name): path for path, known in shelf.files().items()},
        **values,
    )


def _show(app: Flask, shelf: Shelf, press: Press) -> None:
    @app.get("/")
    def glance() -> str:
        return _shown(shelf, "glance.html")

    @app.get("/problems")
    def problems() -> str:
        return _shown(shelf, "problems.html")

    @app.get("/books")
    def books() -> str:
        shelf.refresh()
        return _shown(
            shelf,
            "books.html",
            outputs=OUTPUT_NAMES,
            made={name: press.made(name) for name in shelf.library.cohorts},
            packed={name: press.people(name) for name in shelf.library.cohorts},
            state=press.state(),
        )

    @app.get("/see/<kind>/<name>")
    def see(kind: str, name: str) -> str:
        known = next(
            (known for known in shelf.files().values() if (known.kind, known.name) == (kind, name)),
            None,
        )
        if known is None:
            abort(404)
        return _shown(shelf, "see.html", known=known, title=_title(shelf, known))


def _files(app: Flask, shelf: Shelf) -> None:
    @app.get("/source/<path:path>")
    def source(path: str) -> str:
        known = _known(shelf, path)
        text = (shelf.folder / path).read_bytes().decode("utf-8", "replace")
        return _shown(shelf, "source.html", known=known, lines=text.splitlines())

    @app.get("/edit/<path:path>")
    def edit(path: str) -> Any:
        known = _known(shelf, path)
        data = (shelf.folder / path).read_bytes()
        root = shelf.root(path, data)
        if root is None:
            return source(path)
        return _shown(
            shelf,
            "edit.html",
            known=known,
            fields=form(known.model, root),
            more=(),
            digest=shelf.remember(data),
            title=_title(shelf, known),
        )

    @app.get("/book/<cohort>/<kind>/<name>/<side>")
    def book(cohort: str, kind: str, name: str, side: str) -> Response:
        shelf.refresh()
        library = shelf.good
        html = ""
        if library and cohort in library.cohorts and side in ("workbook", "guide"):
            html = shelf.views(library, cohort, kind, name, (side,)).get(side, "")
        return Response(html or _nothing(side, library is None))


def _nothing(side: str, broken: bool) -> str:
    words = (
        "The pages come when the problems are fixed."
        if broken
        else f"Nothing of this is in the {side}."
    )
    return (
        '<!DOCTYPE html><html lang="en-US"><head><meta '
        f'charset="utf-8"><title>{side}</title><link rel="stylesheet" '
        'href="/app/preview.css"></head>'
        f'<body class="on-screen nothing"><p>{words}</p></body></html>'
    )


def _title(shelf: Shelf, known: Known) -> str:
    root = shelf.root(known.path)
    title = root.values.get("title") if root else None
    return (
        plain(title.text)
        if isinstance(title, Scalar) and title.text
        else known.name.replace("_", " ")
    )


def _known(shelf: Shelf, path: str) -> Known:
    known = shelf.files().get(path)
    if known is None:
        abort(404)
    return known


# ---- files of our own and of the program


def _assets(app: Flask, shelf: Shelf) -> None:
    @app.get("/app/<name>")
    def own(name: str) -> Response:
        if name not in ("preview.css", "preview.js"):
            abort(404)
        return send_file(str(PACKAGE.joinpath("preview", "app", name)))

    @app.get("/style/<name>")
    def style(name: str) -> Response:
        text = shelf.styles.get(name.removesuffix(".css"))
        return Response(text, mimetype="text/css") if text is not None else abort(404)

    @app.get("/kit/<path:path>")
    def kit(path: str) -> Response:
        inside = (
            any(path.startswith(f"{folder}/") for folder in KIT)
            or path.endswith(".png")
            and "/" not in path
        )
        place = Path(
            str(
                PACKAGE.joinpath(
                    *(path if inside and "/" in path else f"templates/{path}").split("/")
                )
            )
        )
        if not inside or place.suffix not in (".ttf", ".svg", ".png") or not place.is_file():
            abort(404)
        return send_file(str(place))

    @app.get("/picture/<path:path>")
    def picture(path: str) -> Response:
        if path not in shelf.pictures():
            abort(404)
        return send_file(str(shelf.folder / path))


# ---- drafts and saves


def _work(app: Flask, shelf: Shelf) -> None:
    @app.get("/api/version")
    def version() -> Response:
        version = shelf.refresh()
        path = request.args.get("file", "")
        digest = (
            hashlib.sha256((shelf.folder / path).read_bytes()).hexdigest()
            if path in shelf.files()
            else ""
        )
        return jsonify(version=version, digest=digest, problems=len(shelf.library.problems))

    @app.post("/api/draft/<path:path>")
    def draft(path: str) -> Any:
        known, (base, typed, wanted, more) = _known(shelf, path), _asked()
        data = shelf.recall(base)
        if data is None:
            return jsonify(
                error="This page is too old; your text is kept here. Copy it, then load the page "
                "again."
            ), 409
        return jsonify(**tried(shelf, known, data, typed, wanted, more))

    @app.put("/api/file/<path:path>")
    def save(path: str) -> Any:
        known, (_, typed, _, more) = _known(shelf, path), _asked()
        place = shelf.folder / path
        data = place.read_bytes()
        digest = shelf.remember(data)
        if request.headers.get("If-Match", "").strip('"') != digest:
            return jsonify(
                error="The file was changed outside this page.",
                digest=digest,
                both=both(shelf, known, data, typed),
            ), 412
        trial = tried(shelf, known, data, typed, "", more)
        if trial["refused"]:
            return jsonify(**trial), 422
        new = edits.applied(data, known.model, typed)
        try:
            if new != data and not edits.save(place, new, data):
                data = place.read_bytes()
                return jsonify(
                    error="The file was changed outside this page.",
                    digest=shelf.remember(data),
                    both=both(shelf, known, data, typed),
                ), 412
        except OSError as fault:
            return jsonify(
                error=f"Nothing was saved: {fault.strerror}. Your text is still in this page."
            ), 403 if isinstance(fault, PermissionError) else 507
        root = shelf.root(path, new)
        html = (
            render_template("form.html", fields=form(known.model, root), more=more) if root else ""
        )
        return jsonify(digest=shelf.remember(new), version=shelf.refresh(), form=html)


def _asked() -> tuple[str, list[edits.Edit], str, list[str]]:
    """The state a page started from, the edits it made, the cohort it looks at, and the groups
    whose further fields it shows."""
    asked = _json()
    base, cohort, more = asked.get("base", ""), asked.get("cohort", ""), asked.get("more", [])
    if (
        not isinstance(base, str)
        or not isinstance(cohort, str)
        or not isinstance(more, list)
        or not all(isinstance(each, str) for each in more)
    ):
        abort(400)
    try:
        return base, edits.read_edits(asked.get("edits")), cohort, more
    except edits.UnclearEditsError:
        abort(400)


def _json() -> dict[str, Any]:
    try:
        asked = request.get_json(silent=True)
    except RecursionError:
        asked = None
    return asked if isinstance(asked, dict) else abort(400)


# ---- books


def _build(app: Flask, shelf: Shelf, press: Press) -> None:
    @app.post("/api/build")
    def start() -> Any:
        asked = _json()
        cohort, only = asked.get("cohort"), asked.get("only", "")
        if cohort not in list(shelf.library.cohorts) or only not in ("", "packets", *OUTPUT_NAMES):
            abort(400)

        return (
            (jsonify(press.state()), 202)
            if press.start(cohort, only)
            else (jsonify(error="A build is under way already."), 409)
        )

    @app.get("/api/build")
    def state() -> Response:
        return jsonify(press.state())

    @app.get("/made/<cohort>/<path:path>")
    def made(cohort: str, path: str) -> Response:
        if cohort not in shelf.library.cohorts or path not in press.made(cohort):
            abort(404)
        place = shelf.folder / "build" / cohort / path
        if not place.is_file() or place.is_symlink():
            abort(404)
        return send_file(str(place), as_attachment=True, download_name=place.name)

    @app.get("/packets/<cohort>.zip", defaults={"person": ""})
    @app.get("/packets/<cohort>/<person>.zip")
    def packet(cohort: str, person: str) -> Response:
        people = press.people(cohort) if cohort in shelf.library.cohorts else {}
        paths = [
            entry.path
            for folder, files in people.items()
            if person in ("", folder)
            for entry in files
        ]
        if not paths or not press.stand(cohort, paths):
            abort(404)
        answer = Response(press.zipped(cohort, paths), mimetype="application/zip")
        answer.headers.set("Content-Disposition", "attachment", filename=f"{person or cohort}.zip")
        return answer
