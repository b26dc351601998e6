"""All settings, in one place and in the order of Django's own template.

Nothing else reads the environment. Each variable is described in .env.example; a file .env is read where it stands.

PEEL_ENV says how the site runs:

``production``     refuses to start without SECRET_KEY, ALLOWED_HOSTS and DATABASE_URL;
``demonstration``  (the default) as production, but on http://localhost with the embedded database and a key of its own;
``development``    as demonstration, with DEBUG.
"""

import os
import re
import secrets
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import environ
import pghistory
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()
environ.Env.read_env(os.environ.get("ENV_FILE", BASE_DIR / ".env"))


def env_choice(name: str, *choices: str) -> str:
    """One of these words; the first is the default."""
    word = env.str(name, default="") or choices[0]
    if word not in choices:
        raise ImproperlyConfigured(f"{name} is {word!r}, but must be one of: {', '.join(choices)}.")
    return word


def env_switch(name: str, *, default: bool) -> bool:
    """A switch that is "true" or "false"."""
    return env_choice(name, *(("true", "false") if default else ("false", "true"))) == "true"


def env_text(name: str, default: str, pattern: str = r".+", meaning: str = "") -> str:
    """A text of this pattern; an empty one counts as absent."""
    text = env.str(name, default="").strip() or default
    if not re.fullmatch(pattern, text):
        raise ImproperlyConfigured(f"{name} is {text!r}, but must be {meaning}.")
    return text


def env_number(name: str, default: int) -> int:
    """A whole number above zero."""
    return int(env_text(name, str(default), r"[1-9]\d{0,4}", "a whole number above zero"))


def env_day(name: str, default: str) -> date:
    """A day as 2017-05-01."""
    text = env.str(name, default="").strip() or default
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007  a day has no zone
    except ValueError:
        raise ImproperlyConfigured(f"{name} is {text!r}, but must be a day, as in: {default}") from None


def kept_secret_key(path: Path) -> str:
    """The secret key in this file, made at the first use: sessions of a demonstration outlive a restart."""
    try:
        return path.read_text()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # fails where another process was quicker, whose key then counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
        return path.read_text()


# How the site runs

PEEL_ENV = env_choice("PEEL_ENV", "demonstration", "production", "development")
PRODUCTION = PEEL_ENV == "production"
DATA_DIR = Path(env_text("DATA_DIR", str(BASE_DIR / ".data"))).absolute()
CODE_VERSION = env_text("CODE_VERSION", "unversioned")

if PRODUCTION:
    needed = ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL")
    missing = [name for name in needed if not env.str(name, default="").strip()]
    if missing:
        raise ImproperlyConfigured(
            f"With PEEL_ENV=production these variables must be set, and are not: {', '.join(missing)}. "
            "See .env.example."
        )

# Whether readers reach the site through https alone; and whether a proxy in front of it speaks https for it,
# setting X-Forwarded-Proto itself (else anybody could claim it).
HTTPS_ONLY = env_switch("HTTPS_ONLY", default=PRODUCTION)
BEHIND_PROXY = env_switch("BEHIND_PROXY", default=False)


# https://docs.djangoproject.com/en/5.2/ref/settings/#core-settings

SECRET_KEY = env.str("SECRET_KEY", default="").strip() or kept_secret_key(DATA_DIR / "secret-key")

DEBUG = PEEL_ENV == "development"

ALLOWED_HOSTS = [
    host for host in re.split(r"[\s,]+", env_text("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")) if host
]
for host in ALLOWED_HOSTS:
    if "/" in host:
        raise ImproperlyConfigured(f"ALLOWED_HOSTS has {host!r}, but takes names alone: peel.example.org")


# The site's own: who speaks, and under which terms

SITE_NAME = env_text("SITE_NAME", "PEEL history")
OPERATOR = env_text("OPERATOR", "the PEEL history contributors")
CONTACT_EMAIL = env_text("CONTACT_EMAIL", "peel-history@example.org", r"[^@\s]+@[^@\s]+", "an e-mail address")
PORT = env_text("PORT", "8000", r"\d{1,5}", "a number")
BASE_URL = env_text(
    "BASE_URL",
    f"https://{ALLOWED_HOSTS[0].lstrip('.')}" if PRODUCTION else f"http://localhost:{PORT}",
    r"https?://[^/\s]+",
    "the address of the site without a path, as in: https://peel.example.org",
)
DATA_LICENCE = {
    "name": env_text("DATA_LICENCE_NAME", "Open Government Licence v3.0"),
    "url": env_text(
        "DATA_LICENCE_URL",
        "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
        r"https?://\S+",
        "the address of the licence",
    ),
}
# The first day of publication to which the limit of 56 days applies (Police Act 1996, section 55(5A)). The exact day is to
# be confirmed: Policing and Crime Act 2017, section 37.
RESPONSE_LIMIT_FROM = env_day("RESPONSE_LIMIT_FROM", "2017-05-01")
# For how many days the signed link to a draft opens it.
PREVIEW_DAYS = env_number("PREVIEW_DAYS", 7)
# How often one address may ask the API in a minute.
API_REQUESTS_A_MINUTE = env_number("API_REQUESTS_A_MINUTE", 300)
ADMIN_PATH = env_text(
    "ADMIN_PATH", "admin/", r"([a-z0-9-]+/)+", "a path with a slash at its end, as in: admin/"
)

# Signing in: everything about it lies below the admin's path.
ACCOUNT_PATH = f"{ADMIN_PATH}account/"
MFA_REQUIRED = env_switch("MFA_REQUIRED", default=PRODUCTION)
SESSION_HOURS = env_number("SESSION_HOURS", 8)
SESSION_IDLE_MINUTES = env_number("SESSION_IDLE_MINUTES", 60)
INVITATION_DAYS = env_number("INVITATION_DAYS", 7)


# Application definition

INSTALLED_APPS = [
    # Before the record, whose admin leaves out what these would list there.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "grades.apps.GradesConfig",
    "peel_site.apps.RecordAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.postgres",
    "pgtrigger",
    "pghistory",
    "csp",
    "axes",
    "peel_site.signin.apps.SigninConfig",
    "django_tables2",
    "django_filters",
]

MIDDLEWARE = [
    "peel_site.middleware.StrictHeaders",
    "peel_site.middleware.HeadWithoutBody",
    "peel_site.health.Health",
    "django.middleware.security.SecurityMiddleware",
    "peel_site.middleware.OpenToAll",
    "peel_site.limits.ApiLimit",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Outside of all that an answer goes through, so that what is kept is whole: compressed, and with its headers.
    "peel_site.caching.PublicAnswers",
    "peel_site.middleware.Compression",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "peel_site.middleware.Framing",
    "peel_site.middleware.PlainRequests",
    "peel_site.middleware.TidyAddress",
    "peel_site.middleware.DatabaseUnavailable",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "peel_site.signin.middleware.SignedIn",
    "peel_site.signin.middleware.SecondFactor",
    "peel_site.signin.middleware.SaysWho",
    # Last, as its own documentation asks.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "peel_site.urls"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "grades.context.site",
            ],
        },
    },
]

WSGI_APPLICATION = "peel_site.wsgi.application"


# https://docs.djangoproject.com/en/5.2/ref/databases/#postgresql-notes

EMBEDDED_POSTGRES = DATA_DIR / "postgres"


def database(variable: str, address: str) -> dict[str, Any]:
    """The database at the address that a variable gives, or else the embedded one."""
    if address.strip():
        try:
            found: dict[str, Any] = env.db_url_config(address)
        except (ValueError, ImproperlyConfigured):
            found = {}
        if found.get("ENGINE") != "django.db.backends.postgresql" or not found.get("NAME"):
            raise ImproperlyConfigured(
                f"{variable} must name a PostgreSQL database, as in: postgres://user:password@host:5432/peel"
            )
        found["ENGINE"] = "peel_site.postgres"
    else:
        from peel_site.embedded.server import DATABASE, ROLE, EmbeddedServer

        found = {
            "ENGINE": "peel_site.embedded",
            "NAME": DATABASE,
            "USER": ROLE,
            "HOST": str(EmbeddedServer(EMBEDDED_POSTGRES).socket_folder),
        }
    found["CONN_HEALTH_CHECKS"] = True
    found["OPTIONS"] = {
        "connect_timeout": 2,
        "application_name": "peel",
        # While the database is away, one reader at a time waits `timeout` seconds for the page that says so; each tries
        # anew, because an attempt is given up after `reconnect_timeout`, and its pause would grow from then on.
        # There is a connection for each thread of serving.py.
        "pool": {"min_size": 0, "max_size": 16, "timeout": 2, "reconnect_timeout": 1},
        **found.get("OPTIONS", {}),
    }
    return found


DATABASES = {"default": database("DATABASE_URL", env.str("DATABASE_URL", default=""))}

# A copy that follows the database, for reading public pages; where it is further behind than this, it is not read.
REPLICA_LAG_SECONDS = env_number("REPLICA_LAG_SECONDS", 30)
if replica := env.str("REPLICA_URL", default="").strip():
    DATABASES["replica"] = database("REPLICA_URL", replica) | {"TEST": {"MIRROR": "default"}}
    DATABASE_ROUTERS = ["peel_site.replica.PublicReads"]

# The role as which the site itself asks, where another owns the tables: `manage.py prepare`, run by the owner, makes it and
# lets it read and write, but not change what was written to the change log or the histories.
WEB_ROLE = env_text(
    "WEB_ROLE", "", r"|[a-z_][a-z0-9_]{0,62}", "a name of small letters, digits and underscores"
)
WEB_PASSWORD = env.str("WEB_PASSWORD", default="")

# https://django-pghistory.readthedocs.io/en/latest/settings/
# Who and why stand in the row of the history itself, which nothing can change: no table of contexts is rewritten.
PGHISTORY_APPEND_ONLY = True
PGHISTORY_CONTEXT_FIELD = pghistory.ContextJSONField()
PGHISTORY_OBJ_FIELD = pghistory.ObjForeignKey(related_name="row_history")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


# For how many seconds a process goes by the version of the record that it has read: see peel_site/caching.py.
VERSION_SECONDS = 1

# https://docs.djangoproject.com/en/5.2/topics/cache/#database-caching
# One for all processes, without a service of its own: limits count together, and a code that was used is used for all.
# No public page asks it. Its table is made by `manage.py prepare`.
CACHE_URL = env_text(
    "CACHE_URL",
    "",
    r"|(redis|rediss|unix)://.+",
    "the address of a Valkey or Redis, as in: redis://localhost:6379/0",
)
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "peel_cache",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
    # Public answers, by what they were made of: see peel_site/caching.py. An old one is never asked for, only in the way.
    "pages": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": CACHE_URL,
        "TIMEOUT": 24 * 60 * 60,
        "KEY_PREFIX": "page",
        # Without it pages are made anew, and nobody waits for it.
        "OPTIONS": {
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": 0.2,
            "SOCKET_TIMEOUT": 0.2,
        },
    }
    if CACHE_URL
    else {
        "BACKEND": "peel_site.caching.InMemory",
        "LOCATION": "pages",
        "TIMEOUT": 24 * 60 * 60,
        # Some 20 KB each, in each process; and together no more than this, whatever is asked for.
        "OPTIONS": {"MAX_ENTRIES": 600, "MAX_BYTES": 32_000_000},
    },
    # How often each address has asked the API in this minute, where it costs no query.
    "limits": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "limit",
        # Without it nobody is refused, and nobody waits for it.
        "OPTIONS": {
            "IGNORE_EXCEPTIONS": True,
            "SOCKET_CONNECT_TIMEOUT": 0.2,
            "SOCKET_TIMEOUT": 0.2,
        },
    }
    if CACHE_URL
    else {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "limits",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}
# Where answers begin that nobody may hold: they are about one reader, or about the moment. The admin's are the same.
NEVER_HELD = ("/preview/",)


# https://procrastinate.readthedocs.io/en/stable/howto/django/settings.html
# Long work waits in the same database; `manage.py work` does it. Its lists are for whoever runs the site, not for the desk.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"

# Where uploaded files wait until they are loaded or discarded: the web process writes them, the worker reads them, and
# nothing serves this folder.
UPLOADS_DIR = Path(env_text("UPLOADS_DIR", str(DATA_DIR / "uploads"))).absolute()


# https://docs.djangoproject.com/en/5.2/topics/email/
# In production a mail server; elsewhere mails appear where the site was started.
vars().update(
    env.email_url_config(
        env_text(
            "EMAIL_URL",
            "smtp://localhost:25" if PRODUCTION else "consolemail://",
            r"(smtp|smtps|smtp\+tls|smtp\+ssl|consolemail|filemail|memorymail|dummymail)://.*",
            "the address of a mail server, as in: smtp+tls://user:password@mail.example.org:587",
        )
    )
)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env_text(
    "DEFAULT_FROM_EMAIL", CONTACT_EMAIL, r"[^@]+@[^@]+", "an e-mail address, with or without a name before it"
)


# https://docs.djangoproject.com/en/5.2/ref/settings/#auth-password-validators

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]


# https://docs.allauth.org/en/latest/account/configuration.html and …/mfa/configuration.html

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "account_login"

ACCOUNT_ADAPTER = "peel_site.signin.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "peel_site.signin.forms.SignInForm",
    "reset_password": "peel_site.signin.forms.ForgottenPasswordForm",
    "reset_password_from_key": "peel_site.signin.forms.NewPasswordForm",
    "change_password": "peel_site.signin.forms.ChangePasswordForm",
    "set_password": "peel_site.signin.forms.FirstPasswordForm",
    "add_email": "peel_site.signin.forms.NewAddressForm",
    "reauthenticate": "peel_site.signin.forms.PasswordAgainForm",
}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
# Nobody signs up: staff are invited, and their address is known to be theirs because the link went there. An address
# that they change later counts once the link sent to it was followed.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = f"{SITE_NAME}: "
ACCOUNT_DEFAULT_HTTP_PROTOCOL = BASE_URL.partition(":")[0]
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
# Wrong passwords are counted by django-axes, for all processes and after a restart. What is left here slows down whoever
# tries many names from many addresses, or has many mails sent.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "30/m/ip",  # by name alone, anybody could keep somebody out
    "reset_password": "20/h/ip,3/10m/key",
}
# The address of a reader is what a trusted proxy says, and otherwise who is connected.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0

MFA_ADAPTER = "peel_site.signin.adapters.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "peel_site.signin.forms.CodeForm",
    "reauthenticate": "peel_site.signin.forms.CodeAgainForm",
    "activate_totp": "peel_site.signin.forms.FirstCodeForm",
    "add_webauthn": "peel_site.signin.forms.NewPasskeyForm",
    "edit_webauthn": "peel_site.signin.forms.PasskeyNameForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = SITE_NAME
# A code that was typed as it changed is still right.
MFA_TOTP_TOLERANCE = 1
# There is no sign-up by which a stranger could take somebody's address first.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Browsers allow passkeys on http://localhost alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS_ONLY


# https://django-axes.readthedocs.io/en/latest/4_configuration.html

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_USERNAME_CALLABLE = "peel_site.signin.locking.name_of"
AXES_CLIENT_IP_CALLABLE = "peel_site.signin.locking.address_of"
AXES_LOCKOUT_CALLABLE = "peel_site.signin.locking.locked_out"
AXES_SENSITIVE_PARAMETERS = [
    "code",
    "credential",
    "csrfmiddlewaretoken",
    "oldpassword",
    "password1",
    "password2",
]
AXES_VERBOSE = False
# Who has signed in is told by the log; no second list of it is kept, nor shown.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False


# https://docs.djangoproject.com/en/5.2/topics/i18n/

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("cy", "Cymraeg")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True


# https://docs.djangoproject.com/en/5.2/howto/static-files/ and https://whitenoise.readthedocs.io/

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "peel_site.static_files.StyleFinder",
    "peel_site.static_files.PlotlyFinder",
]
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "peel_site.static_files.StaticFiles"
        )
    },
}


# https://docs.djangoproject.com/en/5.2/ref/settings/#security

SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if HTTPS_ONLY else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS_ONLY
SECURE_HSTS_PRELOAD = HTTPS_ONLY
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

# Cookies exist for those who sign in, and only travel to the admin.
SESSION_COOKIE_AGE = SESSION_HOURS * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = HTTPS_ONLY
SESSION_COOKIE_PATH = f"/{ADMIN_PATH}"
# Messages too: Django's own cookie for them would travel everywhere.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_FAILURE_VIEW = "grades.views.errors.csrf_failure"
CSRF_COOKIE_SECURE = HTTPS_ONLY
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_PATH = f"/{ADMIN_PATH}"
CSRF_TRUSTED_ORIGINS = [BASE_URL]

# The screen on which a report is recorded sends some fields for each question and each finding; of these there may be
# hundreds. What is larger than Django's own limit of 2.5 MB is refused in words.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

# https://django-csp.readthedocs.io/
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],  # the figure of a chart that is explored
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "frame-src": [SELF],  # a block of ours, where it is handed out
        "img-src": [SELF],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}
# Blocks on other sites: everybody may frame them, and they load nothing but our style sheet, script and pictures.
EMBED_CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "form-action": [NONE],
        "frame-ancestors": ["*"],
        "img-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    }
}


# https://docs.djangoproject.com/en/5.2/topics/logging/

# For people, or for machines: one object of JSON a line, the default in production.
LOG_FORMAT = env_choice("LOG_FORMAT", *(("json", "lines") if PRODUCTION else ("lines", "json")))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"},
        "json": {"()": "peel_site.logs.AsJson"},
    },
    "filters": {
        "without_links": {"()": "peel_site.logs.WithoutLinks"},
        "without_traceback": {"()": "peel_site.logs.WithoutTraceback"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["without_links"],
        },
        "refusals": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["without_links", "without_traceback"],
        },
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "grades": {"level": "INFO"},
        "peel_site": {"level": "INFO"},
        # Django's own, without its mail to administrators.
        "django": {"handlers": ["console"], "level": "INFO", "propagate": False},
        # Pages that do not exist, and hosts that scanners make up, are nobody's error here.
        "django.request": {"level": "ERROR"},
        "django.security": {"handlers": ["refusals"], "propagate": False},
        "django.security.DisallowedHost": {"handlers": [], "level": "CRITICAL", "propagate": False},
        # Wrong passwords and lockouts are told by peel_site.signin, a line each.
        "axes": {"level": "ERROR"},
        # Tells of every attempt to reach a database that is away; the request's own line is enough.
        "psycopg.pool": {"level": "ERROR"},
    },
}


# https://docs.sentry.io/platforms/python/ and https://prometheus.github.io/client_python/: both off unless asked for.
SENTRY_DSN = env_text("SENTRY_DSN", "", r"|https?://\S+@\S+", "the address that Sentry gives a project")
if SENTRY_DSN:
    from peel_site.watching import report_errors

    report_errors(SENTRY_DSN, release=CODE_VERSION, environment=PEEL_ENV)
METRICS = env_switch("METRICS", default=False)
if METRICS:
    from peel_site.watching import share_metrics

    share_metrics(DATA_DIR / "metrics")
    counted_from = MIDDLEWARE.index("peel_site.health.Health") + 1
    MIDDLEWARE = [
        *MIDDLEWARE[:counted_from],
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        *MIDDLEWARE[counted_from:],
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ]


# https://django-tables2.readthedocs.io/

DJANGO_TABLES2_TEMPLATE = "tables/table.html"
