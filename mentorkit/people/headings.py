"""Column headings of lists of people: what a column holds, in the words of common exports.

The words cover Canvas, Moodle, Blackboard, Qualtrics, Google and Microsoft Forms, Zoom, Eventbrite,
Outlook, Entra and Excel, in English, Spanish, French, German and Portuguese.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text that blanks separate."""
    return frozenset(text.split())


# Headings without blanks, signs and accents. Rank 0: they name the slot and nothing else.
HEADINGS: dict[str, str] = {
    "name": "name fullname completename displayname participantname participantsname "
    "yourname menteename firstandlastname firstlastname namefirstandlast "
    "lastnamefirstname namefirstlast nombre nombrecompleto nombreyapellidos apellidosynombre "
    "apellidosnombre nom nomcomplet nometprenom nomprenom prenometnom prenomnom nome nomecompleto "
    "nomeesobrenome vollstandigername vollername namevorname nachnamevorname vorundnachname "
    "vornamenachname vornameundnachname",
    "first": "firstname givenname givennames givenname1 forename first vorname vornamen prenom "
    "prenoms nombres nombredepila primeronombre primeiro primeironome",
    "middle": "middlename middlenames middle secondname zweitername segundonombre nomedomeio",
    "last": "lastname familyname surname last nachname familienname nomdefamille apellido "
    "apellidos sobrenome apelido apelidos ultimonome",
    "suffix": "suffix namesuffix generationalsuffix",
    "preferred": "preferredname preferredfirstname nickname chosenname chosenfirstname goesby "
    "knownas nameonbadge badgename nametag nameforbadge rufname spitzname nombrepreferido "
    "nomprefere nomdusage prenomdusage nomesocial nomepreferido",
    "email": "email emailaddress mail mailaddress youremail workemail primaryemail emailadresse "
    "mailadresse correo correoelectronico direcciondecorreo direcciondecorreoelectronico courriel "
    "adressedecourriel adresseemail adressemail adresseelectronique enderecodeemail "
    "correioeletronico emailinstitucional",
    "id": "id personid participantid employeeid studentid netid idnumber personnelnumber "
    "numerodeid numerodeidentificacion numerodidentification numerodeidentificacao idnummer "
    "personalnummer matrikelnummer matricula sisuserid universityid",
    "group": "group groups groupname smallgroup team table breakout breakoutroom gruppe gruppen "
    "grupo grupos groupe groupes equipo equipe",
    "print": "print printsize printing textsize fontsize schriftgrosse",
    "mentor": "mentor mentorname mentorsname nameofmentor facultymentor advisor adviser supervisor "
    "pi mentora mentorin betreuer betreuerin encadrant encadrante tuteur tutrice orientador "
    "orientadora tutor tutora director directrice directeurdethese",
    "pronouns": "pronouns pronoun pronombres pronoms pronomes pronomen",
}
# Rank 2: read where no column of a lower rank fills the slot.
LESS_CERTAIN: dict[str, str] = {
    "id": "userid uid username userlogin login loginname loginid sisloginid nombredeusuario "
    "nomdutilisateur benutzername nomedeusuario integrationid objectid responseid accountname",
    "email": "userprincipalname upn recipientemail useremail emaildisplayname email1value",
    "first": "recipientfirstname",
    "last": "recipientlastname",
    "name": "formername",
}
SPOKEN = {slot: slot for slot in HEADINGS} | {
    "first": "first name",
    "middle": "middle name",
    "last": "last name",
    "preferred": "preferred name",
    "email": "e-mail",
}
FILLERS = word_set(
    "what whats is are your the please enter write type provide give of a an my us tell s do you "
    "optional required legal official current primary work professional contact "
    "institutional university su tu el la le de votre ihr ihre seu sua"
)
PEOPLE = word_set(
    "participant attendee mentee postdoc student trainee fellow scholar registrant member "
    "recipient learner respondent candidate user employee invitee guest resident "
    "teilnehmer teilnehmerin participante"
)
PERSONS = PEOPLE | {f"{word}s" for word in PEOPLE}
MENTORS = word_set("mentor advisor adviser supervisor pi faculty investigator")
OTHER_PEOPLE = MENTORS | word_set(
    "buyer purchaser billing emergency manager parent guardian referee sponsor nominator assistant "
    "chair instructor teacher coordinator administrator admin reviewer department mentors "
    "advisors supervisors mentora betreuer"
)
OTHER_THINGS = word_set(
    "company organization organisation institution school college course program programme event "
    "file project section session department lab team account ticket form survey list "
    "business site room city state country"
)
MAIL = re.compile(r"e?mail|correo|courriel|mailadresse|correio")
NOT_AN_ADDRESS = re.compile(r"mailing|optin|consent|sent|status|permission|verified|type$|bounced")
LARGE_PRINT = re.compile(
    r"largeprint|printsize|fontsize|textsize|largetext|bigprint|largerprint|largefont|grossdruck|"
    r"grossschrift|letragrande|letrasgrandes|groscaracteres|grandscaracteres|letragrandes"
)
NEED = re.compile(
    r"access(?!ed|code|level|date|time|group|tocourse)|accommodat|disabilit|diet|dieta|allerg|"
    r"alerg|foodpref|foodrestr|foodreq|mealpref|vegetarian|vegan|halal|kosher|specialneed|"
    r"specialreq|needs|requirement|interpret|caption|wheelchair|hearing|lowvision|barrierefrei|"
    r"besondereb|ernahrung|necesidad|necessidade|besoin|regimealim|restricciones|restricoes|"
    r"acessib|behinderung|handicap|adjustment|signlanguage|screenreader|brailleb?|seating"
)
NOT_A_NEED = re.compile(r"lastaccess|letzterzugriff|dernieracces|ultimoacceso|ultimoacesso")
PRONOUN = re.compile(r"pronoun|pronombre|pronome|pronomen|pronoms")
PREFERRED = re.compile(
    r"(prefer|chosen|badge|nametag|nickname|goesby|goby|knownas|callyou|calledby|likeyourname)"
)
STATUS = re.compile(r"status$|^rsvp$|^attending$")


@dataclass(frozen=True)
class Meaning:
    """What a column holds. A column of a higher rank is read where no lower one fills the slot."""

    slot: str = ""
    rank: int = 0


@cache
def meaning_of(heading: str) -> Meaning:
    """Return what a column with this heading holds; an empty slot where it is not known.

    Slots beside those of `HEADINGS`: "need", "status", and "other" for data of other people.
    """
    words = split_words(heading)
    joined = "".join(words)
    if joined == "id":  # next to "Employee ID" or "SIS User ID", it is the number of a row
        return Meaning("id", 1)
    for rank, table in ((0, _by_heading(False)), (2, _by_heading(True))):
        if joined in table:
            return Meaning(table[joined], rank)
    if found := _by_pattern(joined, words):
        return found
    if found := _by_words(words):
        return found
    outside = re.sub(r"\([^()]*\)|\[[^\]]*\]", " ", heading)
    if outside != heading and (inner := meaning_of(outside.strip())).slot:
        return Meaning(inner.slot, inner.rank + 1)
    if MAIL.search(joined) and not NOT_AN_ADDRESS.search(joined):
        return Meaning("email", 3)
    return Meaning("status", 1) if STATUS.search(joined) else Meaning()


def is_known(heading: str) -> bool:
    """Return whether a column with this heading is read."""
    return meaning_of(heading).slot not in ("", "other", "status")


def normalize_heading(heading: str) -> str:
    """Return the letters and digits of a heading in lower case, without accents."""
    return "".join(split_words(heading))


def split_words(text: str) -> list[str]:
    """Return the words of a heading: lower case, without accents, `givenName` taken apart."""
    text = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", unicodedata.normalize("NFKC", text))
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ß", "ss"))
    return re.findall(r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c)))


def may_hold_a_name(heading: str) -> bool:
    """Return whether an unread column may hold a participant's name."""
    words = set(split_words(heading))
    names = {"name", "names", "nombre", "nom", "nome", "surname", "vorname", "prenom"}
    return bool(words & names) and not words & (OTHER_THINGS | OTHER_PEOPLE)


@cache
def _by_heading(less_certain: bool) -> dict[str, str]:
    table = LESS_CERTAIN if less_certain else HEADINGS
    return {word: slot for slot, words in table.items() for word in words.split()}


def _by_pattern(joined: str, words: list[str]) -> Meaning | None:
    """Return the meaning of a heading that is a phrase or a question."""
    if set(words) & OTHER_PEOPLE:
        return None
    if LARGE_PRINT.search(joined):
        return Meaning("print", 1)
    if PRONOUN.search(joined):
        return Meaning("pronouns", 1)
    if NEED.search(joined) and not NOT_A_NEED.search(joined):
        return Meaning("need")
    if PREFERRED.search(joined) and ("name" in joined or "call" in joined):
        return Meaning("preferred", 1)
    return None


def _by_words(words: list[str]) -> Meaning | None:
    """Return the meaning of a heading after its fillers, such as "What is your first name?"."""
    rest = [word for word in words if word not in FILLERS]
    others = set(rest) & OTHER_PEOPLE
    if others:
        more = [word for word in rest if word not in others and word != "name"]
        return Meaning("mentor", 1) if others <= MENTORS and not more else Meaning("other")
    own = [word for word in rest if word not in PERSONS]
    table = _by_heading(False)
    if "".join(own) in table:
        return Meaning(table["".join(own)], 1)
    return Meaning("name", 2) if not own and len(rest) == 1 else None
