"""What the panel said of an application, as its applicants read it; who reviews a blind call is not named."""

from dataclasses import replace

from sqlmodel import Session

from app.i18n import _, word
from app.models.application import Application
from app.models.offer import Offer
from app.models.seat import seat_names
from app.services import panel_reviews, panel_show
from app.services.panel_show import Judged, Said


def of_application(
    session: Session, application: Application, offer: Offer
) -> tuple[list[Judged], list[Said]]:
    """Each criterion with the marks that count, and what was said of the whole; nothing before the reviews open."""
    standing = panel_reviews.standing(session, offer, [application])[application.id]
    if not standing.is_open:
        return [], []
    counted = tuple(sorted(standing.counted, key=lambda each: each.id))
    seats = [each.seat_id for each in counted]
    names = {seat: _("Reviewer %(number)s", number=number) for number, seat in enumerate(seats, 1)}
    if not offer.is_blind:
        names |= seat_names(session, set(seats))
    return panel_show.judgement(application, offer, replace(standing, asked=counted), names)


def paragraphs(judged: list[Judged], overall: list[Said]) -> list[str]:
    """The same for a letter, in the language that is spoken now."""
    told = []
    for each in judged:
        lines = [
            f"{said.by.name}: {word(said.grade) if said.grade else '–'}. {said.note}" for said in each.said
        ]
        told.append("\n".join([each.marked.title, *lines]))
    return [*told, *(f"{said.by.name}: {said.note}" for said in overall)]
