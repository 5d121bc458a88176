"""The administrator's day: what needs attention, which dates come next and whether they are ready, what runs behind."""
