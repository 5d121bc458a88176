from .agency import Agency, AgencyMembership
from .person import Employment, Person, RoleAppointment

__all__ = ["Agency", "AgencyMembership", "Employment", "Person", "RoleAppointment"]
