"""The handouts that are tables: lists for Zoom, for mail merge, and of needs."""

from __future__ import annotations

from collections.abc import Sequence

from mentorkit.output.manifest import PACKETS
from mentorkit.people.csv_writer import write_csv
from mentorkit.people.person import Person

ZOOM = ("Pre-assign Room Name", "Email Address")  # exactly these words, or Zoom refuses the file
A_ROOM = 4


def group_of(person: Person, words: dict[str, str]) -> str:
    """Return the person’s group as it is printed: “A” is “Group A”, “The larks” as it is."""
    return f"{words['group']} {person.group}" if 0 < len(person.group) < 3 else person.group


def rooms(
    people: Sequence[Person], meeting: int, words: dict[str, str]
) -> list[tuple[str, Person]]:
    """Return who sits in which breakout room.

    By the roster’s groups; without any, in rooms of three or four that mix anew at each meeting.
    """
    if any(person.group for person in people):
        return sorted(
            ((group_of(person, words) or words["no_group"], person) for person in people),
            key=lambda each: (not each[1].group, each[0]),
        )
    count = -(-len(people) // A_ROOM)
    # As cards are dealt, one for each room and then again from the first. Each round is shifted by
    # its number a meeting, so neighbors part.
    seats = sorted(((n + n // count * meeting) % count + 1, n) for n in range(len(people)))
    return [(f"{words['room']} {room}", people[n]) for room, n in seats]


def breakout(people: Sequence[Person], meeting: int, words: dict[str, str]) -> bytes:
    """Return Zoom’s list of breakout rooms for one meeting: of people who have an address."""
    return write_csv(
        (
            ZOOM,
            *(
                (room, person.email)
                for room, person in rooms(people, meeting, words)
                if person.email
            ),
        ),
        mark=False,
    )


def mailmerge(people: Sequence[Person], cohort: str) -> bytes:
    """Return one row a person for mail merge: where the packet is in the output, and its id."""
    from mentorkit.packets.packets import folders, packet_id

    homes = folders(people)
    rows = (
        (person.name, person.email, f"{PACKETS}/{homes[person.key]}", packet_id(cohort, person.key))
        for person in people
    )
    return write_csv((("name", "email", "packet", "packet_id"), *rows))


def needs_list(people: Sequence[Person]) -> bytes | None:
    """Return who asks for what: large print, pronouns, diet, access; None where nobody does."""
    rows = []
    for person in people:
        asked = [("print", "large")] if person.print == "large" else []
        asked += [("pronouns", person.pronouns)] if person.pronouns else []
        rows += [(person.name, person.email, what, text) for what, text in (*asked, *person.needs)]
    return write_csv((("name", "email", "what", "text"), *rows)) if rows else None
