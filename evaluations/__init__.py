"""Did it make a difference: confidence before, evaluation at the end, impact on practice three to six months later.

Owns: the evaluation plan, initial evaluations, impact follow-ups and their answers.
Does not own: attendance and certificates (bookings) or the quarterly report (reports).
Its rules are in ``evaluations/domain/``.
"""
