"""The letters of the field font, and the byte that encodes each.

A simple font has 256 codes. Windows-1252 comes first, since every viewer knows it; the letters of
Polish, Czech, Slovak, Hungarian, Croatian and Turkish take the bytes that it leaves free, and those
of ten signs that nobody types into a worksheet. What people type beyond these is kept as they typed
it; the viewer picks a font for it.
"""

from __future__ import annotations

# PDF/UA-1 (7.21.6) wants names of the Adobe Glyph List alone; so Romanian Ț is not among these.
# fmt: off
MORE = {
    "Ą": "Aogonek", "ą": "aogonek", "Ć": "Cacute", "ć": "cacute", "Ę": "Eogonek",
    "ę": "eogonek", "Ł": "Lslash", "ł": "lslash", "Ń": "Nacute", "ń": "nacute", "Ś": "Sacute",
    "ś": "sacute", "Ź": "Zacute", "ź": "zacute", "Ż": "Zdotaccent", "ż": "zdotaccent",
    "Č": "Ccaron", "č": "ccaron", "Ď": "Dcaron", "ď": "dcaron", "Ě": "Ecaron", "ě": "ecaron",
    "Ň": "Ncaron", "ň": "ncaron", "Ř": "Rcaron", "ř": "rcaron", "Ť": "Tcaron", "ť": "tcaron",
    "Ů": "Uring", "ů": "uring", "Ľ": "Lcaron", "ľ": "lcaron", "Ő": "Ohungarumlaut",
    "ő": "ohungarumlaut", "Ű": "Uhungarumlaut", "ű": "uhungarumlaut", "Ğ": "Gbreve",
    "ğ": "gbreve", "İ": "Idotaccent", "ı": "dotlessi", "Ş": "Scedilla", "ş": "scedilla",
    "Đ": "Dcroat", "đ": "dcroat",
}
# fmt: on
UNUSED = (*range(0x01, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D)
GIVEN_UP = tuple("¤¦¨¬\xad¯´¶¸¹".encode("cp1252"))


def _encoding() -> dict[int, str]:
    places = {
        byte: bytes([byte]).decode("cp1252") for byte in range(0x20, 0x100) if byte not in UNUSED
    }
    places |= dict(zip(UNUSED + GIVEN_UP, MORE, strict=True))
    return dict(sorted(places.items()))


ENCODING = _encoding()


def differences() -> list[int | str]:
    """Return where ENCODING differs from Windows-1252: a byte, then the names from there on."""
    found: list[int | str] = []
    last = -1
    for byte, letter in ENCODING.items():
        if letter in MORE:
            found += ["/" + MORE[letter]] if byte == last + 1 else [byte, "/" + MORE[letter]]
            last = byte
    return found


def to_unicode() -> bytes:
    """Return the CMap that turns the font's bytes back into letters."""
    pairs = [f"<{byte:02x}> <{ord(letter):04x}>" for byte, letter in ENCODING.items()]
    chunks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
    body = "\n".join(
        f"{len(chunk)} beginbfchar\n" + "\n".join(chunk) + "\nendbfchar" for chunk in chunks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /MKForm-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<00> <ff>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode("ascii")
