"""What search knows of events and statements: record in, `Findable` out; no query.

Public columns are named one by one; rows were loaded by `for_search()`, and a record behind
another one counts only while it is public. What a source printed, and codes, find a record but
are not shown among its words.
"""

from network.search import called_elsewhere, in_a_line, names_of, pair
from wpssite.base.moments import Precision
from wpssite.base.publishing import public
from wpssite.base.searching import Findable
from wpssite.base.text import plain_text


def event_findable(event) -> Findable:
    shows, topics = event.appearances.all(), event.topics.all()
    took_part = [row for row in [*event.participations.all(), *shows] if public(row.organisation)]
    exact = event.starts_precision in {Precision.YEAR, Precision.MONTH}
    return Findable(
        title=event.title,
        names=[event.printed_title],
        summary=event.summary,
        body=[
            in_a_line(event.room, event.venue, event.city, *names_of(event.country)),
            plain_text(event.description),
            *(appearance_line(row) for row in shows),
            *(row.title for row in event.segments.all()),
            *(row.text for row in event.context.all()),
            event.public_note,
        ],
        found_by=[
            str(event.get_kind_display()),
            *filter(
                None, (event.occasion and event.occasion.name, event.series and event.series.name)
            ),
            *(name for row in took_part for name in (row.organisation.name, row.name_then or "")),
            *called_elsewhere(event.country, *(row.organisation for row in took_part)),
            *(row.printed_as for row in event.participations.all()),
            *(row.printed_name for row in shows),
            *(text for row in event.context.all() for text in recalled(row)),
            *(row.title for row in event.attachments.all()),
            *names_of(*topics),
            event.un_record,
            event.un_press_release,
        ],
        language=event.language,
        day=event.starts_on,
        precision=event.starts_precision if exact else Precision.DAY,
        year=event.starts_on.year,
        members=[pair(row.organisation) for row in took_part],
        topics=[pair(topic) for topic in topics],
        languages=[event.language],
    )


def appearance_line(row) -> str:
    """Return who took part, in which role, for whom, and what is told of it."""
    name = row.name_then or row.organisation.name if public(row.organisation) else ""
    others = names_of(row.delivered_by, row.represents, row.remark_about)
    return in_a_line(row.who, row.role_printed, name, *others, row.remark, row.public_note)


def recalled(row) -> list[str]:
    """Return the names of the public records that an event's background names."""
    symbols = [row.resolution.symbol] if public(row.resolution) else []
    titles = [row.plan.title] if public(row.plan) else []
    return symbols + titles + names_of(row.organisation)


def statement_findable(statement) -> Findable:
    parties = [row for row in statement.parties.all() if public(row.organisation)]
    event, texts, topics = public(statement.event), statement.texts.all(), statement.topics.all()
    readers = names_of(statement.delivered_by, statement.represents)
    joined = [row.name_then or row.organisation.name for row in parties]
    cited = [row for document in statement.documents.all() for row in document.symbols.all()]
    return Findable(
        title=statement.title,
        summary=statement.summary,
        body=[
            in_a_line(statement.who, statement.role_printed, *joined),
            *(row.text for row in statement.points.all()),
            *(plain_text(row.body) for row in texts),
            event.title if event else statement.occasion_text,
            statement.public_note,
        ],
        found_by=[
            str(statement.get_kind_display()),
            *readers,
            statement.printed_name,
            *(text for row in parties for text in (row.organisation.name, row.printed_as)),
            *called_elsewhere(*(row.organisation for row in parties)),
            *(row.symbol for row in [*statement.resolutions.all(), *cited]),
            *names_of(*topics),
        ],
        day=statement.date,
        year=statement.date.year,
        members=[pair(row.organisation) for row in parties],
        topics=[pair(topic) for topic in topics],
        languages=[statement.language, *(row.language for row in texts)],
    )
