"""Read the file with everything that the web edition makes: "My answers - keep".

It holds private answers too. Only those that the file's own card allows to come back, and that are
not private today, leave this module. The file's text is written by the site's answer-file.js.
"""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Any

from mentorkit.pdf.form_examination import nothing_found
from mentorkit.pdf.form_metadata import FormMetadata

START, DATA, END = "mentorkit answers, format 1", "mentorkit data", "mentorkit end"
# The same blanks as in answer-file.js: other line ends and lengths of lines do no harm.
BLANKS = re.compile("[\\t\\n\\v\\f\\r \\u00a0\\ufeff]+")
CHECK_SUM = re.compile("[ \\t\\r\\n\\u00a0]*([0-9a-f]{8})")
CHANGED = (
    "it is a file of the web edition that was changed on the way; nothing was read, ask for it "
    "again as an attachment"
)
ENCODINGS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
MAX_BYTES = 5_000_000
MAX_FIELDS = 10_000


def read_web_answers(data: bytes, private: frozenset[str]) -> dict[str, Any] | None:
    """Return what the file says, in the form of `form_examination.examine`.

    Args:
        data: the bytes of a returned file.
        private: the names of fields whose values must not be read.

    Returns:
        The result; with `refused` where the file was changed; None where it is no such file.
    """
    text = _decode(data[: MAX_BYTES + 1])
    start = text.find(START)
    if start < 0:
        return None
    end = text.rfind(END)
    block = text.rfind(DATA, start, max(end, 0))
    check_sum = CHECK_SUM.match(text, end + len(END)) if end >= 0 else None
    if len(data) > MAX_BYTES or block < 0 or check_sum is None:
        return nothing_found(CHANGED)
    if compute_check_sum(text[start:end]) != check_sum[1]:
        return nothing_found(CHANGED)
    try:
        packed = BLANKS.sub("", text[block + len(DATA) : end])
        values = json.loads(base64.b64decode(packed, validate=True))
        return _result(values, private)
    except (ValueError, TypeError, LookupError, RecursionError):
        return nothing_found(CHANGED)


def compute_check_sum(text: str) -> str:
    """Return the CRC-32 of the text without its blanks, as eight hexadecimal digits."""
    bare = BLANKS.sub("", text).encode("utf-8", "surrogatepass")
    return f"{zlib.crc32(bare):08x}"


def _decode(data: bytes) -> str:
    encoding = next((name for mark, name in ENCODINGS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _result(values: dict[str, Any], private: frozenset[str]) -> dict[str, Any]:
    """Return the result of a file whose check sum is right; raises where its data are not ours."""
    fields = values["fields"]
    marked = values["returned"]
    if not isinstance(fields, list) or len(fields) > MAX_FIELDS:
        raise ValueError("no list of fields")
    texts = ("edition", "release", "document", "packet", "side", "cohort")
    if not all(isinstance(item, str) for item in (*fields, *(values[key] for key in texts))):
        raise ValueError("a text is missing")
    if not all(type(number) is int and number >= 0 for number in marked):
        raise ValueError("not numbers of fields")
    returned = tuple(fields[number] for number in marked)
    card = FormMetadata(
        edition_id=values["edition"],
        release=values["release"],
        document=values["document"],
        fields=tuple(fields),
        packet=values["packet"],
        side=values["side"],
        cohort=values["cohort"],
        returned=returned,
    )
    answers = _answers(values["entries"])
    result = nothing_found("") | {"cards": [card.to_json()]}
    del result["refused"]
    may_return = set(returned) - private
    result["fields"] = {
        name: {
            "values": [answers.get(name, "")] if name in may_return else [],
            "fault": "",
            "times": 1,
            "differ": False,
        }
        for name in fields
    }
    result["private"] = sum(bool(answers.get(name)) for name in fields if name not in may_return)
    return result


def _answers(entries: Any) -> dict[str, str]:
    """Return the answers by field; raises where an entry is not [name, [text, time]]."""
    found: dict[str, str] = {}
    for name, (text, time) in entries:
        if not isinstance(name, str) or not isinstance(text, str) or isinstance(time, str):
            raise ValueError("not an entry")
        found[name] = text.replace("\r\n", "\n").replace("\r", "\n")
    return found
