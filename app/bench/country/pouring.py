"""Rows into their table in one stream, with the defaults that the model would have given them."""

import json
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from itertools import chain
from typing import Any

from sqlalchemy import Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Session, SQLModel

Row = Mapping[str, Any]


def pour(session: Session, model: type[SQLModel], rows: Iterable[Row]) -> int:
    """Stream rows that all name the same columns; answers how many there were."""
    rows = iter(rows)
    first = next(rows, None)
    if first is None:
        return 0
    table = model.__table__  # type: ignore[attr-defined]
    columns = [each for each in table.columns if each.name in first or each.default is not None]
    makers = [maker(each) for each in columns]
    names = ", ".join(f'"{each.name}"' for each in columns)
    many = 0
    with session.connection().connection.cursor().copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copy:
        for row in chain((first,), rows):
            copy.write_row([make(row) for make in makers])
            many += 1
    return many


def maker(column: Column[Any]) -> Callable[[Row], Any]:
    """How the value of one column is read from a row, or made where the row has none."""
    name, written = column.name, as_json if isinstance(column.type, JSONB) else plain
    default: Any = column.default
    if default is None:
        return lambda row: written(row[name])
    if default.is_callable:
        return lambda row: written(row[name] if name in row else default.arg(None))
    return lambda row: written(row.get(name, default.arg))


def plain(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
