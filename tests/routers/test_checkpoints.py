"""Checkpoints and keys as anyone reads them."""

from sqlmodel import Session

from app.models.signature import latest_checkpoint
from app.rules import notes
from app.services import signatures, signing_keys
from app.settings import Settings
from tests.client import Browser
from tests.services.test_signatures import counted, relink, rewrite, sign


def test_before_the_first_signature_the_pages_say_so(visitor: Browser) -> None:
    assert visitor.get("/events/checkpoint").status_code == 404
    assert "No checkpoint yet" in visitor.open("/events/checkpoints").text
    assert "No key yet" in visitor.open("/events/keys").text
    assert visitor.get("/events/keys.txt").text == ""


def test_anyone_takes_a_checkpoint_and_the_keys_and_checks_one_with_the_other(
    visitor: Browser, db: Session, settings: Settings
) -> None:
    counted(db)
    sign(db, settings)
    db.commit()

    note = visitor.get("/events/checkpoint").text
    listed = visitor.get("/events/keys.txt").text

    line = next(each for each in listed.split("\n") if each.startswith("key "))
    assert notes.read(note).signed_by([notes.read_key(line.removeprefix("key "))])
    latest = latest_checkpoint(db)
    assert latest
    assert note == latest.note == visitor.get(f"/events/checkpoints/{latest.size}").text
    assert visitor.get(f"/events/checkpoints/{latest.size + 1}").status_code == 404
    assert f"/events/checkpoints/{latest.size}" in visitor.open("/events/checkpoints").links
    assert signing_keys.signer(settings).public.text in visitor.open("/events/keys").text
    assert "The platform began to sign with a new key" in visitor.open("/events").text


def test_a_kept_checkpoint_is_compared_on_the_page(visitor: Browser, db: Session, settings: Settings) -> None:
    counted(db)
    sign(db, settings)
    db.commit()
    note = visitor.get("/events/checkpoint").text

    page = visitor.fill_in("/events/verification", {"checkpoint": note.replace("\n", "\r\n")})
    assert "The log agrees with it" in page.text
    assert "a valid signature of this platform" in page.text

    stranger = notes.sign(notes.read(note).text, signing_keys.fresh(settings))
    page = visitor.fill_in("/events/verification", {"checkpoint": stranger})
    assert "The log agrees with it" in page.text
    assert "not signed with any key of this platform" in page.text

    for wrong in ("nonsense", note.replace("— ", "- "), note[:-10]):
        answer = visitor.fill_in("/events/verification", {"checkpoint": wrong})
        assert "This is not a signed note" in answer.text
        assert wrong.split("\n")[0] in answer.text

    rewrite(db, "UPDATE event SET facts = facts || '{\"outcome\": \"lost\"}' WHERE kind = 'decision_counted'")
    relink(db)
    db.commit()
    assert (
        "The log does not agree with it" in visitor.fill_in("/events/verification", {"checkpoint": note}).text
    )
    assert not signatures.compare(db, note).holds
