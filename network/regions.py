"""Regions of the world by the UN's standard M49, in the language of the page.

Records and addresses hold the English names.
"""

from django.utils.translation import gettext_noop as _

from wpssite.base.language import gettext

REGIONS = [_("Africa"), _("Americas"), _("Asia"), _("Europe"), _("Oceania")]
SUBREGIONS = [
    _("Northern Africa"),
    _("Eastern Africa"),
    _("Middle Africa"),
    _("Southern Africa"),
    _("Western Africa"),
    _("Caribbean"),
    _("Central America"),
    _("South America"),
    _("Northern America"),
    _("Central Asia"),
    _("Eastern Asia"),
    _("South-eastern Asia"),
    _("Southern Asia"),
    _("Western Asia"),
    _("Eastern Europe"),
    _("Northern Europe"),
    _("Southern Europe"),
    _("Western Europe"),
    _("Australia and New Zealand"),
    _("Melanesia"),
    _("Micronesia"),
    _("Polynesia"),
]
WIDER = [  # Of organisations whose members are of several regions; not of the standard.
    _("Europe and Northern America"),
    _("Europe and the Mediterranean"),
    _("Europe, Central Asia and Northern America"),
]
KNOWN = frozenset(REGIONS + SUBREGIONS + WIDER)


def region_name(region: str) -> str:
    """Return the name of a region in the page's language; one that is not known here as it is."""
    return gettext(region) if region in KNOWN else region


def region_choices() -> list[tuple[str, str]]:
    """Return what a list may be narrowed by, each with its name."""
    return [(region, region_name(region)) for region in REGIONS]
