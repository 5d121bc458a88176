"""What bookings announce to the apps above. Receivers run inside the transaction that did it."""

from django.dispatch import Signal

# The outcome of bookings has been decided, by finishing a register or by correcting one afterwards.
# Arguments: bookings (list of Booking, all of one session), by (User or None), now.
attendance_recorded = Signal()

# A register was finished and the session counts as held. Arguments: session (CourseSession), by, now.
register_finished = Signal()
