"""Tables from files: CSV and XLSX read into text, or a sentence that says what is wrong."""

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

MAX_BYTES = 5 * 2**20
MAX_UNPACKED = 30 * 2**20  # of an XLSX, which is a ZIP archive
MAX_ROWS = 10_000
MAX_LINES = 100_000  # empty ones counted: a cell far below the others must not cost a walk there
MAX_COLUMNS = 100
SEPARATORS = ",;\t"  # A comma, or what Excel writes where a comma is for decimals, or a tab.
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass
class Sheet:
    """A table of text. lines: the number of each row in the file, as a spreadsheet counts."""

    headers: list[str]
    rows: list[list[str]]
    lines: list[int]


def read_sheet(data: bytes) -> Sheet:
    """Return the table in a file, by what it holds and not by what it is called.

    Raises ValidationError with a sentence for the editor when there is no such table.
    """
    if len(data) > MAX_BYTES:
        raise ValidationError(_("The file is larger than %s.") % filesizeformat(MAX_BYTES))
    if not data.strip():
        raise ValidationError(_("The file is empty."))
    lines = xlsx_lines(data) if data.startswith(b"PK") else csv_lines(decoded(data))
    return gathered(lines)


def gathered(lines) -> Sheet:
    """Return the sheet that `lines` (number, cells) make; the first that is not empty names it."""
    sheet = None
    for number, cells in lines:
        if not any(cells):
            continue
        if sheet is None:
            sheet = Sheet(column_names(cells), [], [])
            continue
        width = len(sheet.headers)
        if any(cells[width:]):
            raise ValidationError(
                _("Line %(line)d has more cells than the %(width)d columns of the first line.")
                % {"line": number, "width": width}
            )
        if len(sheet.rows) == MAX_ROWS:
            raise ValidationError(_("The file has more than %d rows; please split it.") % MAX_ROWS)
        sheet.rows.append([*cells[:width], *[""] * (width - len(cells))])
        sheet.lines.append(number)
    if sheet is None or not sheet.rows:
        raise ValidationError(_("The file has no rows below the names of the columns."))
    return sheet


def column_names(cells: list[str]) -> list[str]:
    """Return the names of the columns; empty ones at the end are none."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    twice = sorted({name for name in cells if name and cells.count(name) > 1})
    if twice:
        raise ValidationError(_("These columns stand there twice: %s.") % ", ".join(twice))
    if "" in cells:
        raise ValidationError(_("Column %d has no name.") % (cells.index("") + 1))
    return cells


def decoded(data: bytes) -> str:
    """Return the text of a CSV file, which must be UTF-8, with or without a byte order mark."""
    if data.startswith(UTF_16) or b"\0" in data[:2000]:
        raise ValidationError(
            _("The file is not UTF-8 text. Save the table as “CSV UTF-8” or as XLSX.")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValidationError(
            _("The file is not UTF-8 throughout: line %d. Save it as “CSV UTF-8” or as XLSX.")
            % (data[: error.start].count(b"\n") + 1)
        ) from error
    if "\0" in text:
        raise ValidationError(_("The file is not text. Save the table as “CSV UTF-8” or XLSX."))
    return text


def csv_lines(text: str):
    """Yield (number, cells) for each row of a CSV file."""
    first = text.lstrip().partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=max(SEPARATORS, key=first.count), strict=True
    )
    try:
        for number, cells in enumerate(reader, 1):
            if number > MAX_LINES:
                raise ValidationError(_("The file has more than %d lines.") % MAX_LINES)
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise ValidationError(
            _("Line %d cannot be read: look for a quotation mark that is not closed.")
            % reader.line_num
        ) from error


def xlsx_lines(data: bytes):
    """Yield (number, cells) for each row of the sheet that was on top when an XLSX was saved."""
    refuse_what_unpacks_too_large(data)
    import openpyxl  # Slow to load, and needed for this alone.

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        top = book.active
        top.reset_dimensions()
        rows = top.iter_rows(values_only=True, max_row=MAX_LINES, max_col=MAX_COLUMNS)
        for number, cells in enumerate(rows, 1):
            yield number, [cell_text(cell) for cell in cells]
    except ValidationError:
        raise
    except Exception as error:  # A broken file breaks openpyxl in countless ways.
        raise ValidationError(unreadable()) from error


def refuse_what_unpacks_too_large(data: bytes):
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise ValidationError(unreadable()) from error
    if size > MAX_UNPACKED:
        raise ValidationError(_("The file unpacks to more than %s.") % filesizeformat(MAX_UNPACKED))


def unreadable() -> str:
    return _("This is no table that can be read. Save it as XLSX or as “CSV UTF-8”.")


def cell_text(value) -> str:
    """Return the cell of a spreadsheet as it would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time.min else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
