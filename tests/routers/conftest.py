"""Who asks the questions of these pages."""

import pytest
from sqlmodel import Session

from app.models.organisation import Organisation
from tests.people import make_organisation


@pytest.fixture
def agency(db: Session) -> Organisation:
    return make_organisation(db)
