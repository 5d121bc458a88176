from django.urls import path

from .views import booking, catalogue, certificates, courses, deliver, manage, mine, my_bookings, register, sessions

app_name = "bookings"
urlpatterns = [
    # The programme, for everyone
    path("training/", catalogue.catalogue, name="catalogue"),
    path("training/courses/", courses.courses, name="courses"),
    path("training/courses/<path:code>/", courses.course, name="course"),
    path("training/calendar/", courses.calendar, name="calendar"),
    path("training/calendar.ics", courses.calendar_feed, name="calendar_feed"),
    path("training/e-learning/", courses.e_learning, name="e_learning"),
    path("training/sessions/<path:ref>/", sessions.session, name="session"),
    # Booking a place
    path("book/<path:ref>/needs/", booking.book_needs, name="book_needs"),
    path("book/<path:ref>/check/", booking.book_check, name="book_check"),
    path("book/<path:ref>/", booking.book, name="book"),
    # One's own training
    path("my/", mine.my_training, name="my_training"),
    path("my/bookings/<str:reference>/", my_bookings.booking, name="booking"),
    path("my/bookings/<str:reference>/done/", my_bookings.book_done, name="book_done"),
    path("my/bookings/<str:reference>/calendar.ics", my_bookings.booking_calendar, name="booking_calendar"),
    path("my/bookings/<str:reference>/cancel/", my_bookings.booking_cancel, name="booking_cancel"),
    path("my/certificates/<str:number>.pdf", certificates.certificate, name="certificate"),
    path("check/", certificates.certificate_check, name="certificate_check"),
    path("check/<str:number>/", certificates.certificate_result, name="certificate_result"),
    # The trainer's sessions
    path("deliver/", deliver.deliver, name="deliver"),
    path("deliver/<path:ref>/register/mark/", register.register_mark, name="register_mark"),
    path("deliver/<path:ref>/register/add/", register.register_add, name="register_add"),
    path("deliver/<path:ref>/register/rest/", register.register_rest, name="register_rest"),
    path("deliver/<path:ref>/register/finish/", register.register_finish, name="register_finish"),
    path("deliver/<path:ref>/register/", register.register, name="register"),
    path("deliver/<path:ref>/sign-in-sheet/", register.sign_in_sheet, name="sign_in_sheet"),
    # The training team
    path("manage/sessions/", manage.manage_sessions, name="manage_sessions"),
    path("manage/sessions/<path:ref>/", manage.manage_session, name="manage_session"),
    path("manage/bookings/", manage.manage_bookings, name="manage_bookings"),
    path("manage/charges/", manage.manage_charges, name="manage_charges"),
]
