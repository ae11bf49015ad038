"""The form by which readers report an error: no script, no outside service, little to abuse."""

import re
import time
from urllib.parse import urlsplit

from django import forms
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control

from wpssite.base.models import Report

QUICKEST, SLOWEST = 3, 24 * 3600  # seconds between opening the form and sending it
MOST, WHILE = 10, 3600  # reports from one network address in so many seconds
SALT = "wpssite.report"
PATH = re.compile(r"/(?![/\\])[^\s\\<>\"]*")


def path_of(text: str) -> str:
    """Return the path in an address on this site, or nothing for what cannot be one."""
    try:
        path = urlsplit(text.strip()).path
    except ValueError:
        return ""
    return path if PATH.fullmatch(path) and len(path) <= 300 else ""


class ReportForm(forms.ModelForm):
    """What a reader fills in, a box that only programs fill in, and when the form was opened."""

    website = forms.CharField(required=False, label=_("Leave this empty"))
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields = ["page", "text", "name", "email"]
        labels = {
            "page": _("Address of the page"),
            "text": _("What is wrong, and what would be right?"),
            "name": _("Your name"),
            "email": _("Your e-mail address"),
        }
        widgets = {
            "text": forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
            "name": forms.TextInput(attrs={"autocomplete": "name", "dir": "auto"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }
        help_texts = {
            "text": _("If you can, say where it can be read."),
            "name": _("If you like. Never public."),
            "email": _("Only if we may ask back. Never public."),
        }

    def clean_page(self):
        path = path_of(self.cleaned_data["page"])
        if not path:
            raise ValidationError(_("Write the address of a page of this site: /events/…"))
        return path

    def clean(self):
        super().clean()
        try:
            opened = float(signing.loads(self.data.get("opened", ""), salt=SALT, max_age=SLOWEST))
        except (signing.BadSignature, ValueError):
            self.stamp()
            raise ValidationError(
                _("This form was open for too long. Send it once more.")
            ) from None
        if time.time() - opened < QUICKEST:
            raise ValidationError(_("That was quicker than anyone types. Send it once more."))

    def stamp(self):
        """Note in the form that it is opened now."""
        opened = signing.dumps(str(time.time()), salt=SALT)
        self.initial["opened"] = opened
        if self.is_bound:
            self.data = self.data.copy()
            self.data["opened"] = opened


def too_many(request) -> bool:
    """Count a report from this network address; whether there were too many. Keeps its hash."""
    sender = salted_hmac(SALT, request.META.get("REMOTE_ADDR", "")).hexdigest()
    cache.add(f"report-{sender}", 0, WHILE)
    try:
        return cache.incr(f"report-{sender}") > MOST
    except ValueError:  # It ran out between the two.
        return False


@cache_control(private=True, no_store=True)
def report(request):
    """Take a report, or show the form again with what was typed and what is wrong with it."""
    if request.method != "POST":
        form = ReportForm(initial={"page": path_of(request.GET.get("page", ""))})
        form.stamp()
        return render(request, "report.html", {"form": form})
    form = ReportForm(request.POST)
    if not form.is_valid():
        return render(request, "report.html", {"form": form}, status=422)
    if form.cleaned_data["website"]:
        return redirect("report_thanks")  # A program: it is not told.
    if too_many(request):
        response = render(request, "report.html", {"form": form, "wait": True}, status=429)
        response["Retry-After"] = str(WHILE)
        return response
    form.save()
    return redirect("report_thanks")


report.takes_forms = True


def report_thanks(request):
    """Say what happens with a report."""
    return render(request, "report_thanks.html")
