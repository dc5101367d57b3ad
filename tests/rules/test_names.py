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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Regional Agency", "regional  agency", id="case and spaces"),
        pytest.param("Regional Agency", "Rеgiоnal Agency", id="Cyrillic letters"),
        pytest.param("Minería Alta", "Mineria Alta", id="an accent"),
        pytest.param("Minería Alta", "Mineri\u0301a Alta", id="another way to write it"),
        pytest.param("Acme Ltd.", "ＡＣＭＥ Ltd", id="wide letters and signs"),
        pytest.param("Modern Solar", "Modem Solar", id="letters that run together"),
        pytest.param("Comisión 10", "Comisión IO", id="figures that are letters at a glance"),
        pytest.param("Straße", "STRASSE", id="folded"),
        pytest.param("Sun\u200b Desert", "Sun Desert", id="a sign nobody sees"),
    ],
)
def test_names_that_look_alike_have_one_key(one, other):
    assert names.key(one) == names.key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("School 5", "School S"),
        ("School 3", "School 8"),
        ("環境省", "経済省"),
        ("!!", "??"),
        ("Norte", "Norte 2"),
    ],
)
def test_names_that_differ_at_a_glance_have_two_keys(one, other):
    assert names.key(one) != names.key(other)
