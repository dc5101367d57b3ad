"""Languages: which one a request speaks, and how words, numbers and dates are written in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import UnknownLocaleError, negotiate_locale
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent, get_currency_precision
from babel.support import NullTranslations, Translations
from markupsafe import Markup

from app.rules.labels import label
from app.rules.words import N_ as N_

LOCALES = ("en", "es")
DOMAIN_DIR = Path(__file__).parent.parent / "locales"

_locale: ContextVar[str] = ContextVar("locale", default="en")


@cache
def catalogue(locale: str) -> NullTranslations:
    """The compiled words of one language; without a compiled file the English source shows through."""
    return Translations.load(DOMAIN_DIR, [locale])


def activate(locale: str) -> None:
    _locale.set(locale if locale in LOCALES else "en")


def current() -> str:
    return _locale.get()


@contextmanager
def speaking(locale: str) -> Iterator[None]:
    """Speak another person's language for a moment: a letter is in its reader's, not its sender's."""
    before = _locale.set(locale if locale in LOCALES else "en")
    try:
        yield
    finally:
        _locale.reset(before)


def negotiate(chosen: str | None, accepted: str) -> str:
    """The person's own choice, else the first language of the browser that we speak, else English."""
    if chosen in LOCALES:
        return str(chosen)
    wanted = [part.split(";")[0].strip().replace("-", "_") for part in accepted.split(",") if part.strip()]
    return negotiate_locale(wanted, LOCALES) or "en"


def _(text: str, **facts: Any) -> str:
    """Translate now, filling in facts."""
    said = str(catalogue(current()).gettext(text)) if text else ""
    return said % facts if facts else said


@cache
def _safe(locale: str, text: str) -> Markup:
    return Markup(catalogue(locale).gettext(text) if text else "")  # noqa: S704 - our own words, never a person's


def safe(text: str) -> Markup:
    """The translation as a template uses it: kept, since a page says the same words again and again."""
    return _safe(_locale.get(), text)


def ngettext_safe(one: str, many: str, count: int, /, **facts: Any) -> Markup:
    """One or many, for templates: %(num)s and %(n)s are the number, whatever is filled in is escaped."""
    words = Markup(catalogue(current()).ngettext(one, many, count))  # noqa: S704 - our own words
    return words % {"n": number(count), "num": number(count), **facts}


def ngettext(one: str, many: str, count: int, /, **facts: Any) -> str:
    said = str(catalogue(current()).ngettext(one, many, count))
    return said % {"n": number(count), "num": number(count), **facts}


def direction() -> str:
    return str(Locale.parse(current()).text_direction)


def language_name(code: str | None) -> str:
    """The name of a language in the reader's own; an unknown code is shown as it is."""
    if not code:
        return ""
    try:
        return str(Locale.parse(code).get_display_name(current()) or code)
    except (ValueError, LookupError, UnknownLocaleError):
        return code


def word(value: StrEnum) -> str:
    """The reader's word for a value of one of our enums; `rules.labels` holds the English ones."""
    return _(label(value))


def number(value: float | Decimal, places: int | None = None) -> str:
    return written_number(value, places, current())


@lru_cache(maxsize=4096)
def written_number(value: float | Decimal, places: int | None, locale: str) -> str:
    """A page of a list writes the same few numbers and days many times, and writing one is slow."""
    pattern = None if places is None else "#,##0." + "0" * places if places else "#,##0"
    return str(format_decimal(value, format=pattern, locale=locale))


def money(amount: Decimal, currency: str = "", *, even: bool = False) -> str:
    """To the cent; a whole sum has no cents, unless it stands `even` under others of a currency that has them."""
    has_cents = amount % 1 != 0 or (even and int(get_currency_precision(currency or "XXX")) > 0)
    written = number(amount, 2 if has_cents else 0)
    return f"{written}\u00a0{currency}" if currency and not even else written


def roughly(value: float | Decimal) -> str:
    """What was reckoned and not counted: four digits, and every digit before the point."""
    before = len(str(abs(int(value)))) if abs(Decimal(value)) >= 1 else 0
    return number(round(Decimal(value), max(0, min(3, 4 - before))).normalize() + 0)


def percent(share: float) -> str:
    return str(format_percent(share, locale=current()))


def day(value: date | datetime, zone: str = "UTC") -> str:
    if isinstance(value, datetime):
        value = value.astimezone(ZoneInfo(zone)).date()
    return written_day(value, current())


@lru_cache(maxsize=4096)
def written_day(value: date, locale: str) -> str:
    return str(format_date(value, "d MMMM y" if locale == "en" else "long", locale=locale))


def moment(value: datetime, zone: str = "UTC") -> str:
    """Date and time to the minute with its zone named: for deadlines and for what was recorded."""
    local = value.astimezone(ZoneInfo(zone))
    pattern = "d MMMM y, HH:mm" if current() == "en" else "d 'de' MMMM 'de' y, HH:mm"
    zone_name = f"UTC{local:%z}"[:6] if local.utcoffset() else "UTC"
    return f"{format_datetime(local, pattern, locale=current())} ({zone_name})"


def ago(value: datetime, now: datetime | None = None) -> str:
    """How far away an instant is, in words: "5 days ago", "in 3 hours"."""
    now = now or datetime.now(UTC)
    return str(format_timedelta(value - now, add_direction=True, locale=current()))
