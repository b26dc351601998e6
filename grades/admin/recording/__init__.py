"""Recording a report: choose force and cycle, then one screen with every question of that cycle."""

from grades.admin.recording.urls import recording_urls

__all__ = ["recording_urls"]
