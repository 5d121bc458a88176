from .course import Course, Priority
from .session import CourseSession, SessionPart, Venue

__all__ = ["Course", "CourseSession", "Priority", "SessionPart", "Venue"]
