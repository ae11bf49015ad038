"""Addresses of events and statements."""

from django.urls import path, register_converter

from . import views


class FourDigits:
    """A year in an address."""

    regex = "[1-9][0-9]{3}"

    def to_python(self, value):
        return int(value)

    def to_url(self, value):
        return f"{value:04}"


register_converter(FourDigits, "year")

app_name = "events"
urlpatterns = [
    path("events/", views.event_list, name="event_list"),
    path("events/<year:year>/", views.event_year, name="event_year"),
    path("events/<year:year>/<slug:slug>/", views.event_detail, name="event_detail"),
    path("statements/", views.statement_list, name="statement_list"),
    path("statements/<slug:slug>/", views.statement_detail, name="statement_detail"),
    path("media/pictures/<str:name>", views.picture, name="picture"),
]
