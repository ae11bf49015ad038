"""Events, statements and speakers as long lists show them: records in, safe text out; no query."""

from markupsafe import Markup

from wpssite.base.escaping import escape
from wpssite.base.fragments import apart, capital, joined, link_to, organisation, own
from wpssite.base.language import gettext as _
from wpssite.base.language import language
from wpssite.base.moments import VAGUE, day_text, words_of
from wpssite.base.publishing import public
from wpssite.base.when import event_when


def phase(event) -> Markup:
    """Return the derived state of an event, or that it did not go ahead as planned."""
    status, changed = event.event_status, event.event_status != "scheduled"
    badges = [("bad", event.get_event_status_display())] if changed else []
    if status not in {"cancelled", "postponed"}:
        words = {"past": _("Past"), "live": _("Live now"), "next": _("Coming")}
        badges.append((event.phase, words[event.phase]))
    return Markup(
        " ".join(f'<span class="badge {kind}">{escape(text)}</span>' for kind, text in badges)
    )


def event_cards(events, zone="") -> Markup:
    """Return events loaded with `for_cards()`; zone: the one that the reader asked for."""
    if zone:
        return Markup("".join(event_card(event, zone) for event in events))
    return Markup("".join(made_once(event, event_card) for event in events))


def made_once(record, card) -> str:
    """Return the card of a record, kept with it: lists of an edition share their records."""
    cards = record.__dict__.setdefault("_cards", {})
    if language() not in cards:
        cards[language()] = card(record)
    return cards[language()]


def event_card(event, zone: str = "") -> str:
    when = event_when(event, zone)
    unsettled = event.phase != "past" or event.event_status != "scheduled"
    badges = f" {phase(event)}" if unsettled else ""
    place = apart(event.place) if event.place else ""
    meta = " · ".join(filter(None, [clocks(when), place, hosts(event)]))
    return f"""  <li class="event">
    <p class="day"><time datetime="{when.start.iso}">{days(event, when)}</time></p>
    <p class="kicker">{escape(capital(event.get_kind_display()))}{badges}</p>
    <h3{own()}><a href="{event.get_absolute_url()}">{escape(event.title)}</a></h3>
    <p class="meta">{meta}</p>
  </li>
"""


def days(event, when) -> str:
    """Return the days of an event as a list shows them: the number of the day stands out."""
    first, last = event.starts_on, event.ends_on
    if event.starts_precision in VAGUE:
        return escape(when.start.date)
    if last and (last.year, last.month) != (first.year, first.month):
        return f"{escape(when.start.date)} – {escape(day_text(last))}"
    until = f"–{last.day}" if last and last != first else ""
    return f"<b>{first.day}{until}</b> {escape(words_of(first, 'F Y'))}"


def clocks(when) -> str:
    """Return the time on both clocks, the date of the second one where it is another."""
    if not when.start.time:
        return ""
    found = [f"{when.start.time} {when.start.name}"]
    if when.second:
        comma = _(", ")
        day = f"{comma}{when.second.date}{comma}" if when.other_day else " "
        found.append(f"{when.second.time}{day}{when.second.name}")
    return " / ".join(map(apart, found))


def hosts(event) -> str:
    """Return who held the event, the public ones, by the names they bore."""
    rows = [row for row in event.hosts if public(row.organisation)]
    names = joined(dict.fromkeys(apart(row.name_then or row.organisation) for row in rows))
    return _("hosted by %(hosts)s") % {"hosts": names} if names else ""


def statement_cards(statements) -> Markup:
    """Return statements loaded with `for_cards()`."""
    return Markup("".join(made_once(statement, statement_card) for statement in statements))


def statement_card(statement) -> str:
    points = statement.points.all()
    words = (points[0].text if points else "") or statement.summary or statement.title
    speaker = public(statement.person)
    who = link_to(speaker, statement.who) if speaker else escape(statement.who)
    where = statement.event.title if public(statement.event) else statement.occasion_text
    occasion = f"{apart(where)} · " if where else ""
    role, parties = statement.role_printed, statement.parties.all()
    path, day = statement.get_absolute_url(), statement.date
    return f"""<article class="quote">
  <blockquote><p{own()}><a href="{path}">{escape(words)}</a></p></blockquote>
  <footer>
    <p class="who">{who}</p>
    <p>{escape(role)}{for_whom(parties, role)}</p>
    <p class="meta">{occasion}<time datetime="{day.isoformat()}">{day_text(day)}</time></p>
  </footer>
</article>
"""


def for_whom(parties, role="") -> Markup:
    """Return for whom a statement was made; role: what was printed before it, or nothing."""
    found = [
        (_(", ") if role or place else "")
        + _("for %s") % organisation(party.organisation, party.name_then, party.printed_as)
        for place, party in enumerate(parties)
        if party.relation == "for" and public(party.organisation)
    ]
    return Markup("".join(found))


def speakers(part) -> Markup:
    """Return who spoke in a part of a programme, from `running_order()`."""
    return Markup("".join(map(speaker, part.speakers)))


def speaker(row) -> str:
    appearance, statement = row.appearance, row.statement
    lines = [
        f'<p class="who">{who(appearance)}</p>',
        *role_on_the_day(appearance),
        *behind(appearance),
        *remark(appearance),
        *said(appearance, statement),
    ]
    number = '<span class="num" aria-hidden="true">–</span>'
    if appearance.order_is_known:
        number = f'<span class="num">{row.place}</span>'
    body = "\n    ".join(lines)
    return f"""<li class="speaker">
  {number}
  <div>
    {body}
  </div>
</li>
"""


def who(appearance) -> str:
    if public(appearance.person):
        return link_to(appearance.person)
    return escape(capital(appearance.who or _("not named here")))


def role_on_the_day(appearance):
    """Yield that a source names nobody; the role and for whom, as far as they are known."""
    if appearance.unnamed_as and not appearance.person_id and not appearance.printed_name:
        yield f'<p class="role">{_("Not named by the source")}</p>'
    role, shown = escape(appearance.role_printed), public(appearance.organisation)
    comma = _(", ") if role and shown else ""
    whom = _("for %s") % organisation(shown, appearance.name_then) if shown else ""
    if role or shown:
        yield f'<p class="role">{role}{comma}{whom}</p>'


def behind(appearance):
    """Yield who read and who was represented, in which capacity, and how the name is printed."""
    if public(appearance.delivered_by):
        yield f'<p class="detail">{_("Read by")} {link_to(appearance.delivered_by)}</p>'
    if public(appearance.represents):
        yield f'<p class="detail">{_("In place of")} {link_to(appearance.represents)}</p>'
    if details := appearance.details:
        yield f'<p class="detail">{escape(capital(details))}</p>'
    printed, person = appearance.printed_name, public(appearance.person)
    if printed and person and printed != person.name:
        text = _("Printed by the source as “%(name)s”") % {"name": escape(printed)}
        yield f'<p class="printed">{text}</p>'


def remark(appearance):
    """Yield the words quoted and about whom, and the note for readers."""
    if appearance.remark:
        yield f"<blockquote><p><q>{escape(appearance.remark)}</q></p></blockquote>"
        if public(appearance.remark_about):
            yield f'<p class="detail">{_("said about")} {link_to(appearance.remark_about)}</p>'
    if appearance.public_note:
        yield f'<p class="detail">{escape(appearance.public_note)}</p>'


def said(appearance, statement):
    """Yield a link to what was said, where it is public."""
    if not statement:
        return
    name = appearance.who
    text = _("What %(name)s said") % {"name": name} if name else _("What was said")
    yield f'<p><a href="{statement.get_absolute_url()}">{escape(text)}</a></p>'
