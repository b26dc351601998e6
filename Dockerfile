# The one image: the site without its database. `docker compose up` gives it one.

FROM python:3.11-slim AS build
RUN python -m venv /app/.venv
COPY requirements.txt /app/
RUN /app/.venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r /app/requirements.txt

FROM python:3.11-slim
ARG CODE_VERSION=unversioned
ENV PEEL_ENV=production \
    DATA_DIR=/app/.data \
    CODE_VERSION=$CODE_VERSION \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PATH=/app/.venv/bin:$PATH
WORKDIR /app
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin peel && install --directory --owner peel --mode 700 /app/.data/uploads
COPY --from=build /app/.venv /app/.venv
COPY manage.py LICENSE LICENSE-DATA.md /app/
COPY peel_site /app/peel_site
COPY grades /app/grades
COPY templates /app/templates
COPY static /app/static
# Needs the settings but none of their secrets: these stand for them, here alone.
RUN SECRET_KEY=build ALLOWED_HOSTS=build DATABASE_URL=postgres://build@build/build python manage.py collectstatic --noinput --verbosity 0
USER peel
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=8s --start-period=20s --retries=3 CMD ["python", "-m", "peel_site.ask", "http://127.0.0.1:8000/healthz"]
CMD ["gunicorn", "--config", "python:peel_site.serving", "--bind", "0.0.0.0:8000", "peel_site.wsgi"]
