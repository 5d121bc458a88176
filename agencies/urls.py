from django.urls import path

from .views import details, people, rights

app_name = "agencies"
urlpatterns = [
    path("my/details/", details.my_details, name="my_details"),
    path("manage/people/", people.people, name="people"),
    path("manage/agencies/", people.agencies, name="agencies"),
    path("manage/rights/", rights.rights, name="rights"),
    path("manage/rights/appoint/", rights.appointment_add, name="appointment_add"),
    path("manage/rights/<int:pk>/end/", rights.appointment_end, name="appointment_end"),
]
