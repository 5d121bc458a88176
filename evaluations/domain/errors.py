"""Why an evaluation or a survey cannot be answered, in words for the learner."""

from core.errors import RuleBroken


class NotHeldYet(RuleBroken):
    default_message = "This course has not taken place yet. You can evaluate it afterwards."


class RegisterNotFinished(RuleBroken):
    default_message = "Your trainer has not finished the register. We will email you when you can evaluate the course."


class DidNotAttend(RuleBroken):
    default_message = "Our register says that you did not attend this course, so there is nothing to evaluate."


class SurveyNotOpen(RuleBroken):
    default_message = "This survey is not open."


class SurveyClosed(RuleBroken):
    default_message = "This survey has closed, so we can no longer take your answers. Thank you for wanting to help."
