"""The entry point of the web server (gunicorn peel_site.wsgi)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "peel_site.settings")

application = get_wsgi_application()
