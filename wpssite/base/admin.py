"""What every page of the desk has in common, and the accounts."""

import js_asset
import reversion
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.auth import get_permission_codename
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from .fieldsets import unfolding
from .forms import FORMFIELDS, DeskForm, PublishableForm
from .history import HistoryAdmin, keep, keep_first
from .meanwhile import Locked, MeanwhileAdmin
from .models import OldAddress, User
from .moments import zone_names
from .publishing import Status
from .standing import StandingAdmin

PUBLIC_ONCE = {Status.PUBLISHED, Status.WITHDRAWN}
LAST = "after-rows"  # The class of fieldsets that stand below the rows (admin/change_form.html).
PUBLICATION = (
    _("Publication"),
    {
        "classes": [LAST],
        "fields": [
            ("status", "published_at"),
            "change_note",
            "withdrawn_note",
            ("created_at", "updated_at"),
        ],
    },
)


def sources_and_notes(*fields):
    """Return the fieldset that tells where the facts were read."""
    return (_("Sources and notes"), {"classes": [LAST], "fields": fields})


def may_publish(user, record) -> bool:
    """Return whether `user` may publish records of this kind."""
    options = record._meta
    codename = get_permission_codename("publish", options)
    return user.has_perm(f"{options.app_label}.{codename}")


def is_locked(user, record) -> bool:
    """Return whether `record` is or was public and `user` may not publish, so may not change it."""
    if record is None or record.status not in PUBLIC_ONCE:
        return False
    return not may_publish(user, record)


class DeskAdmin(MeanwhileAdmin, HistoryAdmin):
    """Every kind of record at the desk.

    popup_fields: the few fields asked for in the small window that another form opens.
    named_through: relations by whose names, of any form, a record is found.
    part_of: the relation to the public record of which it is a part, if it is one.
    """

    form = DeskForm
    formfield_overrides = FORMFIELDS
    save_on_top = True
    popup_fields = None
    named_through = []
    part_of = ""

    def get_fieldsets(self, request, obj=None):
        if self.in_popup(request):
            return [(None, {"fields": self.popup_fields})]
        return unfolding(super().get_fieldsets(request, obj))

    def get_inlines(self, request, obj):
        return [] if self.in_popup(request) else super().get_inlines(request, obj)

    def in_popup(self, request) -> bool:
        """Return whether the short form is asked for, in a window that another form opened."""
        return bool(self.popup_fields) and (
            IS_POPUP_VAR in request.GET or IS_POPUP_VAR in request.POST
        )

    def get_prepopulated_fields(self, request, obj=None):
        """Let the address follow the name while a record is new; later it stays."""
        if obj or self.in_popup(request):
            return {}
        return super().get_prepopulated_fields(request, obj)

    def get_search_results(self, request, queryset, term):
        """Find each word in a name, of any form, of what the record belongs to, or in its own."""
        if not self.named_through:
            return super().get_search_results(request, queryset, term)
        for word in term.split():
            queryset = queryset.filter(self.word_found(word))
        return queryset, False

    def word_found(self, word: str) -> Q:
        found = Q()
        for name in self.named_through:
            records = self.opts.get_field(name).related_model.objects
            found |= Q(**{f"{name}__in": records.named(word)})
        for name in self.search_fields:
            found |= Q(**{f"{name}__icontains": word})
        return found

    def is_locked(self, request, obj) -> bool:
        """Return whether this account may read a record but not change it, for it is public."""
        return False

    def publishers(self) -> list[str]:
        """Return the names of the groups that may publish this kind of record, or its whole."""
        kind = self.opts.get_field(self.part_of).related_model._meta if self.part_of else self.opts
        groups = Group.objects.filter(
            permissions__codename=get_permission_codename("publish", kind),
            permissions__content_type__app_label=kind.app_label,
        )
        return list(groups.order_by("name").values_list("name", flat=True))

    def get_deleted_objects(self, objs, request):
        """Say what uses the records, if that keeps them, and not which rights would be needed."""
        found, counts, rights, users = super().get_deleted_objects(objs, request)
        return found, counts, set() if users else rights, users

    def list_tools(self, request) -> list[tuple]:
        """Return (name, address) of what else can be done with the whole list."""
        if self.has_add_permission(request) and self.has_change_permission(request):
            address = f"admin:{self.opts.app_label}_{self.opts.model_name}_recoverlist"
            return [(_("Recover deleted"), reverse(address))]
        return []

    def changelist_view(self, request, extra_context=None):
        tools = {"tools": self.list_tools(request)}
        return super().changelist_view(request, tools | (extra_context or {}))

    def render_change_form(self, request, context, **kwargs):
        context["media"] = js_asset.Media.from_media(context["media"]).with_nonce(request.csp_nonce)
        context["zones"] = sorted(zone_names())
        return super().render_change_form(request, context, **kwargs)


class PartAdmin(DeskAdmin):
    """Records that belong to a public record, and are locked together with it."""

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not self.is_locked(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self.is_locked(request, obj)

    def is_locked(self, request, obj) -> bool:
        return obj is not None and is_locked(request.user, getattr(obj, self.part_of))

    def in_history_of(self, record) -> list:
        return [record, getattr(record, self.part_of)]

    def save_model(self, request, obj, form, change):
        if self.is_locked(request, obj):  # A new part, or one that moves there.
            raise Locked
        super().save_model(request, obj, form, change)
        whole = getattr(obj, self.part_of)
        wholes = {whole, *type(whole).objects.filter(pk=form.initial.get(self.part_of))}
        for whole in wholes:  # Two, if it moved.
            whole.touch()
            reversion.add_to_revision(whole)

    def delete_model(self, request, obj):
        whole, name = getattr(obj, self.part_of), str(obj)
        keep_first([whole], request.user)
        super().delete_model(request, obj)
        whole.touch()
        keep([whole], gettext("Deleted: %s") % name, request.user)

    def delete_queryset(self, request, queryset):
        parts = queryset.select_related(self.part_of)
        wholes = {getattr(part, self.part_of) for part in parts}
        super().delete_queryset(request, queryset)
        for whole in wholes:
            whole.touch()


class NamedAdmin:
    """Find records by any form of their own name: former, misprinted, in another script."""

    def get_search_results(self, request, queryset, term):
        return queryset.named(term), False


class PublishableAdmin(StandingAdmin, DeskAdmin):
    """Records with an address and a status; only those who may publish touch public ones."""

    form = PublishableForm
    actions = ["publish", "take_back"]
    list_filter = ["status"]
    readonly_fields = ["created_at", "updated_at"]

    def has_publish_permission(self, request) -> bool:
        return may_publish(request.user, self.model)

    def is_locked(self, request, obj) -> bool:
        return is_locked(request.user, obj)

    def has_change_permission(self, request, obj=None):
        return super().has_change_permission(request, obj) and not self.is_locked(request, obj)

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request, obj) and not self.is_locked(request, obj)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        before = form.initial if change else {}
        was_public = before.get("status") in PUBLIC_ONCE or before.get("published_at")
        if was_public and before["slug"] != obj.slug:
            OldAddress.objects.remember(obj, before["slug"])

    def formfield_for_choice_field(self, db_field, request, **kwargs):
        if db_field.name == "status" and not self.has_publish_permission(request):
            kwargs["choices"] = [(s.value, s.label) for s in Status if s not in PUBLIC_ONCE]
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def render_change_form(self, request, context, obj=None, **kwargs):
        if self.is_locked(request, obj):
            context["locked"] = obj.get_status_display()
            context["publishers"] = self.publishers()
        return super().render_change_form(request, context, obj=obj, **kwargs)

    @admin.action(permissions=["publish"], description=_("Publish the selected records"))
    def publish(self, request, queryset):
        done = self.each(request, queryset, lambda record: record.publish())
        if done:
            text = ngettext("%d record is published.", "%d records are published.", done)
            self.message_user(request, text % done, messages.SUCCESS)

    @admin.action(permissions=["publish"], description=_("Make the selected records drafts again"))
    def take_back(self, request, queryset):
        done = self.each(request, queryset, lambda record: record.take_back())
        if done:
            text = ngettext("%d record is a draft again.", "%d records are drafts again.", done)
            self.message_user(request, text % done, messages.SUCCESS)

    def each(self, request, queryset, verb) -> int:
        """Do `verb` to each record, say which ones refuse and why; return how many did not."""
        done = 0
        for record in queryset:
            try:
                keep_first([record], request.user)
                with self.create_revision(request):
                    verb(record)
                    self.log_change(request, record, [{"changed": {"fields": ["status"]}}])
            except ValidationError as error:
                why = " ".join(error.messages)
                self.message_user(request, f"{record}: {why}", messages.ERROR)
            else:
                done += 1
        return done


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Accounts, with the time zone that is shown while times are typed."""

    formfield_overrides = FORMFIELDS
    fieldsets = [
        *DjangoUserAdmin.fieldsets[:2],
        (_("Where they work"), {"fields": ["zone"]}),
        *DjangoUserAdmin.fieldsets[2:],
    ]

    def render_change_form(self, request, context, **kwargs):
        context["zones"] = sorted(zone_names())
        return super().render_change_form(request, context, **kwargs)
