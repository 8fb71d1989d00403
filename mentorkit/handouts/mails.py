"""The mails of a whole run: invitation, pre-work, reminders, afterwards, six months later.

Each is a draft (.eml) to everybody in Bcc with the calendar attached, and a text for mail merge in
which «name» is the column of mailmerge.csv.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8

from mentorkit.edition.dates import date_words
from mentorkit.edition.strings import phrase
from mentorkit.edition.workbook import Edition
from mentorkit.handouts.meetings import Gathering
from mentorkit.model.cohort import Cohort
from mentorkit.people.columns import address_in
from mentorkit.people.person import Person

MERGE_NAME = "«name»"


@dataclass(frozen=True)
class Mail:
    """One mail to everybody: the name of its file, its subject, and its text after the greeting."""

    name: str
    subject: str
    text: str
    has_calendar: bool = False


def run_mails(
    book: Edition,
    cohort: Cohort,
    held: Sequence[Gathering],
    people: Sequence[Person],
    words: Mapping[str, str],
    dates: bytes | None,
) -> dict[str, bytes]:
    """Return the mails of a run by file name; none without people, or a dated meeting."""
    meetings = [meeting for meeting in held if meeting.number and meeting.day]
    if not meetings or not people:
        return {}
    contact = cohort.values.get("contact", "")
    files = {}
    for number, mail in enumerate(_mails(book, meetings, words), 1):
        name = f"{number:02}-{mail.name}"
        attached = dates if mail.has_calendar else None
        text = f"{words['run_greeting']}\n\n{mail.text}\n\n{contact}".strip()
        files[f"{name}.eml"] = _draft(mail.subject, text, contact, people, attached)
        greeting = phrase(words["run_merge_greeting"], name=MERGE_NAME)
        merge = f"{mail.subject}\n\n{greeting}\n\n{mail.text}\n\n{contact}".strip() + "\n"
        files[f"{name}.txt"] = merge.encode("utf-8-sig")
    return files


def _mails(
    book: Edition, meetings: Sequence[Gathering], words: Mapping[str, str]
) -> Iterator[Mail]:
    first, last = meetings[0], meetings[-1]
    slots = {
        "title": book.title,
        "cohort": book.cohort,
        "meetings": "\n".join(_line(meeting) for meeting in meetings),
        "first": _line(first),
    }
    for name in ("invitation", "pre_work"):
        subject = phrase(words[f"run_{name}_subject"], **slots)
        text = phrase(words[f"run_{name}"], **slots)
        yield Mail(name.replace("_", "-"), subject, text, name == "invitation")
    for meeting in meetings:
        own = slots | {"meeting": meeting.title, "when": _line(meeting)}
        subject = phrase(words["run_reminder_subject"], **own)
        yield Mail(f"reminder-{meeting.name}", subject, phrase(words["run_reminder"], **own), True)
    later = slots | {"day": date_words(_half_a_year_after(last), words)}
    for name in ("afterwards", "six_months"):
        subject = phrase(words[f"run_{name}_subject"], **later)
        yield Mail(name.replace("_", "-"), subject, phrase(words[f"run_{name}"], **later))


def _half_a_year_after(meeting: Gathering) -> datetime.date:
    day = meeting.day
    assert day
    month = (day.month + 5) % 12 + 1
    return datetime.date(day.year + (day.month > 6), month, min(day.day, 28))


def _line(meeting: Gathering) -> str:
    """Return "Getting Started: Wednesday, February 3, 2027, 10:00–12:00, Room 220, https://…"."""
    parts = (meeting.date, meeting.hours, meeting.place, meeting.link)
    return f"{meeting.title}: {', '.join(filter(None, parts))}"


def _draft(
    subject: str, text: str, contact: str, people: Sequence[Person], dates: bytes | None
) -> bytes:
    """Return a draft; everybody is in Bcc, so that nobody learns the others' addresses."""
    sender = address_in(contact)
    addresses = [person.email for person in people if person.email]
    is_ascii = all(address.isascii() for address in addresses)
    message = EmailMessage(policy=SMTP if is_ascii else SMTPUTF8)
    if sender:
        message["From"] = message["To"] = sender
    if addresses:
        message["Bcc"] = ", ".join(addresses)
    message["Subject"] = subject
    message["X-Unsent"] = "1"
    message.set_content(text + "\n", cte="quoted-printable")
    if dates:
        message.add_attachment(dates, "text", "calendar", filename="calendar.ics")
        message.set_boundary("=_" + hashlib.sha256(text.encode()).hexdigest()[:40])
    return message.as_bytes()
