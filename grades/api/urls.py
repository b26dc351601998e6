"""The addresses of the API below its root: the lists, and what tells of them."""

from django.urls import path

from grades.api import contents
from grades.api.lists import api

app_name = "api"

urlpatterns = [
    path("", contents.contents, name="contents"),
    path("openapi.json", contents.openapi, name="openapi"),
    *api.urls[0][:-1],  # all but the library's own page at the root
]
