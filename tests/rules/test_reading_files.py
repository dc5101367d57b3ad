"""Files of readings: good lines, bad lines with their numbers, and files that are no table."""

from datetime import date
from decimal import Decimal

import pytest

from app.rules import reading_files
from app.rules.reading_files import BadLine, ColumnsMissing, Line, NotATextFile

GOOD = b"day,value,low,high,source\n2026-01-31,12.5,11,14,Survey\n\n2026-02-28,13,,,Survey\n"


def test_lines_are_read_with_their_ranges() -> None:
    good, bad = reading_files.lines(GOOD)

    assert bad == []
    assert good == [
        Line(2, date(2026, 1, 31), Decimal("12.5"), Decimal(11), Decimal(14), "Survey"),
        Line(4, date(2026, 2, 28), Decimal(13), None, None, "Survey"),
    ]


def test_spanish_names_semicolons_and_forecasts_are_read() -> None:
    good, _bad = reading_files.lines(
        "Fecha;Valor;Mínimo;Máximo;Fuente;Pronóstico;Indicador\n2030-01-01;5;4;6;Modelo;sí;Costo\n".encode()
    )

    assert good == [
        Line(2, date(2030, 1, 1), Decimal(5), Decimal(4), Decimal(6), "Modelo", "Costo", is_forecast=True)
    ]


def test_what_a_number_rests_on_is_one_line_that_hides_nothing() -> None:
    good, _bad = reading_files.lines(
        'day,value,source\n2026-01-31,1,"Sur\u202evey\nof\u0007 homes"\n'.encode()
    )

    assert [each.source for each in good] == ["Survey of homes"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("31/01/2026,1,,,Survey", "no day"),
        ("2026-01-31,1 000,,,Survey", "no number"),
        ("2026-01-31,NaN,,,Survey", "no number"),
        ("2026-01-31,1e99,,,Survey", "no number"),
        ("2026-01-31,,,,Survey", "value is missing"),
        ("2026-01-31,1,,,", "where the number comes from"),
    ],
)
def test_a_wrong_line_is_told_with_its_number(line: str, words: str) -> None:
    _good, bad = reading_files.lines(f"day,value,low,high,source\n{line}\n".encode())

    assert [(each.line, words in each.problem.english) for each in bad] == [(2, True)]
    assert isinstance(bad[0], BadLine)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"a,b\n1,2\n", ColumnsMissing),
        (b"PK\x03\x04\x00", NotATextFile),
        (b"day,value,source\n\xff\n", NotATextFile),
    ],
)
def test_what_is_no_table_of_readings_is_refused(content: bytes, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        reading_files.lines(content)
