"""Tables: CSV in a brief becomes the data of a chart.

Knows separators, numbers and what stands in which column; knows nothing about lines or shots.
"""

import csv
import io
import re
from collections.abc import Sequence

from ...tools.media import Frozen
from ...tools.video import Datum, Round

SEPARATORS = (",", ";", "\t", "|")
MOST_ROWS = 400
"""Rows that are looked at: a chart shows two dozen."""
_REMARK = re.compile(r"^\s*#\s*(?:(title|source|unit)\s*:)?\s*(.+?)\s*$", re.I)
_NUMBER = re.compile(r"^[-−+]?\d[\d.,'’  ]*$|^[-−+]?[.,]\d+$")
_MARKS = re.compile(r"^(?P<prefix>[$€£¥]?)\s*(?P<number>.*?)\s*(?P<suffix>%|[$€£¥])?$")
_MOMENT = re.compile(
    r"^(?:\d{4}(?:[-/ ]?(?:Q[1-4]|\d{1,2})(?:[-/]\d{1,2})?)?|Q[1-4](?: \d{4})?|\d{1,2}[./]\d{1,2}[./]\d{2,4}"
    r"|(?:day|week|month|year|tag|woche|monat|jahr) \d+"
    r"|(?:jan|feb|mar|mär|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|mon|tue|wed|thu|fri|sat|sun)[a-zä]*\.?"
    r"(?: \d{2,4})?)$",
    re.I,
)
_PLAIN_NAMES = {"value", "values", "number", "count", "amount", "wert", "anzahl", "zahl", ""}
"""Column names that say nothing about what is counted."""


class Table(Frozen):
    """Values by name, moment by moment where there are several; `data` is how they stand at last."""

    data: tuple[Datum, ...]
    rounds: tuple[Round, ...] = ()
    ordered: bool = False
    """The names of `data` are moments that follow each other."""
    title: str = ""
    unit: str = ""
    source: str = ""

    @property
    def whole(self) -> bool:
        """Whether the values are parts of a hundred."""
        percent = all(datum.written.endswith("%") for datum in self.data)
        return percent and 99 <= sum(datum.value for datum in self.data) <= 101


def table(text: str, title: str = "") -> Table:
    r"""The table in a CSV; ValueError says what is wrong with it.

    >>> table("# source: FAO\ncountry;tonnes\nChina;461,9\nTurkey;118").data[0].value
    461.9
    """
    told, rows = _rows(text)
    head, body = _headed(rows)
    columns = [[row[at] if at < len(row) else "" for row in body] for at in range(len(head))]
    comma = _decimal_comma(columns)
    numeric = [at for at in range(1, len(head)) if _is_numeric(columns[at], comma)]
    if not body or not numeric:
        raise ValueError("it has no column of numbers behind a column of names")
    found = _tidy(head, columns, numeric, comma) or _wide(head, columns, numeric, comma)
    return found.model_copy(
        update={
            "title": told.get("title") or title or found.title,
            "unit": told.get("unit") or found.unit,
            "source": told.get("source", ""),
        }
    )


def _rows(text: str) -> tuple[dict[str, str], list[list[str]]]:
    """What the remarks say, and the cells of all rows that hold any."""
    told: dict[str, str] = {}
    lines = []
    for line in text.lstrip("\ufeff").splitlines():
        remark = _REMARK.match(line)
        if remark:
            told.setdefault((remark[1] or "title").lower(), remark[2])
        elif line.strip():
            lines.append(line)
    separator = max(SEPARATORS, key=lambda mark: (min((line.count(mark) for line in lines[:20]), default=0) > 0,
                                                  sum(line.count(mark) for line in lines[:20])))  # fmt: skip
    if not any(separator in line for line in lines):
        raise ValueError("its columns have no commas, semicolons or tabs between them")
    try:
        rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=separator, skipinitialspace=True))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    return told, [[cell.strip() for cell in row] for row in rows[: MOST_ROWS + 1] if any(cell.strip() for cell in row)]


def _headed(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """The names of the columns, empty where the first row holds values already, and the rows below."""
    if not rows or len(rows[0]) < 2:
        raise ValueError("it needs a column of names and one of numbers")
    first = rows[0]
    values = any(_NUMBER.match(_bare(cell)) and not _MOMENT.match(cell) for cell in first[1:])
    return ([""] * len(first), rows) if values else (first, rows[1:])


def _bare(cell: str) -> str:
    found = _MARKS.match(cell)
    return found["number"] if found else cell


def _decimal_comma(columns: Sequence[Sequence[str]]) -> bool:
    cells = [_bare(cell) for column in columns[1:] for cell in column]
    return any(re.search(r"\d,\d{1,2}$|\d,\d{4,}$", cell) for cell in cells) and not any(
        re.search(r"\.\d{1,2}$", cell) for cell in cells
    )


def _is_numeric(column: Sequence[str], comma: bool) -> bool:
    filled = [cell for cell in column if cell]
    return bool(filled) and all(_value(cell, comma) is not None for cell in filled)


def _value(cell: str, comma: bool) -> float | None:
    digits = re.sub(r"['’  ]", "", _bare(cell)).replace("−", "-")
    if not _NUMBER.match(digits):
        return None
    digits = digits.replace(".", "").replace(",", ".") if comma else digits.replace(",", "")
    try:
        return float(digits)
    except ValueError:
        return None


def _datum(name: str, cell: str, comma: bool) -> Datum:
    value, marks = _value(cell, comma) or 0.0, _MARKS.match(cell)
    prefix, suffix = (marks["prefix"], marks["suffix"] or "") if marks else ("", "")
    plain = f"{value:,.4f}".rstrip("0").rstrip(".")
    return Datum(label=name, value=value, written=f"{prefix}{plain}{suffix}" if prefix or suffix else "")


def _tidy(head: list[str], columns: list[list[str]], numeric: list[int], comma: bool) -> Table | None:
    """One row for each moment and name, `2020, China, 462`: turned so that names are columns."""
    words = [at for at in range(len(head)) if at not in numeric or _moments(columns[at])]
    times = [at for at in words if _moments(columns[at]) and len(set(columns[at])) < len(columns[at])]
    names = [at for at in words if at not in times and len(set(columns[at])) < len(columns[at])]
    values = [at for at in numeric if at not in times]
    if not times or not names or not values:
        return None
    cells = {
        (moment, name): cell
        for moment, name, cell in zip(columns[times[0]], columns[names[0]], columns[values[0]], strict=True)
    }
    moments, who = tuple(dict.fromkeys(columns[times[0]])), tuple(dict.fromkeys(columns[names[0]]))
    grid = [[cells.get((moment, name), "0") for name in who] for moment in moments]
    return _racing(who, moments, grid, comma, head[values[0]])


def _wide(head: list[str], columns: list[list[str]], numeric: list[int], comma: bool) -> Table:
    names = columns[0]
    if len(numeric) > 1 and _moments([head[at] for at in numeric]):
        grid = [[columns[at][row] or "0" for row in range(len(names))] for at in numeric]
        return _racing(names, [head[at] for at in numeric], grid, comma, "")
    if len(numeric) > 1 and _moments(names):
        grid = [[columns[at][row] or "0" for at in numeric] for row in range(len(names))]
        return _racing([head[at] for at in numeric], names, grid, comma, "")
    column, name = columns[numeric[0]], head[numeric[0]]
    data = tuple(_datum(label, cell, comma) for label, cell in zip(names, column, strict=True) if label and cell)
    if len(data) < 2:
        raise ValueError("it has fewer than two rows with a name and a number")
    return Table(data=data, ordered=_moments(names), unit=_unit(name))


def _racing(names: Sequence[str], moments: Sequence[str], grid: list[list[str]], comma: bool, column: str) -> Table:
    rounds = tuple(
        Round(name=moment, values=tuple(_value(cell, comma) or 0.0 for cell in row))
        for moment, row in zip(moments, grid, strict=True)
    )
    data = tuple(_datum(name, cell, comma) for name, cell in zip(names, grid[-1], strict=True))
    return Table(data=data, rounds=rounds, unit=_unit(column))


def _moments(names: Sequence[str]) -> bool:
    return len(names) > 1 and all(_MOMENT.match(name) for name in names)


def _unit(column: str) -> str:
    return "" if column.lower() in _PLAIN_NAMES or _MOMENT.match(column) else column
