"""Accounts: signing up, confirming an address, resetting a password, and what a profile shows."""

from collections.abc import Collection
from typing import ClassVar
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import Session, col

from app.errors import Forbidden, NotAcceptable, TooMany
from app.i18n import _
from app.models.columns import now
from app.models.person import Person, person_by_email
from app.rules import names, ranges
from app.rules.rates import Limited
from app.rules.words import N_, LinkPurpose, StakeholderGroup, SubjectKind
from app.services import (
    confirmations,
    events,
    limits,
    links,
    mail,
    notifications,
    passwords,
    sign_ins,
    tokens,
)
from app.viewer import Viewer

ENCODED_WORD = "=?"


class WrongPassword(Forbidden):
    """One sentence for a wrong password and an unknown address."""

    status: ClassVar[int] = 422
    sentence: ClassVar[str] = N_("E-mail and password do not match. Check both, or ask for a new password.")


class AccountSuspended(WrongPassword):
    """Told only to who knows the password: to anybody else the account is like one that does not exist."""

    sentence: ClassVar[str] = N_(
        "This account is suspended, so it cannot be used to sign in. What was said with it stays where it is. "
        "Write to the organisation that runs this site to ask why, or to have it work again."
    )


class AddressNotValid(NotAcceptable):
    sentence: ClassVar[str] = N_("This does not look like an e-mail address.")


def canonical(address: str) -> str:
    """One spelling for one mailbox: lower case, international domains in one form.

    An address with an encoded word in it would be read as another one by whatever sends the letter.
    """
    try:
        spelled = validate_email(address.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError as problem:
        raise AddressNotValid() from problem
    if ENCODED_WORD in spelled:
        raise AddressNotValid()
    return spelled


def sign_up(
    session: Session, viewer: Viewer, origin: str, *, email: str, name: str, password: str, locale: str,
    group: StakeholderGroup | None = None, place: str = "",
) -> None:  # fmt: skip
    """Make an account, or tell the owner of an existing one by mail; the asker cannot see which."""
    limits.spend(session, Limited.SIGN_UP, viewer.address_hash)
    address = canonical(email)
    names.require_free(name)
    person = Person(
        email=address,
        name=name,
        password_hash=passwords.hashed(password),
        locale=locale,
        group=group,
        place=place,
    )
    values = person.model_dump()
    made = session.connection().execute(
        insert(Person)
        .values(values)
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(col(Person.id))
    )
    if made.first() is None:
        tell_known(session, address, origin)
        return
    events.record(session, "person_signed_up", SubjectKind.PERSON, person.id, by=person.id)
    send_confirmation(session, person, origin)


def tell_known(session: Session, address: str, origin: str) -> None:
    """A few letters an hour at most: the asker sees no difference, and nobody's mailbox is filled this way."""
    try:
        limits.spend(session, Limited.RESET, f"known {sign_ins.hashed(address)}")
    except TooMany:
        return
    mail.queue(
        session,
        address,
        _("You have an account already"),
        _("Someone, perhaps you, tried to sign up with this address. It has an account already.\n\n"
          "Sign in: %(sign_in)s\nChoose a new password: %(reset)s\n\nIf it was not you, nothing has changed.",
          sign_in=f"{origin}/sign-in", reset=f"{origin}/reset"),
    )  # fmt: skip


def send_confirmation(session: Session, person: Person, origin: str) -> None:
    """The letter repeats nothing that was typed but the address: anybody may have typed it, to anybody."""
    token = links.issue(session, LinkPurpose.CONFIRM, person)
    mail.queue(
        session,
        person.email or "",
        _("Confirm your address"),
        _("Welcome to CoMission, %(name)s.\n\nPlease confirm that this address is yours:\n%(link)s\n\n"
          "Until then your endorsements are kept but not counted. If you did not sign up, ignore this letter.",
          name=person.email, link=f"{origin}/link/{token}"),
    )  # fmt: skip


def confirm_again(session: Session, viewer: Viewer, origin: str) -> None:
    """Send the letter once more; as limited as a reset, since it goes to a mailbox too."""
    person = viewer.person
    if person is not None and person.email_confirmed_at is None:
        limits.spend(session, Limited.RESET, sign_ins.hashed(person.email or ""))
        send_confirmation(session, person, origin)


def ask_reset(session: Session, viewer: Viewer, origin: str, email: str) -> None:
    """Mail a link to choose a new password, if the address has an account."""
    limits.spend(session, Limited.RESET_ADDRESS, viewer.address_hash)
    address = canonical(email)
    limits.spend(session, Limited.RESET, sign_ins.hashed(address))
    person = person_by_email(session, address)
    if person is None or person.suspended_at is not None:
        return
    token = links.issue(session, LinkPurpose.RESET, person)
    mail.queue(
        session,
        address,
        _("Choose a new password"),
        _("Open this link to choose a new password. It works once, for two hours:\n%(link)s\n\n"
          "If you did not ask for it, ignore this letter: your password stays as it is.",
          link=f"{origin}/link/{token}"),
    )  # fmt: skip


def sign_in(session: Session, viewer: Viewer, email: str, password: str) -> tuple[Person, str]:
    """Check a password and start a session; answers the person and the cookie's value."""
    limits.spend(session, Limited.SIGN_IN_ADDRESS, viewer.address_hash)
    limits.spend(session, Limited.SIGN_IN_ACCOUNT, sign_ins.hashed(email.strip().lower()))
    person = person_by_email(session, email)
    right = passwords.matches(password, person.password_hash if person else None)
    if person is None or not right:
        raise WrongPassword()
    if person.suspended_at is not None:
        raise AccountSuspended()
    if viewer.session_id is not None:
        sign_ins.end(session, viewer.session_id)
    return person, sign_ins.begin(session, person)


def confirm(session: Session, person: Person, *, release: bool = True) -> None:
    """The address is theirs: what they endorsed and submitted counts from now on, unless it may be somebody else's."""
    if person.email_confirmed_at is not None:
        return
    person.email_confirmed_at = now()
    session.add(person)
    endorsed = ranges.written(confirmations.release(session, person) if release else [])
    events.record(
        session, "address_confirmed", SubjectKind.PERSON, person.id, by=person.id, endorsed=endorsed
    )


def confirm_by_link(session: Session, viewer: Viewer, token: str, password: str) -> Person:
    """Only who knows the account's password, or is signed in to it, can confirm it.

    Otherwise someone could sign up with another's address and wait for that other to open the link.
    """
    _link, person = links.peek(session, token)
    if viewer.id != person.id:
        limits.spend(session, Limited.SIGN_IN_ACCOUNT, sign_ins.hashed(person.email or ""))
        if not passwords.matches(password, person.password_hash):
            raise WrongPassword()
    links.redeem(session, token)
    confirm(session, person)
    return person


def choose_password(session: Session, token: str, password: str, name: str = "") -> Person:
    """Reset or accept an invitation: the link proves the address, so it is confirmed as well.

    What was written before under a password that nobody proved to be theirs is not published by this: whoever signed
    up with another's address would speak in that other's name. It waits for a moderator; its author can withdraw it.
    """
    link, person = links.redeem(session, token)
    is_whose = person.email_confirmed_at is None and bool(person.password_hash)
    if link.purpose is LinkPurpose.INVITE and name:
        names.require_free(name)
        person.name = name
    set_password(session, person, password)
    confirm(session, person, release=not is_whose)
    return person


def set_password(session: Session, person: Person, password: str, keep: UUID | None = None) -> None:
    """Every other browser signs in anew, and every link mailed before and every program's token stops working."""
    person.password_hash = passwords.hashed(password)
    session.add(person)
    sign_ins.end_all(session, person.id, keep=keep)
    links.withdraw(session, person.id)
    tokens.revoke_all(session, person.id)
    events.record(session, "password_changed", SubjectKind.PERSON, person.id, by=person.id)


def change_password(session: Session, person: Person, old: str, new: str, keep: UUID | None) -> None:
    limits.spend(session, Limited.SIGN_IN_ACCOUNT, sign_ins.hashed(person.email or ""))
    if not passwords.matches(old, person.password_hash):
        raise WrongPassword()
    set_password(session, person, new, keep)


def edit_profile(
    session: Session, person: Person, *, name: str, locale: str, group: StakeholderGroup | None, place: str
) -> None:
    if name != person.name:
        names.require_free(name)
    person.name, person.locale, person.group, person.place = name, locale, group, place
    session.add(person)
    events.record(session, "profile_changed", SubjectKind.PERSON, person.id, by=person.id)


def choose_mails(session: Session, person: Person, wanted: Collection[str]) -> None:
    """Keep which kinds of letters somebody does without; everything is still told on their page."""
    session.refresh(person, with_for_update=True)
    person.declined_mails = sorted({*notifications.DECLINABLE.values()} - set(wanted))
    session.add(person)
    events.record(session, "mails_chosen", SubjectKind.PERSON, person.id, by=person.id)
