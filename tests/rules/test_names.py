import pytest

from app.rules import names
from app.rules.names import NameReserved


@pytest.mark.parametrize(
    "name",
    [
        "admin", "Admin", "ADMIN", " a d m i n ", "\u0430dmin", "\u0430dm\u0456n", "adm1n", "Àdmín", "ａｄｍｉｎ",
        "aDrnin",
        "CoMission", "CoMission Team", "C0Mission", "Co-Mission", "comisión", "The Administrator", "Administradora",
        "Site Admin", "moderator", "Moderador", "m0derat0r", "root", "Official", "Oficial", "Soporte", "Secretaría",
        "anonymous", "Anónimo", "webmaster",
    ],
)  # fmt: skip
def test_nobody_takes_the_name_of_an_office(name):
    assert names.is_reserved(name)
    with pytest.raises(NameReserved):
        names.require_free(name)


@pytest.mark.parametrize(
    "name",
    [
        "Ana Pérez", "Adam Minsky", "Rosario Comes", "María Misión", "Rootham", "Jo Stafford", "Li", "李娜", "محمد",
        "Дмитрий", "Systema Ltd", "Club Deportivo Calama", "Supporters of the river", "Chairman Mao", "Oficina Solar",
    ],
)  # fmt: skip
def test_people_and_organisations_keep_their_names(name):
    assert not names.is_reserved(name)
    names.require_free(name)


def test_a_name_of_signs_alone_is_not_mistaken_for_anything():
    assert not names.is_reserved("…")
    assert not names.is_reserved("")
