"""How a search is spelled (fact sheet §3.3): no single spelling is accepted by every firmware.

The one a device accepts is remembered, and so is the word it reads the position by.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

PAGE_ROWS = 40
"""What every client of the vendor asks for; devices cap at 64 whatever is asked."""
FORM_KEY = "search_form"
POSITION_KEY = "position_word"
MISSPELLED, SPELLED_RIGHT = "searchResultPostion", "searchResultPosition"

_METADATA = "<metadataList><metadataDescriptor>//recordType.meta.std-cgi.com</metadataDescriptor></metadataList>"


@dataclass(frozen=True, slots=True)
class Form:
    attributes: str = ""
    tracks: str = "trackIDList"
    identifier: str = "{}"
    metadata: str = _METADATA
    position: str = MISSPELLED


FORMS = {
    "A": Form(),
    "B": Form(tracks="trackList"),
    "C": Form(attributes=' version="1.0"', tracks="trackList", identifier="{{{}}}", metadata=""),
    "D": Form(attributes=' version="2.0" xmlns="http://www.isapi.org/ver20/XMLSchema"'),
    "D2": Form(attributes=' version="2.0" xmlns="http://www.hikvision.com/ver20/XMLSchema"'),
    "E": Form(position=SPELLED_RIGHT),
}


@dataclass(frozen=True, slots=True)
class Search:
    """What is asked, in the device's digits. `position_word`: to try another one than the device is known to read."""

    track: str
    search_id: str
    starts: str
    ends: str
    position: int
    position_word: str = ""


def ladder(memory: dict[str, str]) -> Iterator[tuple[str, Form]]:
    """The forms by name, the one the device is known to accept first."""
    known = memory.get(FORM_KEY, "")
    word = memory.get(POSITION_KEY, "")
    for key in sorted(FORMS, key=lambda form: form != known):
        yield key, replace(FORMS[key], position=word) if word in (MISSPELLED, SPELLED_RIGHT) else FORMS[key]


def body(form: Form, search: Search) -> str:
    position = search.position_word or form.position
    return (
        f"<CMSearchDescription{form.attributes}>"
        f"<searchID>{form.identifier.format(search.search_id)}</searchID>"
        f"<{form.tracks}><trackID>{_escaped(search.track)}</trackID></{form.tracks}>"
        f"<timeSpanList><timeSpan><startTime>{search.starts}</startTime>"
        f"<endTime>{search.ends}</endTime></timeSpan></timeSpanList>"
        f"<maxResults>{PAGE_ROWS}</maxResults>"
        f"<{position}>{search.position}</{position}>"
        f"{form.metadata}</CMSearchDescription>"
    )


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
