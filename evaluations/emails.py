"""The mails of evaluation and impact (ux 4.1: 15, 16, 20). The certificate's mail (17) belongs to bookings."""

from __future__ import annotations

from core.mail import MailKind, register_mail

EVALUATE_PATH = "/evaluate/{token}/"
SURVEY_PATH = "/survey/{token}/"

INITIAL_INVITED = register_mail(
    MailKind(
        "initial_evaluation_invited",
        "Asks a learner to evaluate a course, when its register is finished",
        "evaluations/mail/initial_invited",
        link_path=EVALUATE_PATH,
    )
)
INITIAL_REMINDER = register_mail(
    MailKind(
        "initial_evaluation_reminder",
        "Reminds a learner to evaluate a course, 1, 7 and 14 days later",
        "evaluations/mail/initial_reminder",
        link_path=EVALUATE_PATH,
    )
)
IMPACT_INVITED = register_mail(
    MailKind(
        "impact_survey_invited",
        "Asks a learner what changed, 3 months after a course",
        "evaluations/mail/impact_invited",
        link_path=SURVEY_PATH,
    )
)
IMPACT_REMINDER = register_mail(
    MailKind(
        "impact_survey_reminder",
        "Reminds a learner of the impact survey, 14 and 28 days later",
        "evaluations/mail/impact_reminder",
        link_path=SURVEY_PATH,
    )
)
