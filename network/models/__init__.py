"""The records of the network; callers write `from network.models import Organisation`."""

from .chairs import ChairHolder, ChairTerm
from .claims import Claim
from .documents import Document, DocumentSignatory, DocumentSymbol
from .organisations import Membership, Organisation, OrganisationName
from .people import Appointment, FocalPoint, Person, PersonName, Post
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
