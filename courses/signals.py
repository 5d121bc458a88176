"""What courses announce to the apps above. Receivers run inside the transaction that did it."""

from django.dispatch import Signal

# The partnership cancelled a session. Arguments: session (CourseSession), by (User or None), now.
session_cancelled = Signal()
