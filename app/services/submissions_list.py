"""The list of voices of a call: what was asked for, one page of it, and what it can be narrowed by."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import UUID

from sqlmodel import Session

from app.conditions.asking import call_phase
from app.models import submission_lists
from app.models.call import Call
from app.models.submission_lists import SHUFFLE_SPAN, Asked, Filters, Order, Page, Sort
from app.rules import finding, phases
from app.rules.disclosure import PUBLIC_STATES
from app.rules.phases import Act
from app.rules.words import StakeholderGroup, SubmissionKind, SubmissionState
from app.services import counts, endorsements, search
from app.services.drafts import one_of
from app.viewer import Viewer

# A query is read in each language that may be meant, and each costs a little.
MOST_LANGUAGES = 6


@dataclass(frozen=True)
class Wanted:
    """What a reader asks of the list; built from an address in which anything may stand."""

    typed: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.NEWEST
    cursor: str = ""

    @property
    def has_filters(self) -> bool:
        return self.filters != Filters()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.typed) or self.has_filters

    def query(self, **changes: str) -> str:
        """The same list as the tail of an address, with changes."""
        filters = self.filters
        parts = {
            "q": self.typed,
            "group": filters.group or "",
            "place": filters.place,
            "state": filters.state or "",
            "language": filters.language,
            "kind": filters.kind or "",
            "sort": "" if self.sort is Sort.NEWEST else self.sort.value,
            **changes,
        }
        return urlencode({name: str(value) for name, value in parts.items() if value})


@dataclass(frozen=True)
class Listing:
    """One page with all that the list's template reads."""

    wanted: Wanted
    page: Page
    total: int
    found: int
    found_is_all: bool
    places: tuple[str, ...]
    languages: tuple[str, ...]
    endorsed: set[UUID]
    is_open: bool
    states: tuple[SubmissionState, ...] = tuple(each for each in SubmissionState if each in PUBLIC_STATES)


def wanted_from(given: Mapping[str, str]) -> Wanted:
    """Read an address: known words only, everything else is as if it were not there."""
    state = one_of(SubmissionState, given.get("state"))
    filters = Filters(
        group=one_of(StakeholderGroup, given.get("group")),
        kind=one_of(SubmissionKind, given.get("kind")),
        state=state if state in PUBLIC_STATES else None,
        language=plain(given.get("language"), 8),
        place=plain(given.get("place"), 120),
    )
    return Wanted(
        plain(given.get("q"), finding.LONGEST_QUERY),
        filters,
        one_of(Sort, given.get("sort")) or Sort.NEWEST,
        given.get("page", ""),
    )


def plain(raw: str | None, longest: int) -> str:
    """A value from an address, without what the database cannot compare."""
    return "".join(each for each in (raw or "")[:longest] if each.isprintable()).strip()


def page(session: Session, call: Call, viewer: Viewer, wanted: Wanted) -> Listing:
    """One page of voices; the statements it takes do not depend on how many voices there are."""
    used = counts.used(session, call.id, "language")
    spoken = (wanted.filters.language, *call.languages, *used)[:MOST_LANGUAGES]
    condition = search.matches(wanted.typed, spoken) if wanted.typed else None
    nothing = bool(wanted.typed) and condition is None
    ordered = Order(wanted.sort, starting_point(viewer))
    shown = Page([])
    if not nothing:
        shown = submission_lists.page(
            session, Asked(call.id, ordered, wanted.filters, condition), wanted.cursor
        )
    total = counts.public_total(session, call.id)
    found, is_all = total, True
    if wanted.is_narrowed:
        found, is_all = (
            (0, True)
            if nothing
            else counts.found_total(session, call.id, wanted.filters, wanted.typed, condition)
        )
    return Listing(
        wanted,
        shown,
        total,
        found,
        is_all,
        tuple(call.places or counts.used(session, call.id, "place")),
        tuple(used),
        endorsements.endorsed_among(session, [voice.id for voice in shown.voices], viewer.id),
        phases.allows(Act.ENDORSE, call_phase(call)),
    )


def starting_point(viewer: Viewer) -> int:
    """Where this visitor's random order begins: always the same for them, another for the next."""
    return int(viewer.visitor_hash[:12] or "0", 16) % SHUFFLE_SPAN


def newest(session: Session, call: Call, viewer: Viewer) -> Listing:
    """The first page as the call's own page shows it."""
    return page(session, call, viewer, Wanted())
