"""Records of the network in other formats: record in, plain data out; no query, no request.

Terms are those of schema.org. Public columns are named one by one, so that a new private field
stays private. What a function reads beside the record's own columns must have been loaded.
"""

from wpssite.base.publishing import public
from wpssite.base.web import address

CONTEXT = "https://schema.org"


def without_blanks(data: dict) -> dict:
    """Return `data` without the entries that are None or empty."""
    return {key: value for key, value in data.items() if value not in (None, "", [], {})}


def reference(record) -> dict | None:
    """Return name and address of a public record, or None for a hidden one."""
    record = public(record)
    if record is None:
        return None
    return {
        "@type": type_of(record),
        "name": str(record),
        "url": address(record.get_absolute_url()),
    }


def type_of(record) -> str:
    """Return the schema.org type of an organisation or person."""
    kind = getattr(record, "kind", None)
    if record._meta.model_name == "person":
        return "Person"
    return "GovernmentOrganization" if kind in {"state", "ministry", "mission"} else "Organization"


def organisation_jsonld(organisation, memberships=()) -> dict:
    """Return a schema.org Organization; `memberships` give its `memberOf` roles with dates."""
    return without_blanks(
        {
            "@context": CONTEXT,
            "@type": type_of(organisation),
            "name": organisation.name,
            "alternateName": organisation.abbreviation,
            "url": address(organisation.get_absolute_url()),
            "identifier": organisation.iso_alpha2,
            "sameAs": organisation.website,
            "memberOf": [membership_role(row) for row in memberships if public(row.body)],
        }
    )


MEMBER_COLUMNS = [
    "name",
    "name_on_the_day",
    "kind",
    "iso_3166_1_alpha_2",
    "iso_3166_1_alpha_3",
    "un_m49",
    "un_regional_group",
    "region",
    "subregion",
    "member_from",
    "member_from_is",
    "member_until",
    "founding_member",
    "confidence",
    "url",
]


def member_row(organisation) -> dict:
    """Return one member as a row of open data; loaded with `for_list()` (see `docs/data.md`)."""
    held = organisation.held[0]
    return {
        "name": organisation.name,
        "name_on_the_day": organisation.name_then or organisation.name,
        "kind": organisation.kind,
        "iso_3166_1_alpha_2": organisation.iso_alpha2,
        "iso_3166_1_alpha_3": organisation.iso_alpha3,
        "un_m49": organisation.m49,
        "un_regional_group": organisation.un_group,
        "region": organisation.region,
        "subregion": organisation.subregion,
        "member_from": held.starts_on and held.starts_on.isoformat(),
        "member_from_is": held.starts_bound,
        "member_until": held.ends_on and held.ends_on.isoformat(),
        "founding_member": {True: "yes", False: "no", None: ""}[held.founding],
        "confidence": held.confidence,
        "url": address(organisation.get_absolute_url()),
    }


def membership_role(membership) -> dict:
    """Return a schema.org OrganizationRole with its dates, as far as they are exact."""
    return without_blanks(
        {
            "@type": "OrganizationRole",
            "memberOf": reference(membership.body),
            "roleName": membership.role or "member",
            "startDate": exact(membership.starts_on, membership.starts_bound),
            "endDate": exact(membership.ends_on, membership.ends_bound),
        }
    )


def exact(day, bound) -> str | None:
    """Return a day in ISO 8601, or None when only a bound of it is known."""
    return day.isoformat() if day and bound == "exact" else None


def person_jsonld(person, appointments=()) -> dict:
    """Return a schema.org Person; `appointments` give the roles with their dates."""
    return without_blanks(
        {
            "@context": CONTEXT,
            "@type": "Person",
            "name": person.name,
            "familyName": person.family_name,
            "givenName": person.given_name,
            "honorificPrefix": person.honorific,
            "url": address(person.get_absolute_url()),
            "sameAs": person.website,
            "affiliation": [appointment_role(row) for row in appointments],
        }
    )


def appointment_role(appointment) -> dict:
    return without_blanks(
        {
            "@type": "OrganizationRole",
            "affiliation": reference(appointment.organisation),
            "roleName": appointment.role,
            "startDate": exact(appointment.starts_on, appointment.starts_bound),
            "endDate": exact(appointment.ends_on, appointment.ends_bound),
        }
    )


def resolution_jsonld(resolution) -> dict:
    """Return a resolution as schema.org Legislation."""
    return {
        "@context": CONTEXT,
        "@type": "Legislation",
        "name": resolution.symbol,
        "legislationIdentifier": resolution.symbol,
        "legislationDate": resolution.decided_on.isoformat(),
        "abstract": resolution.subject,
        "url": address(resolution.get_absolute_url()),
    }


def plan_jsonld(plan) -> dict:
    """Return an action plan as schema.org CreativeWork, with the years it covers."""
    years = [str(year) for year in (plan.start_year, plan.extended_to or plan.end_year) if year]
    return without_blanks(
        {
            "@context": CONTEXT,
            "@type": "CreativeWork",
            "name": plan.title,
            "creator": reference(plan.owner),
            "temporalCoverage": "/".join(years) if len(years) == 2 else "",
            "inLanguage": [tag.strip() for tag in plan.languages.split(",") if tag.strip()],
            "url": address(plan.get_absolute_url()),
            "sameAs": plan.url,
        }
    )


def topic_jsonld(topic) -> dict:
    """Return a topic as schema.org DefinedTerm."""
    return without_blanks(
        {
            "@context": CONTEXT,
            "@type": "DefinedTerm",
            "name": topic.name,
            "description": topic.definition,
            "url": address(topic.get_absolute_url()),
        }
    )


def document_jsonld(document) -> dict:
    """Return a document as schema.org CreativeWork."""
    return without_blanks(
        {
            "@context": CONTEXT,
            "@type": "CreativeWork",
            "name": document.title,
            "datePublished": document.circulated_on and document.circulated_on.isoformat(),
            "url": address(document.get_absolute_url()),
            "sameAs": document.url,
        }
    )


def list_jsonld(page) -> dict:
    """Return one page of a list as a schema.org ItemList; page: a Django Page of records."""
    return {
        "@context": CONTEXT,
        "@type": "ItemList",
        "numberOfItems": page.paginator.count,
        "itemListElement": [
            {"@type": "ListItem", "position": place, "url": address(record.get_absolute_url())}
            for place, record in enumerate(page, start=page.start_index())
        ],
    }


def breadcrumbs_jsonld(steps) -> dict:
    """Return a BreadcrumbList; steps: (name, path) pairs from the top down."""
    return {
        "@context": CONTEXT,
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "name": str(name), "item": address(path)}
            for place, (name, path) in enumerate(steps, start=1)
        ],
    }
