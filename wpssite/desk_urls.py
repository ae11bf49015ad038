"""The addresses of the desk; imported when one is first asked for, with the code of the desk."""

from django.contrib import admin

from .base.apps import load_desk

load_desk()
urlpatterns = admin.site.urls[0]
