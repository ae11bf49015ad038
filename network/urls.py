"""Addresses of members, people, chairs, plans, resolutions, topics and documents."""

from django.urls import path

from . import views

app_name = "network"
urlpatterns = [
    path("members/", views.member_list, name="member_list"),
    path("members.csv", views.member_csv, name="member_csv"),
    path("members/<slug:slug>/", views.member_detail, name="member_detail"),
    path("people/", views.person_list, name="person_list"),
    path("people/<slug:slug>/", views.person_detail, name="person_detail"),
    path("chairs/", views.chair_list, name="chair_list"),
    path("action-plans/", views.plan_list, name="plan_list"),
    path("action-plans/<slug:slug>/", views.plan_detail, name="plan_detail"),
    path("resolutions/", views.resolution_list, name="resolution_list"),
    path("resolutions/<slug:slug>/", views.resolution_detail, name="resolution_detail"),
    path("topics/", views.topic_list, name="topic_list"),
    path("topics/<slug:slug>/", views.topic_detail, name="topic_detail"),
    path("documents/", views.document_list, name="document_list"),
    path("documents/<slug:slug>/", views.document_detail, name="document_detail"),
]
