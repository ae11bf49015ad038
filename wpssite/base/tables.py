"""Tables as files that open safely in a spreadsheet."""

import csv

from django.http import HttpResponse

# What a spreadsheet runs as a formula; the wide forms do so in Chinese and Japanese ones.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(value) -> str:
    """Return a cell's text, with an apostrophe before what a spreadsheet would run as a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_it_was(text: str) -> str:
    """Return what `harmless` was given: the apostrophe before a formula is taken away again."""
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def csv_response(filename: str, columns: list[str], rows) -> HttpResponse:
    """Return a CSV file (RFC 4180, UTF-8 with a byte order mark, so that Excel reads accents).

    rows: dictionaries with the keys `columns`; other keys are not written.
    """
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    writer = csv.writer(response)
    writer.writerow(columns)
    writer.writerows([harmless(row[column]) for column in columns] for row in rows)
    return response
