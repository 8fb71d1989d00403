"""Drafts of mails: one .eml a person, the packet attached, to be looked over and sent.

`X-Unsent: 1` is what Outlook knows a draft by; in Thunderbird it is “Edit as new message”. No date
and no sender: these come with the sending.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

MOST_FILES, MOST_BYTES = (
    10,
    10_000_000,
)  # beyond these, people get one ZIP; many servers refuse a mail of more than 20 MB
Files = Sequence[
    tuple[str, Callable[[], bytes]]
]  # each file's path in the packet, and what makes it


def draft(
    email: str,
    files: Files,
    zipped: Callable[[], bytes],
    said: Mapping[str, str],
    words: Mapping[str, str],
) -> bytes:
    """Return the mail; `said` fills the slots of the words: {name}, {title}, {cohort}.

    The same packet gives the same bytes.
    """
    message = EmailMessage(policy=SMTP if email.isascii() else SMTPUTF8)
    local, _, domain = email.rpartition("@")
    message["To"] = Address(said["name"], local, domain)
    message["Subject"] = _filled(words["mail_subject"], said)
    message["X-Unsent"] = "1"
    parts = {path.removeprefix("worksheets/").replace("/", "-"): make() for path, make in files}
    packed = len(parts) > MOST_FILES or sum(map(len, parts.values())) > MOST_BYTES
    text = [words["mail_text"], words["mail_zip"] if packed else "", words["mail_end"]]
    message.set_content(
        "\n\n".join(_filled(part.strip(), said) for part in text if part) + "\n",
        cte="quoted-printable",
    )
    if packed:
        message.add_attachment(zipped(), "application", "zip", filename=f"{said['folder']}.zip")
    for path, data in () if packed else parts.items():
        message.add_attachment(data, "application", "pdf", filename=path)
    message.set_boundary(
        "=_" + hashlib.sha256(f"{said['name']}\n{email}".encode()).hexdigest()[:40]
    )
    return message.as_bytes()


def _filled(text: str, said: Mapping[str, str]) -> str:
    for word, value in said.items():
        text = text.replace(f"{{{word}}}", value)
    return text
