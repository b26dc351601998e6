"""Paths and names of the public site; addresses never change meaning."""

from django.urls import path

urlpatterns: list = []
