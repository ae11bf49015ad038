"""Headers that every answer carries, and requests that no view should see."""

from csp.constants import HEADER, NONCE
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpResponseNotAllowed
from django.utils.translation import get_language_from_path

from .language import in_language

# Browsers ask each time, and mostly hear that nothing changed: an editor must not see the page of a
# minute ago. Caches that many share may spare the site the same question for a second.
FOR_EVERYONE = "public, max-age=0, s-maxage=1"
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def content_security_policy(get_response):
    """Send the policy of the settings, worked out once; the desk asks django-csp for its own."""
    at_the_desk, policy = CSPMiddleware(get_response), build_policy()

    def middleware(request):
        if request.path.startswith(settings.DESK_URL):
            return at_the_desk(request)
        response = get_response(request)
        response.headers[HEADER] = policy
        return response

    return middleware


def public_headers(get_response):
    """Say who may keep an answer: anyone, or nobody when an account is involved."""

    def middleware(request):
        response = get_response(request)
        response.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not response.has_header("Cache-Control"):
            response["Cache-Control"] = cache_control(request, response)
        if request.path.startswith(settings.DESK_URL):
            # Django's own admin and the text editor style a few elements inline; the editor's
            # import map is an inline script that names the nonce, where the page asked for one.
            response._csp_update = {
                "style-src": ["'self'", "'unsafe-inline'"],
                "script-src": ["'self'", NONCE],
            }
        return response

    return middleware


def cache_control(request, response) -> str:
    """Return the Cache-Control value for an answer that has none."""
    anonymous = request.method in {"GET", "HEAD"} and not has_session(request)
    if anonymous and response.status_code in {200, 301, 304}:
        return FOR_EVERYONE
    return "private, no-store"


def has_session(request) -> bool:
    """Return whether the request comes with an account's cookie, without opening the session."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def refuse_nul(get_response):
    """Answer 400 to NUL characters in an address: PostgreSQL can store none, nobody sends one."""

    def middleware(request):
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("The address holds a NUL character.")
        return get_response(request)

    return middleware


def reading_only(get_response):
    """Answer 405 to whoever sends something to a page that takes no form.

    A view that takes one says so by `takes_forms`.
    """

    def middleware(request):
        return get_response(request)

    def process_view(request, view, args, kwargs):
        reads = request.method in {"GET", "HEAD"} or getattr(view, "takes_forms", False)
        if not (reads or request.path.startswith(settings.DESK_URL)):
            return HttpResponseNotAllowed(["GET", "HEAD"])

    middleware.process_view = process_view
    return middleware


def language_of_address(get_response):
    """Let the address alone decide the language: `/fr/…` is French, no prefix is the default."""

    def middleware(request):
        language = get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with in_language(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware
