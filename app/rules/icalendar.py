"""Calendars that other programs subscribe to: the part of RFC 5545 that whole days need, written out.

References
----------
B. Desruisseaux (editor), "Internet Calendaring and Scheduling Core Object Specification", RFC 5545, 2009:
sections 3.1 (folding), 3.3.11 (escaping), 3.4 and 3.6.1 (calendar and event).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE_OCTETS = 75
ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True)
class Entry:
    """One whole day: `key` stays the same while what it tells changes."""

    key: str
    day: date
    title: str
    text: str = ""
    url: str = ""
    is_over: bool = False


def written(name: str, entries: Iterable[Entry], at: datetime) -> str:
    """The calendar as a file; the same entries at the same instant give the same file."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//CoMission//Calendar//EN", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT12H",
    ]  # fmt: skip
    for entry in sorted(entries, key=lambda each: (each.day, each.key)):
        lines += event(entry, at)
    return "".join(f"{folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def event(entry: Entry, at: datetime) -> list[str]:
    """A whole day ends where the next begins (section 3.6.1), and blocks nobody's time."""
    lines = [
        "BEGIN:VEVENT",
        f"UID:{escaped(entry.key)}",
        f"DTSTAMP:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
        f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(entry.title)}",
    ]
    if entry.text:
        lines.append(f"DESCRIPTION:{escaped(entry.text)}")
    if entry.url:
        lines.append(f"URL:{entry.url}")
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def escaped(text: str) -> str:
    """Text as a value: control characters that no line may hold become spaces."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(ESCAPED.get(sign, " " if ord(sign) < 32 or ord(sign) == 127 else sign) for sign in plain)


def folded(line: str) -> str:
    """Lines of 75 octets at most, none of which cuts a character in two."""
    parts: list[str] = []
    part, size = "", 0
    for sign in line:
        octets = len(sign.encode())
        if size + octets > LINE_OCTETS:
            parts.append(part)
            part, size = " ", 1
        part, size = part + sign, size + octets
    return "\r\n".join([*parts, part])
