"""The programme below an event: its items by number, and who appeared in them."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from events.models import Appearance, Segment
from wpssite.base.inlines import LAST_PLACE, OrderedForm, OrderedFormSet, OrderedStack
from wpssite.base.moments import check_clock


def number_field(label, help_text=""):
    """Return a box for the number of a programme item."""
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=False,
        min_value=1,
        validators=[MaxValueValidator(LAST_PLACE)],
    )


class ItemForm(OrderedForm):
    """A row that refers to a programme item by the number that the editor sees.

    refers: the box with the number; relation: the link it stands for. A number that nobody
    touched goes on meaning the same item, though the item may have been moved.
    """

    refers = ""
    relation = ""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        item = getattr(self.instance, self.relation)
        self.initial[self.refers] = item.order if item else None

    def find_item(self, programme: dict, dropped: list):
        """Return the item meant; an unknown number is an error at its box.

        programme: items that stay, by number, new ones among them; dropped: keys of the others.
        """
        if self.refers in self.errors:
            return None
        item = getattr(self.instance, self.relation)
        gone = item is not None and item.pk in dropped
        if self.refers not in self.changed_data and not gone:
            return item
        number = self.cleaned_data.get(self.refers)
        if number is not None and number not in programme:
            self.add_error(self.refers, _("There is no item no. %d in the programme.") % number)
        if gone and self.refers not in self.changed_data:
            self.changed_data.append(self.refers)
        return programme.get(number)


class SegmentForm(ItemForm):
    sitting_no = number_field(_("In sitting no."), _("The number of the sitting, if there are."))
    refers = "sitting_no"
    relation = "parent"
    sitting = None


class SegmentFormSet(OrderedFormSet):
    """All items of a programme; leaves them, by number, on the event for the speakers' rows."""

    def clean(self):
        super().clean()
        rows = [form for form in self.kept() if "order" not in form.errors]
        programme = {form.instance.order: form.instance for form in rows}
        for form in rows:
            form.sitting = form.find_item(programme, self.dropped())
            self.check_sitting(form)
            if not self.instance.pk:
                self.check_time(form)
        self.instance.programme = programme
        self.instance.dropped_items = self.dropped()

    def check_sitting(self, form):
        sitting, item = form.sitting, form.instance
        if sitting is not None and (sitting is item or sitting.order >= item.order):
            form.add_error("sitting_no", _("A sitting has a smaller number than its items."))

    def check_time(self, form):
        """Do what the model does for the items of an event that is saved already."""
        event, item = self.instance, form.instance
        try:
            day = item.starts_on or event.starts_on
            check_clock(day, item.starts_time, event.zone, event.fold, "starts_time")
        except ValidationError as error:
            form.add_error(None, error)

    def save(self, commit=True):
        """Save the items, then the sittings they are in: either may be new."""
        Segment.objects.filter(parent__in=self.dropped()).update(parent=None)
        saved = super().save(commit)
        for form in self.kept():
            if form.instance.parent_id != (form.sitting and form.sitting.pk):
                form.instance.parent = form.sitting
                form.instance.save(update_fields=["parent"])
        return saved


class AppearanceForm(ItemForm):
    segment_no = number_field(_("Programme item no."), _("Its number in the programme above."))
    refers = "segment_no"
    relation = "segment"
    beside = {"by_somebody": "person"}


class AppearanceFormSet(OrderedFormSet):
    """Who appeared; stands below the programme, whose items its rows refer to."""

    def clean(self):
        super().clean()
        programme = getattr(self.instance, "programme", None)
        if programme is None:
            return
        for form in self.kept():
            form.instance.segment = form.find_item(programme, self.instance.dropped_items)


class SegmentInline(OrderedStack):
    model = Segment
    form = SegmentForm
    formset = SegmentFormSet
    extra = 1
    fieldsets = [
        (None, {"fields": [("order", "kind", "title")]}),
        (
            _("Its own date, time, place, sitting"),
            {
                "classes": ["collapse"],
                "fields": [
                    ("starts_on", "starts_time", "ends_time"),
                    ("part_of_day", "sitting_no", "track"),
                    "venue",
                ],
            },
        ),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("event", "parent")

    @admin.display(description=_("in sitting no."))
    def sitting_no(self, segment):
        return segment.parent and segment.parent.order


class AppearanceInline(OrderedStack):
    model = Appearance
    form = AppearanceForm
    formset = AppearanceFormSet
    extra = 1
    autocomplete_fields = [
        "person",
        "organisation",
        "appointment",
        "delivered_by",
        "represents",
        "remark_about",
    ]
    readonly_fields = ["statement_link"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("order", "segment_no", "kind"),
                    ("person", "printed_name"),
                    ("organisation", "role_printed"),
                    "statement_link",
                ]
            },
        ),
        (
            _("Unnamed, absent, online, read by another …"),
            {
                "classes": ["collapse"],
                "fields": [
                    ("unnamed_as", "presence", "order_is_known"),
                    ("capacity", "mode"),
                    ("delivered_by", "represents"),
                    "appointment",
                ],
            },
        ),
        (
            _("Quoted words, note"),
            {"classes": ["collapse"], "fields": [("remark", "remark_about"), "public_note"]},
        ),
    ]

    def get_queryset(self, request):
        related = ["event", "segment", "person", "statement"]
        return super().get_queryset(request).select_related(*related)

    @admin.display(description=_("programme item no."))
    def segment_no(self, appearance):
        return appearance.segment and appearance.segment.order

    @admin.display(description=_("statement"))
    def statement_link(self, appearance):
        if not appearance.pk:
            return _("Save the event first; then a link here opens the form for a statement.")
        if hasattr(appearance, "statement"):
            address = reverse("admin:events_statement_change", args=[appearance.statement.pk])
            return format_html('<a href="{}" dir="auto">{}</a>', address, appearance.statement)
        address = reverse("admin:events_statement_add")
        name = _("Add statement")
        return format_html('<a href="{}?appearance={}">{}</a>', address, appearance.pk, name)
