from partners.models.agreements import DataSharingAgreement
from partners.models.areas import Area
from partners.models.events import Event
from partners.models.messages import Message, MessageSubject
from partners.models.networks import Network, NetworkMember, NetworkMembership
from partners.models.organisations import Organisation
from partners.models.people import Invitation, Membership, User

__all__ = [
    "Area",
    "DataSharingAgreement",
    "Event",
    "Invitation",
    "Membership",
    "Message",
    "MessageSubject",
    "Network",
    "NetworkMember",
    "NetworkMembership",
    "Organisation",
    "User",
]
