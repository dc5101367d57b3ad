"""An application through its pages: begun, written with a teammate, submitted once, withdrawn; and its files."""

import io
import json
from datetime import timedelta

import pytest
from PIL import Image
from sqlmodel import Session, select

from app.models.application import Application, teammate_of
from app.models.attachment import Attachment
from app.models.columns import now
from app.rules import applications as rules
from app.rules.words import ApplicationState
from app.services import applications_team, lessons
from tests.applied import CRITERIA, FORM, LINES, Offered, form, make_applicant, make_offered, write
from tests.client import Browser
from tests.people import make_admin, make_person
from tests.services.contracted import make_contract

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n%%EOF\n"


@pytest.fixture
def offered(db: Session) -> Offered:
    offered = make_offered(db, eligibility=[{"kind": "own_share", "least": "20"}])
    db.commit()
    return offered


def begun(visitor: Browser, db: Session, offered: Offered) -> Application:
    visitor.sign_in(db, offered.lead)
    visitor.fill_in(f"/calls/{offered.call.id}/applications")
    return db.exec(select(Application)).one()


def sent(application: Application, **changes: str) -> dict[str, object]:
    """The form as a browser sends it, with its lines."""
    names = ("what", "amount", "source")
    lines = {name: [line[name] for line in LINES] for name in names}
    return {**FORM, **lines, "version": str(application.version), **changes}


def test_an_organisation_applies_from_the_first_word_to_the_receipt(
    visitor: Browser, db: Session, offered: Offered
) -> None:
    application = begun(visitor, db, offered)
    base = f"/applications/{application.id}"
    page = visitor.open(f"{base}/edit")
    assert all(each["question"] in page.main.text for each in CRITERIA)
    assert "Say how much you ask for" in page.main.text

    visitor.read(visitor.fill_in(f"{base}/edit", sent(application)))
    db.expire_all()
    page = visitor.open(f"{base}/submission")
    assert "What public money pays for" in page.main.text
    page = visitor.hand_in(page.form("/submission"), {"terms": str(offered.terms.id)})  # type: ignore[union-attr]

    db.expire_all()
    assert application.state is ApplicationState.SUBMITTED
    assert application.receipt in page.main.text
    file = visitor.get(f"{base}/receipt")
    told = json.loads(file.text)
    # Its number would tell before the deadline how many were begun before it.
    assert f'"receipt-{application.id}.json"' in file.headers["content-disposition"]
    assert rules.receipt(told["content"], told["salt"]) == application.receipt
    listed = visitor.open("/me/applications")
    assert FORM["title"] in listed.main.text


def test_without_the_terms_nothing_is_submitted(visitor: Browser, db: Session, offered: Offered) -> None:
    application = begun(visitor, db, offered)
    visitor.fill_in(f"/applications/{application.id}/edit", sent(application))

    db.expire_all()
    answer = visitor.fill_in(f"/applications/{application.id}/submission", {"version": application.version})
    page = visitor.read(answer, 409)

    assert "accept them" in page.main.text
    db.expire_all()
    assert application.state is ApplicationState.DRAFT


def test_what_is_still_to_do_is_told_while_typing(visitor: Browser, db: Session, offered: Offered) -> None:
    application = begun(visitor, db, offered)
    own = [*LINES[:2], {"what": "Our own work", "amount": "1000", "source": "own"}]
    fields = {**sent(application, title=""), "amount": [line["amount"] for line in own]}

    answer = visitor.fill_in(f"/applications/{application.id}/draft", fields, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    for told in ("Please write something here.", "bear at least 20", "It adds up.", "Saved at"):
        assert told in answer.text
    assert f'id="to-do-{application.id}"' in answer.text


def test_two_windows_are_brought_together_on_one_page(
    visitor: Browser, db: Session, offered: Offered
) -> None:
    application = begun(visitor, db, offered)
    write(db, application, offered.lead, form())
    seen = application.version
    write(db, application, offered.lead, form(route="from the other window"))
    db.commit()

    page = visitor.read(visitor.fill_in(
        f"/applications/{application.id}/edit", sent(application, route="from this one", version=str(seen))
    ), 409)  # fmt: skip

    assert "from the other window" in page.main.text
    assert page.form("/edit").fields["route"] == "from this one"


def test_a_teammate_joins_writes_and_cannot_submit(visitor: Browser, db: Session, offered: Offered) -> None:
    application = begun(visitor, db, offered)
    base = f"/applications/{application.id}"
    mate = make_person(db, "Maria", password_hash="x")
    db.commit()
    page = visitor.open(base)
    page = visitor.hand_in(page.form("/team"), {"email": mate.email})
    assert "maria@example.org" in page.main.text

    visitor.sign_in(db, mate)
    page = visitor.open(base)
    assert "Join the team" in page.main.text
    page = visitor.hand_in(page.form("/joining"))
    assert "Maria" in page.main.text
    visitor.read(visitor.fill_in(f"{base}/edit", sent(application, title="Maria was here")))

    assert "Maria was here" in visitor.open(base).main.text
    assert visitor.get(f"{base}/submission").status_code == 403
    assert visitor.fill_in(f"{base}/team", {"email": "x@example.org"}).status_code == 403


def test_somebody_elses_application_does_not_exist(visitor: Browser, db: Session, offered: Offered) -> None:
    application = begun(visitor, db, offered)
    _firm, rival = make_applicant(db, "Rival Works")
    db.commit()
    base = f"/applications/{application.id}"

    for person in (rival, offered.carol):
        visitor.sign_in(db, person)
        for path in (base, f"{base}/edit", f"{base}/submission", f"{base}/receipt", f"{base}/withdrawal"):
            assert visitor.get(path).status_code == 404, path
        for path in ("edit", "draft", "submission", "withdrawal", "removal", "team", "files", "organisation"):
            assert visitor.fill_in(f"{base}/{path}").status_code == 404, path


def test_the_agency_reads_it_after_the_deadline_and_cannot_write(
    visitor: Browser, db: Session, offered: Offered
) -> None:
    application = offered.submitted()
    db.commit()
    base = f"/applications/{application.id}"
    visitor.sign_in(db, offered.carol)
    assert visitor.get(base).status_code == 404

    offered.call.closes_at = now() - timedelta(minutes=5)
    db.commit()

    page = visitor.open(base)
    assert FORM["summary"] in page.main.text
    assert f'action="{base}/team"' not in page.text
    assert application.receipt not in page.main.text
    assert visitor.get(f"{base}/edit").status_code == 403
    assert visitor.get(f"{base}/receipt").status_code == 403


def test_it_is_withdrawn_on_its_page(visitor: Browser, db: Session, offered: Offered) -> None:
    application = offered.submitted()
    db.commit()
    visitor.sign_in(db, offered.lead)
    base = f"/applications/{application.id}"

    page = visitor.hand_in(visitor.open(f"{base}/withdrawal").form("/withdrawal"))

    assert "Withdrawn" in page.main.text
    assert "cannot be withdrawn" in visitor.open(f"{base}/withdrawal").main.text


def test_after_the_deadline_a_draft_can_be_read_and_deleted(
    visitor: Browser, db: Session, offered: Offered
) -> None:
    application = offered.written()
    offered.call.closes_at = now() - timedelta(minutes=5)
    db.commit()
    visitor.sign_in(db, offered.lead)
    base = f"/applications/{application.id}"

    assert "the deadline passed" in visitor.open(base).main.text
    assert visitor.fill_in(f"{base}/edit", sent(application)).status_code == 409
    answer = visitor.fill_in(f"{base}/submission", {"version": application.version})
    assert answer.status_code == 409
    assert "The deadline was" in answer.text
    page = visitor.hand_in(visitor.open(base).form("/removal"))
    assert "No application yet" in page.main.text


def upload(visitor: Browser, application: Application, name: str, content: bytes, status: int = 200) -> str:
    token = visitor.token()
    answer = visitor.post(
        f"/applications/{application.id}/files", data={"csrf_token": token}, files={"file": (name, content)}
    )
    assert answer.status_code == status, answer.text[:500]
    return answer.text


def test_a_file_is_handed_out_to_be_saved_and_never_shown(
    visitor: Browser, db: Session, offered: Offered
) -> None:
    application = begun(visitor, db, offered)
    upload(visitor, application, "../Plan für alle.exe", PDF)
    found = db.exec(select(Attachment)).one()

    answer = visitor.get(f"/files/{application.id}/{found.id}", headers={"Range": "bytes=0-3"})

    assert answer.status_code == 200
    assert answer.content == PDF
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-type"] == "application/pdf"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "no-store" in answer.headers["cache-control"]


def test_the_address_of_a_file_is_not_enough(visitor: Browser, db: Session, offered: Offered) -> None:
    application = begun(visitor, db, offered)
    upload(visitor, application, "plan.pdf", PDF)
    found = db.exec(select(Attachment)).one()
    mate = make_person(db, "Maria", password_hash="x")
    applications_team.invite(db, application, mate.email or "", offered.lead, "")
    other = make_offered(db).begun()
    db.commit()
    path = f"/files/{application.id}/{found.id}"

    for person in (offered.carol, mate, make_applicant(db, "Rival Works")[1]):
        visitor.sign_in(db, person)
        assert visitor.get(path).status_code == 404
    visitor.cookies.clear()
    assert visitor.get(path).status_code == 404
    visitor.sign_in(db, offered.lead)
    assert visitor.get(f"/files/{other.id}/{found.id}").status_code == 404
    assert visitor.get(path).status_code == 200
    assert teammate_of(db, application.id, mate.id) is not None


def test_a_file_of_another_kind_or_too_large_is_refused_beside_its_field(
    visitor: Browser, db: Session, offered: Offered
) -> None:
    application = begun(visitor, db, offered)

    assert "Only PDF, PNG, JPEG" in upload(visitor, application, "plan.pdf", b"<svg onload=x>", 422)
    assert "at most 10 megabytes" in upload(visitor, application, "plan.pdf", PDF + b" " * 10_000_001, 413)
    assert upload(visitor, application, "plan.pdf", PDF + b" " * 13_000_000, 413)
    assert db.exec(select(Attachment)).all() == []


def test_a_picture_comes_back_without_its_place(visitor: Browser, db: Session, offered: Offered) -> None:
    image = Image.new("RGB", (8, 8))
    exif = image.getexif()
    exif[0x010E] = "Iquique 20.2 S"
    given = io.BytesIO()
    image.save(given, "JPEG", exif=exif)
    application = begun(visitor, db, offered)
    upload(visitor, application, "photo.jpg", given.getvalue())
    found = db.exec(select(Attachment)).one()

    assert b"Iquique" not in visitor.get(f"/files/{application.id}/{found.id}").content


def test_words_of_an_application_are_text_wherever_they_stand(
    visitor: Browser, db: Session, offered: Offered
) -> None:
    hostile = '<script>alert(1)</script> {{7*7}} \u202e "><img src=x onerror=alert(1)>'
    application = begun(visitor, db, offered)
    write(db, application, offered.lead, form(
        lines=[{"what": hostile[:100], "amount": "90000", "source": "call"}], title=hostile, summary=hostile,
        **{"answer-use": hostile},
    ))  # fmt: skip
    db.commit()

    for path in ("", "/edit", "/submission"):
        page = visitor.get(f"/applications/{application.id}{path}")
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert "\u202e" not in page.text


def test_pages_hold_with_nothing_written(visitor: Browser, db: Session, offered: Offered) -> None:
    application = begun(visitor, db, offered)

    paths = [f"/applications/{application.id}{path}" for path in ("", "/edit", "/submission", "/withdrawal")]
    pages = [visitor.open(path) for path in (*paths, f"/calls/{offered.call.id}/seeds", "/me/applications")]

    assert [page.faults() for page in pages] == [[] for _page in pages]


def test_who_speaks_for_nobody_names_the_organisation_on_the_page(
    visitor: Browser, db: Session, offered: Offered
) -> None:
    founder = make_person(db, "Founder")
    application = offered.begun(founder)
    db.commit()
    visitor.sign_in(db, founder)
    page = visitor.open(f"/applications/{application.id}")
    fields = {"name": "Founders of light", "group": "private", "place": "Iquique"}

    page = visitor.hand_in(page.form("/organisation"), {**fields, "name": offered.firm.name}, status=409)
    page = visitor.hand_in(page.form("/organisation"), fields)

    assert "Founders of light" in page.main.text
    assert "You named Founders of light yourself" in visitor.open("/me/profile").main.text
    visitor.sign_in(db, make_admin(db))
    named = visitor.open(f"/staff/people/{founder.id}")
    assert "Named Founders of light themselves" in named.main.text
    named = visitor.hand_in(named.form("/organisation"), {})
    assert "Can speak for Founders of light" in named.main.text


def test_words_that_somebody_wrote_over_are_found_again(
    visitor: Browser, db: Session, offered: Offered
) -> None:
    application = begun(visitor, db, offered)
    base = f"/applications/{application.id}"
    visitor.fill_in(f"{base}/edit", sent(application, title="The first title"))
    db.expire_all()
    first = application.version
    visitor.fill_in(f"{base}/edit", sent(application, title="The second title"))

    page = visitor.open(f"{base}/versions?number={first}")

    assert "The first title" in page.main.text
    assert offered.lead.name in page.main.text
    for odd in ("x", "0", "999999", "-1", "1" * 30):
        assert "The first title" not in visitor.open(f"{base}/versions?number={odd}").main.text


def test_a_team_marks_the_lesson_it_uses_and_keeps_what_it_typed(
    visitor: Browser, db: Session, offered: Offered
) -> None:
    """DOMAIN 34: the lesson of a stopped project stands beside a similar draft, and its count rises."""
    contract = make_contract(db)
    words = "Shared batteries failed in villages where nobody had the key at night."
    lesson = lessons.add(db, contract.project, words, contract.lead.id)
    db.commit()
    application = begun(visitor, db, offered)
    base = f"/applications/{application.id}/edit"
    visitor.read(visitor.fill_in(base, sent(application)))
    db.expire_all()
    page = visitor.open(base)
    assert words in page.main.text
    assert "no draft uses it yet" in page.main.text

    page = visitor.read(
        visitor.fill_in(base, sent(application, title="Light, and a key", uses=str(lesson.id)))
    )

    assert "used by 1 draft" in page.main.text
    db.expire_all()
    assert application.title == "Light, and a key"
    assert "used by 1 draft" in visitor.open(f"/lessons/{lesson.id}").main.text
    page = visitor.read(visitor.fill_in(base, sent(application, uses_no_more=str(lesson.id))))
    assert "no draft uses it yet" in page.main.text
    assert visitor.fill_in(base, sent(application, uses="none such")).status_code == 404
