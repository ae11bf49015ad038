"""People entered twice, at the desk: who they may be, making one of two, taking that back."""

from collections import Counter

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from network.merging import likely_duplicates, merge, moving, name_moves
from network.models import Person
from network.unmerging import merges, undo_merge, undoable
from wpssite.base.desk import change_url

PAGE = "admin:network_person_duplicates"
SHOWN = 20  # merges on the page
# What the duplicate says of itself and the kept person goes on saying otherwise, or not.
OWN_WORDS = ["family_name", "given_name", "honorific", "summary", "website", "note"]


class MergingAdmin:
    """Gives the list of people a page of likely duplicates, and the merging of two."""

    object_history_template = "admin/network/person/object_history.html"

    def has_merge_permission(self, request) -> bool:
        return self.has_publish_permission(request) and self.has_delete_permission(request)

    def get_urls(self):
        own = [
            ("duplicates/", self.duplicates_view, "duplicates"),
            ("merge/", self.merge_view, "merge"),
            ("merge/<int:key>/undo/", self.undo_view, "undo_merge"),
        ]
        return [
            path(
                route, self.admin_site.admin_view(self.guarded(view)), name=f"network_person_{name}"
            )
            for route, view, name in own
        ] + super().get_urls()

    def guarded(self, view):
        def guarded_view(request, **kwargs):
            if not self.has_merge_permission(request):
                raise PermissionDenied
            return view(request, **kwargs)

        return guarded_view

    def list_tools(self, request) -> list[tuple]:
        tools = super().list_tools(request)
        if self.has_merge_permission(request):
            tools.insert(0, (_("Likely duplicates"), reverse(PAGE)))
        return tools

    def page(self, request, template, **context):
        context |= self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, f"admin/network/person/{template}", context)

    def duplicates_view(self, request):
        found = likely_duplicates(Person.objects.all())
        keys = [person.pk for group in found for person in group]
        counted = Person.objects.filter(pk__in=keys).annotate(
            statement_count=Count("statements", distinct=True),
            appearance_count=Count("appearances", distinct=True),
        )
        counts = counted.in_bulk()
        groups = [sorted((counts[p.pk] for p in group), key=better_known) for group in found]
        return self.page(
            request,
            "duplicates.html",
            title=_now("Likely duplicates"),
            groups=groups,
            merges=merges_shown(merges()),
        )

    def merge_view(self, request):
        """Say what would move, or move it when that was confirmed."""
        asked = request.POST if request.method == "POST" else request.GET
        duplicate, kept = (person_asked(asked.get(name)) for name in ("duplicate", "keep"))
        if duplicate is None or kept is None or duplicate == kept:
            messages.error(request, _now("Choose two different people."))
            return redirect(PAGE)
        if request.method != "POST":
            return self.confirmation(request, duplicate, kept)
        try:
            merge(duplicate, kept, request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(PAGE)
        text = _now("%(duplicate)s is now part of %(kept)s. The history can undo it.")
        messages.success(request, text % {"duplicate": duplicate, "kept": kept})
        return redirect(change_url(kept))

    def confirmation(self, request, duplicate, kept):
        kinds = Counter(row._meta.verbose_name_plural for row in moving(duplicate, kept))
        words = [duplicate._meta.get_field(name) for name in OWN_WORDS]
        lost = [
            {"name": field.verbose_name, "text": getattr(duplicate, field.name)}
            for field in words
            if getattr(duplicate, field.name) not in {"", getattr(kept, field.name)}
        ]
        return self.page(
            request,
            "merge.html",
            title=_now("Make one person of two"),
            duplicate=duplicate,
            kept=kept,
            kinds=sorted(kinds.items(), key=lambda kind: str(kind[0])),
            sources=duplicate.sources.exclude(pk__in=kept.sources.values("pk")).count(),
            name_moves=name_moves(duplicate, kept),
            lost=lost,
        )

    def undo_view(self, request, key):
        return require_POST(self.undo)(request, key)

    def undo(self, request, key):
        try:
            person = undo_merge(get_object_or_404(merges(), pk=key), request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(PAGE)
        messages.success(request, _now("%s is back, with all that was theirs.") % person)
        return redirect(change_url(person))

    def history_view(self, request, object_id, extra_context=None):
        context = dict(extra_context or {})
        person = self.get_object(request, object_id)
        if person is not None and self.has_merge_permission(request):
            context["merges"] = merges_shown(merges(person))
        return super().history_view(request, object_id, context)

    @admin.action(permissions=["merge"], description=_("Make one person of the two selected"))
    def merge_selected(self, request, queryset):
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[:3])
        if len(keys) != 2:
            self.message_user(request, _("Select exactly two people."), messages.ERROR)
            return None
        address = reverse("admin:network_person_merge")
        return redirect(f"{address}?keep={keys[0]}&duplicate={keys[1]}")


def better_known(person) -> tuple:
    """Sort first whom one will rather keep: public, with more that was said."""
    return not person.is_public, -(person.statement_count + person.appearance_count), person.pk


def person_asked(key) -> Person | None:
    text = str(key or "")
    known = text.isascii() and text.isdigit() and len(text) < 19
    return Person.objects.filter(pk=text).first() if known else None


def merges_shown(revisions) -> list[dict]:
    """Return the last merges, and whether each can be undone."""
    last = list(revisions[:SHOWN])
    open_ones = undoable(last)
    return [{"revision": revision, "can_undo": revision.pk in open_ones} for revision in last]
