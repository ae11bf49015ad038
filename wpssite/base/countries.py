"""Names of countries in the language of the page, from CLDR through Babel."""

from functools import cache

from babel import Locale, localedata
from django.conf import settings

from .language import language

# Where the United Nations use another name than CLDR, by language and ISO 3166-1 code.
UN_NAMES = {
    "fr": {
        "CD": "République démocratique du Congo",
        "CG": "Congo",
        "FM": "Micronésie (États fédérés de)",
        "GB": "Royaume-Uni de Grande-Bretagne et d’Irlande du Nord",
        "KP": "République populaire démocratique de Corée",
        "KR": "République de Corée",
        "LA": "République démocratique populaire lao",
        "MD": "République de Moldova",
        "PS": "État de Palestine",
        "RU": "Fédération de Russie",
        "SY": "République arabe syrienne",
        "TR": "Türkiye",
        "US": "États-Unis d’Amérique",
        "VA": "Saint-Siège",
    },
    "ar": {
        "CD": "جمهورية الكونغو الديمقراطية",
        "CG": "الكونغو",
        "GB": "المملكة المتحدة لبريطانيا العظمى وأيرلندا الشمالية",
        "KP": "جمهورية كوريا الشعبية الديمقراطية",
        "KR": "جمهورية كوريا",
        "LA": "جمهورية لاو الديمقراطية الشعبية",
        "MD": "جمهورية مولدوفا",
        "PS": "دولة فلسطين",
        "RU": "الاتحاد الروسي",
        "SY": "الجمهورية العربية السورية",
        "TR": "تركيا",
        "US": "الولايات المتحدة الأمريكية",
        "VA": "الكرسي الرسولي",
    },
}


@cache
def usual_names(language: str) -> dict[str, str]:
    """Return the names of countries in a language as CLDR has them, by ISO 3166-1 alpha-2 code."""
    found = dict(Locale.parse(language, sep="-").territories)
    localedata._cache.clear()  # Babel keeps all it knows of a language, megabytes of it.
    return found


@cache
def names(language: str) -> dict[str, str]:
    """Return the names of countries in a language, by ISO 3166-1 alpha-2 code."""
    return usual_names(language) | UN_NAMES.get(language, {})


def country_name(code: str, name: str) -> str:
    """Return the name of a country in the page's language; `name`, the record's own, in English."""
    tag = language()
    if not code or tag.startswith("en"):
        return name
    return names(tag).get(code, name)


def names_in_other_languages(code: str) -> list[str]:
    """Return what a country is called in the other languages of the site: as shown, as usual."""
    tags = [tag for tag, _name in settings.LANGUAGES if tag != settings.LANGUAGE_CODE]
    found = (kind(tag).get(code, "") for tag in tags for kind in (names, usual_names))
    return list(dict.fromkeys(filter(None, found)))
