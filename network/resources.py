"""Columns of the tables of organisations, memberships, people and plans, in and out."""

from wpssite.base.cells import record_field
from wpssite.base.resources import AddressedResource, KeyLoader, RecordResource

from .models import ActionPlan, Membership, Organisation, Person
from .models.memberships import NETWORK

CODES = ("iso_alpha2", "iso_alpha3")


class Table:
    """What the tables share: model rules, one transaction, untouched rows left alone."""

    clean_model_instances = True
    instance_loader_class = KeyLoader
    use_transactions = True
    skip_unchanged = True
    report_skipped = True


class OrganisationResource(AddressedResource):
    parent = record_field("parent", Organisation, CODES)
    needed = ["name", "kind"]

    class Meta(Table):
        model = Organisation
        import_id_fields = ["slug"]
        fields = [
            "slug", "name", "abbreviation", "kind", "parent", "iso_alpha2", "iso_alpha3", "m49",
            "code_is_user_assigned", "un_group", "region", "subregion", "website", "summary",
        ]  # fmt: skip


class MembershipResource(RecordResource):
    organisation = record_field("organisation", Organisation, CODES)
    body = record_field("body", Organisation)
    needed = ["organisation", "starts_on"]
    part_of = "organisation"

    class Meta(Table):
        model = Membership
        import_id_fields = ["organisation", "body", "starts_on"]
        fields = [
            "organisation", "body", "status", "role", "starts_on", "starts_precision",
            "starts_bound", "ends_on", "ends_precision", "ends_bound", "founding", "last_seen",
            "confidence",
        ]  # fmt: skip

    def add_columns(self, dataset):
        """Without a column for the body, the rows are memberships of the Network."""
        if "body" not in dataset.headers:
            dataset.append_col([NETWORK] * len(dataset), header="body")


class PersonResource(AddressedResource):
    needed = ["name"]

    class Meta(Table):
        model = Person
        import_id_fields = ["slug"]
        fields = [
            "slug", "name", "family_name", "given_name", "name_order", "honorific", "summary",
            "website",
        ]  # fmt: skip


class ActionPlanResource(AddressedResource):
    owner = record_field("owner", Organisation, CODES)
    needed = ["slug", "owner", "title"]

    class Meta(Table):
        model = ActionPlan
        import_id_fields = ["slug"]
        fields = [
            "slug", "owner", "title", "kind", "stage", "generation", "start_year", "end_year",
            "extended_to", "adopted_on", "adopted_precision", "launched_on", "launched_precision",
            "instrument", "languages", "url", "public_note", "confidence",
        ]  # fmt: skip
