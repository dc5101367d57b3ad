"""Calendars as files: lines that programs can read, whatever the words."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as some

from app.rules import icalendar
from app.rules.icalendar import Entry
from tests.rules.many import many

AT = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WORDS = some.text(some.characters(blacklist_categories=("Cs",)), max_size=300)


def test_a_day_becomes_an_event_of_that_whole_day() -> None:
    entry = Entry(
        "check-1@example.org", date(2026, 12, 31), "Due; now, or never", "One\nTwo", "https://example.org/c"
    )

    lines = icalendar.written("Solar", [entry], AT).split("\r\n")

    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20261231" in lines
    assert "DTEND;VALUE=DATE:20270101" in lines
    assert "DTSTAMP:20261122T120000Z" in lines
    assert "SUMMARY:Due\\; now\\, or never" in lines
    assert "DESCRIPTION:One\\nTwo" in lines
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1


def test_events_stand_in_the_order_of_their_days() -> None:
    entries = [
        Entry(key, day, key)
        for key, day in (("b", date(2027, 1, 1)), ("c", date(2026, 1, 1)), ("a", date(2027, 1, 1)))
    ]

    lines = icalendar.written("Solar", entries, AT).split("\r\n")

    assert [line for line in lines if line.startswith("UID:")] == ["UID:c", "UID:a", "UID:b"]


@given(WORDS, WORDS)
@many()
def test_words_come_back_from_the_file_as_they_were(title: str, text: str) -> None:
    """Unfolded and unescaped as RFC 5545 says; no line is too long, and none begins a property of its own."""
    file = icalendar.written("Solar", [Entry("key", date(2026, 1, 1), title, text)], AT)

    physical = file.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in physical)
    logical = file.replace("\r\n ", "").split("\r\n")
    (summary,) = [line for line in logical if line.startswith("SUMMARY:")]
    assert unescaped(summary.removeprefix("SUMMARY:")) == cleaned(title)
    told = [line for line in logical if line.startswith("DESCRIPTION:")]
    assert [unescaped(each.removeprefix("DESCRIPTION:")) for each in told] == (
        [cleaned(text)] if text else []
    )


def cleaned(words: str) -> str:
    ends = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(" " if sign != "\n" and (ord(sign) < 32 or ord(sign) == 127) else sign for sign in ends)


def unescaped(words: str) -> str:
    found, signs = [], iter(words)
    for sign in signs:
        if sign == "\\":
            after = next(signs)
            found.append("\n" if after == "n" else after)
        else:
            found.append(sign)
    return "".join(found)
