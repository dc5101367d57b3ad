"""Letters reach the one address they are written to, and one that cannot be sent holds up no other."""

import pytest
from sqlmodel import Session, select

from app.models.outgoing_mail import OutgoingMail
from app.services import mail
from app.services.accounts import AddressNotValid, canonical
from app.settings import Settings
from tests.client import Browser


@pytest.mark.parametrize(
    "address",
    [
        "=?utf-8?q?victim=40elsewhere.org=2c?=@example.org",
        "=?utf-8?b?yqpcy2m6igv2awxaec5vcmc=?=@example.org",
        "=?utf-8?q?=00?=@example.org",
        "a=?iso-8859-1?q?b?=@example.org",
    ],
)
def test_an_address_that_a_mail_program_reads_as_another_is_none(address: str) -> None:
    with pytest.raises(AddressNotValid):
        canonical(address)


def test_one_letter_that_cannot_be_written_holds_up_no_other(session: Session, settings: Settings) -> None:
    broken = mail.queue(session, "=?utf-8?b?yqpcy2m6igv2awxaec5vcmc=?=@example.org", "Hello", "Hello.")
    good = mail.queue(session, "ada@example.org", "Hello", "Hello.")
    session.flush()

    mail.send_due(session, settings)

    assert good.sent_at is not None
    assert (broken.sent_at, broken.attempts) == (None, 1)


def test_nobody_has_us_write_their_advertisement_to_others(visitor: Browser, db: Session) -> None:
    name = "You won: www.elsewhere.example"
    visitor.fill_in(
        "/sign-up",
        {"email": "ada@example.org", "name": name, "password": "a long enough phrase"},
        seen_on="/sign-up",
    )

    letter = db.exec(select(OutgoingMail)).one()

    assert "elsewhere" not in letter.subject + letter.body
