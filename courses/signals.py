"""What courses announce to the apps above. Receivers run inside the transaction that did it."""

from django.dispatch import Signal

# The partnership cancelled a session. Arguments: session (CourseSession), by (User or None), now.
session_cancelled = Signal()

# Asked before an import changes sessions. Arguments: changes ({session id: {"capacity": …, "status": …}}), now. A
# receiver
# answers with what speaks against it: {session id: (column, reason)}.
sessions_changing = Signal()
