"""Addresses of events and statements."""

from django.urls import path, register_converter

from . import feeds, views


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
    path("events/feed/", feeds.EventFeed(), name="event_feed"),
    path("events/calendar.ics", views.event_calendar, name="event_calendar"),
    path("events/<year:year>/", views.event_year, name="event_year"),
    path("events/<year:year>/<slug:slug>/", views.event_detail, name="event_detail"),
    path("events/<year:year>/<slug:slug>/event.ics", views.event_ics, name="event_ics"),
    path("statements/", views.statement_list, name="statement_list"),
    path("statements/feed/", feeds.StatementFeed(), name="statement_feed"),
    path("statements/<slug:slug>/", views.statement_detail, name="statement_detail"),
    path("members/<slug:slug>/feed/", feeds.MemberFeed(), name="member_feed"),
    path("members/<slug:slug>/calendar.ics", views.member_calendar, name="member_calendar"),
    path("people/<slug:slug>/feed/", feeds.PersonFeed(), name="person_feed"),
    path("topics/<slug:slug>/feed/", feeds.TopicFeed(), name="topic_feed"),
    path("topics/<slug:slug>/calendar.ics", views.topic_calendar, name="topic_calendar"),
    path("media/pictures/<str:name>", views.picture, name="picture"),
]
