"""What search knows of the records of the network: record in, `Findable` out; no query.

Public columns are named one by one; rows were loaded by `for_search()`, and a record behind
another one counts only while it is public.
"""

from wpssite.base.countries import names_in_other_languages
from wpssite.base.publishing import public
from wpssite.base.searching import Findable


def tags(text: str) -> list[str]:
    """Return the language tags in “en, fr”."""
    return [tag.strip() for tag in text.split(",") if tag.strip()]


def pair(record) -> tuple[str, str]:
    return record.slug, record.name


def names_of(*records) -> list[str]:
    """Return the names of those records that are public."""
    return [record.name for record in records if public(record)]


def called_elsewhere(*states) -> list[str]:
    """Return the names of those states that are public in the other languages of the site."""
    codes = dict.fromkeys(state.iso_alpha2 for state in states if public(state))
    return [name for code in codes for name in names_in_other_languages(code)]


def in_a_line(*parts) -> str:
    return ", ".join(str(part) for part in parts if part)


def organisation_findable(organisation) -> Findable:
    return Findable(
        title=organisation.name,
        names=[
            organisation.abbreviation,
            *names_in_other_languages(organisation.iso_alpha2),
            *(name.text for name in organisation.names.all()),
        ],
        summary=organisation.summary,
        found_by=[
            str(organisation.get_kind_display()),
            *names_of(organisation.parent),
            organisation.iso_alpha2,
            organisation.iso_alpha3,
            str(organisation.get_un_group_display()),
            organisation.region,
            organisation.subregion,
        ],
        members=[pair(organisation)],
    )


def person_findable(person) -> Findable:
    held = person.appointments.all()
    return Findable(
        title=person.name,
        names=[name.text for name in person.names.all()],
        summary=person.summary,
        body=[in_a_line(row.role, *names_of(row.organisation)) for row in held],
        found_by=[
            *(person.honorific, person.family_name, person.given_name),
            *called_elsewhere(*(row.organisation for row in held)),
        ],
        members=[pair(row.organisation) for row in held if public(row.organisation)],
    )


def plan_findable(plan) -> Findable:
    return Findable(
        title=str(plan) if public(plan.owner) else plan.title,
        names=[plan.title],
        summary=in_a_line(*names_of(plan.owner), plan.get_kind_display(), plan.years_text),
        body=[plan.public_note, plan.instrument],
        found_by=called_elsewhere(plan.owner),
        year=plan.start_year,
        members=[pair(plan.owner)] if public(plan.owner) else [],
        languages=tags(plan.languages),
    )


def resolution_findable(resolution) -> Findable:
    topics = [topic for topic in resolution.topics.all() if public(topic)]
    return Findable(
        title=resolution.symbol,
        names=[text % resolution.number for text in ("%d", "resolution %d") if resolution.number],
        summary=resolution.subject,
        body=[resolution.public_note],
        found_by=[resolution.meeting_symbol, *names_of(*topics)],
        day=resolution.decided_on,
        year=resolution.decided_on.year,
        topics=[pair(topic) for topic in topics],
    )


def topic_findable(topic) -> Findable:
    return Findable(
        title=topic.name,
        names=topic.printed_as.split(";"),
        summary=topic.definition,
        found_by=names_of(topic.broader),
        topics=[pair(topic)],
    )


def document_findable(document) -> Findable:
    day = document.circulated_on or document.letter_on or document.text_on
    signed = [row.organisation for row in document.signatories.all() if public(row.organisation)]
    return Findable(
        title=document.title,
        names=[row.symbol for row in document.symbols.all()],
        summary=in_a_line(document.organ, document.agenda_item),
        found_by=[document.job_number, *names_of(*signed), *called_elsewhere(*signed)],
        day=day,
        year=day and day.year,
        members=[pair(organisation) for organisation in signed],
        languages=tags(document.languages),
    )
