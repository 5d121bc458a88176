from .attendance import Attendance, Mark, Register
from .booking import Booking, BookingNeeds
from .certificate import Certificate
from .charge import Charge
from .policy import ChargingPolicy, PolicyPrice

__all__ = [
    "Attendance",
    "Booking",
    "BookingNeeds",
    "Certificate",
    "Charge",
    "ChargingPolicy",
    "Mark",
    "PolicyPrice",
    "Register",
]
