"""Sessions of requests: readers without a transaction, snapshots where asked for, records that stay."""

import gc

import pytest
from fastapi import FastAPI
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, func, text
from sqlmodel import Session, select
from starlette.requests import Request

from app.db import one_snapshot, session_of
from app.models.call import Call
from tests.counting import statements
from tests.factories import make_call


def asked(app: FastAPI, method: str, endpoint: object = None) -> Session:
    return session_of(Request({"type": "http", "method": method, "app": app, "endpoint": endpoint}))


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_readers_open_no_transaction(app: FastAPI, method: str) -> None:
    with asked(app, method) as session:
        session.connection().execute(text("SELECT 1"))
        assert status(session) is TransactionStatus.IDLE


def test_a_reader_marked_so_sees_one_instant(app: FastAPI, db: Session) -> None:
    @one_snapshot
    def endpoint() -> None:
        """Some route."""

    count = select(func.count()).select_from(Call)
    with asked(app, "GET", endpoint) as snapshot, asked(app, "GET") as reader:
        before = snapshot.exec(count).one(), reader.exec(count).one()
        make_call(db)
        db.commit()
        after = snapshot.exec(count).one(), reader.exec(count).one()

    assert before == (0, 0)
    assert after == (0, 1)


def test_an_act_is_a_transaction(app: FastAPI) -> None:
    with asked(app, "POST") as session:
        session.connection().execute(text("SELECT 1"))
        assert status(session) is TransactionStatus.INTRANS


def status(session: Session) -> TransactionStatus:
    driver = session.connection().connection.driver_connection
    assert driver is not None
    return TransactionStatus(driver.info.transaction_status)


def test_a_connection_of_a_reader_goes_back_as_it_was(app: FastAPI, clean: Engine) -> None:
    with asked(app, "GET") as session:
        session.connection()

    with clean.connect() as connection:
        assert connection.get_isolation_level() == "READ COMMITTED"


def test_a_record_is_read_once_a_request_even_when_nobody_holds_it(
    app: FastAPI, db: Session, clean: Engine
) -> None:
    key = make_call(db).id
    db.commit()

    with asked(app, "GET") as session, statements(clean) as sent:
        for _time in range(3):
            session.get_one(Call, key)
            gc.collect()

    assert len(sent) == 1
