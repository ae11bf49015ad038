"""Members, people, plans, resolutions, topics and documents as entries of a feed; no query."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from wpssite.base.feeds import Entry, entry_of
from wpssite.base.publishing import public


def organisation_entry(organisation) -> Entry:
    return entry_of(
        organisation,
        title=organisation.name,
        summary=organisation.summary,
        categories=(organisation.get_kind_display(),),
    )


def person_entry(person) -> Entry:
    return entry_of(person, title=person.name, summary=person.summary, categories=(_("person"),))


def plan_entry(plan) -> Entry:
    """Return an action plan, loaded with `for_feed()`: of whom, for which years."""
    owner = public(plan.owner)
    return entry_of(
        plan,
        title=plan.title,
        summary=", ".join(part for part in (owner and owner.name, plan.years_text) if part),
        categories=(plan.get_kind_display(),),
    )


def resolution_entry(resolution) -> Entry:
    return entry_of(
        resolution,
        title=resolution.symbol,
        summary=resolution.subject,
        categories=(_("resolution"),),
    )


def topic_entry(topic) -> Entry:
    return entry_of(
        topic, title=capfirst(topic.name), summary=topic.definition, categories=(_("topic"),)
    )


def document_entry(document) -> Entry:
    return entry_of(document, title=document.title, categories=(_("document"),))
