"""Mail: queued in the act's own transaction, sent by a loop over SMTP, or kept as files where no server is set."""

import logging
import smtplib
import sys
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from app.models.columns import now
from app.models.outgoing_mail import OutgoingMail
from app.settings import Settings

log = logging.getLogger(__name__)
AT_ONCE = 20
ATTEMPTS = 5


def queue(session: Session, to_address: str, subject: str, body: str, html: str = "") -> OutgoingMail:
    """Ask for a message to one address; it leaves only if the caller's transaction commits."""
    message = OutgoingMail(
        to_address=to_address, subject=" ".join(subject.split())[:200], body=body, html=html
    )
    session.add(message)
    return message


def send_due(session: Session, settings: Settings, limit: int = AT_ONCE) -> int:
    """Send what waits; a failed message is tried again, five times at most, and its error kept."""
    query = (
        select(OutgoingMail)
        .where(col(OutgoingMail.sent_at).is_(None), col(OutgoingMail.attempts) < ATTEMPTS, is_due())
        .order_by(col(OutgoingMail.created_at))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    sent = 0
    for waiting in session.exec(query).all():
        waiting.attempts += 1
        try:
            deliver(compose(waiting, settings), settings, waiting)
        except (OSError, smtplib.SMTPException, MessageError, ValueError) as problem:
            waiting.error = type(problem).__name__
            log.warning("mail_not_sent", extra={"mail": str(waiting.id), "error": waiting.error})
            continue
        # The body may hold a single-use link: nobody who reads the table later should find it.
        waiting.sent_at, waiting.body, waiting.html, waiting.error = now(), "", "", ""
        sent += 1
    return sent


def is_due() -> ColumnElement[bool]:
    """Tries come at once, then 1, 8, 27 and 64 minutes later: a mail server may be away for an hour."""
    attempts = col(OutgoingMail.attempts)
    waited = func.make_interval(0, 0, 0, 0, 0, attempts * attempts * attempts)
    return col(OutgoingMail.created_at) <= func.now() - waited


def compose(waiting: OutgoingMail, settings: Settings) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = waiting.to_address
    message["Subject"] = waiting.subject
    message["Message-ID"] = f"<{waiting.id}@{urlsplit(settings.origin).hostname}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(waiting.body)
    if waiting.html:
        message.add_alternative(waiting.html, subtype="html")
    return message


def deliver(message: EmailMessage, settings: Settings, waiting: OutgoingMail) -> None:
    if settings.smtp_url:
        send_by_smtp(message, settings.smtp_url)
        return
    folder = Path(settings.var_dir) / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{waiting.created_at:%Y%m%d-%H%M%S}-{waiting.id.hex[:8]}.eml"
    path.write_bytes(bytes(message))
    path.chmod(0o600)
    if settings.environment == "development":
        # The console is where a developer looks for the link; the log never names an address.
        sys.stderr.write(f"Mail to {waiting.to_address}: {path}\n")


def send_by_smtp(message: EmailMessage, url: str) -> None:
    """`smtp://user:password@host:port` upgrades to TLS where offered; `smtps://` speaks TLS from the start."""
    parts = urlsplit(url)
    host = parts.hostname or "localhost"
    kind = smtplib.SMTP_SSL if parts.scheme == "smtps" else smtplib.SMTP
    with kind(host, parts.port or (465 if parts.scheme == "smtps" else 25), timeout=20) as server:
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        server.send_message(message)
