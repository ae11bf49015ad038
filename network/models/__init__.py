"""The records of the network; callers write `from network.models import Organisation`."""

from .appointments import Appointment, Post
from .chairs import ChairHolder, ChairTerm
from .claims import Claim
from .documents import Document, DocumentSignatory, DocumentSymbol
from .focal_points import FocalPoint
from .memberships import Membership
from .names import OrganisationName
from .organisations import Organisation
from .people import Person, PersonName
from .plans import ActionPlan
from .resolutions import Resolution
from .sources import Source
from .topics import Topic

__all__ = [
    "ActionPlan",
    "Appointment",
    "ChairHolder",
    "ChairTerm",
    "Claim",
    "Document",
    "DocumentSignatory",
    "DocumentSymbol",
    "FocalPoint",
    "Membership",
    "Organisation",
    "OrganisationName",
    "Person",
    "PersonName",
    "Post",
    "Resolution",
    "Source",
    "Topic",
]
