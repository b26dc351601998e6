"""Official files at the desk: brought, compared, loaded and taken back; the work itself is done in another process."""

from grades.admin.loading import jobs, runs, uploads

__all__ = ["jobs", "runs", "uploads"]
