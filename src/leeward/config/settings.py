"""Django settings, safe by default. Values come from the environment, then `leeward.toml`."""

import os
from pathlib import Path

from csp.constants import NONE, SELF

from leeward.config.databases import database
from leeward.config.home import file_settings, home, secret_key

PACKAGE = Path(__file__).resolve().parents[1]
LEEWARD_HOME = home()
_file = file_settings(LEEWARD_HOME)


def _setting(name: str, default: str = "") -> str:
    return os.environ.get(f"LEEWARD_{name}", str(_file.get(name.lower(), default)))


def _flag(name: str) -> bool:
    return _setting(name).lower() in ("1", "true", "yes")


DEBUG = False
SECRET_KEY = secret_key(LEEWARD_HOME)
LEEWARD_TLS = _flag("TLS")
LEEWARD_REDIS_URL = _setting("REDIS_URL")
# Where HL7 devices of a place are listened for: "place-slug=host:port", several apart by spaces.
LEEWARD_HL7_LISTEN = _setting("HL7_LISTEN")
LEEWARD_ANCHOR_FILE = Path(
    _setting("ANCHOR_FILE") or LEEWARD_HOME / "anchors" / "anchors.ndjson"
).resolve()
LEEWARD_ANCHOR_EMAIL = _setting("ANCHOR_EMAIL")
LEEWARD_METRICS_TOKEN = _setting("METRICS_TOKEN")
LEEWARD_DEMO = (LEEWARD_HOME / "DEMO").exists()
# Whose emergency numbers the pages show: a country of content/crisis_lines.
LEEWARD_COUNTRY = _setting("COUNTRY", "us")
# Outgoing e-mail. Without a server messages stay in the outbox; a link that stops them needs the
# address under which people reach this clinic.
EMAIL_HOST = _setting("SMTP_HOST")
EMAIL_PORT = int(_setting("SMTP_PORT", "587"))
EMAIL_HOST_USER = _setting("SMTP_USER")
EMAIL_HOST_PASSWORD = _setting("SMTP_PASSWORD")
EMAIL_USE_TLS = not _flag("SMTP_PLAIN")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = _setting("MAIL_FROM", "clinic@localhost")
LEEWARD_PUBLIC_URL = _setting("PUBLIC_URL")
# What the carrier of text messages sends with each one that comes in; without it none is taken.
LEEWARD_SMS_HOOK_SECRET = _setting("SMS_HOOK_SECRET")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *_setting("HOSTS").split()]
CSRF_TRUSTED_ORIGINS = _setting("TRUSTED_ORIGINS").split()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "template_partials",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "leeward.records.audit",
    "leeward.records.organizations",
    "leeward.records.accounts",
    "leeward.records.people",
    "leeward.records.charts",
    "leeward.records.consents",
    "leeward.records.scheduling",
    "leeward.records.library",
    "leeward.records.orders",
    "leeward.records.treatments",
    "leeward.records.pharmacy",
    "leeward.records.messaging",
    "leeward.records.overview",
    "leeward.config.app.LeewardConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "leeward.web.measures.measured",
    "leeward.web.middleware.security_headers",
    "leeward.web.middleware.request_size",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "leeward.web.middleware.viewer",
]

ROOT_URLCONF = "leeward.config.urls"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
LOGIN_URL = "sign-in"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "leeward.web.context.page",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            ["django.template.loaders.filesystem.Loader"],
                        )
                    ],
                )
            ],
            "builtins": [
                "template_partials.templatetags.partials",
                "leeward.web.templatetags.leeward",
                "leeward.web.templatetags.public",
            ],
        },
    }
]

DATABASES = {"default": database(_setting("DATABASE_URL"), LEEWARD_HOME)}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Messages travel in a signed cookie, so that showing one runs no query.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [PACKAGE / "web" / "locale"]
# Django's own Spanish writes 0,5 for 0.5, which is a tenfold slip waiting to happen.
FORMAT_MODULE_PATH = ["leeward.config.formats"]

STATIC_URL = "/static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STATIC_ROOT = LEEWARD_HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Compressed beside the originals; not renamed, since modules import each other by name.
    "staticfiles": {"BACKEND": "servestatic.storage.CompressedStaticFilesStorage"},
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LEEWARD_TLS
SESSION_COOKIE_AGE = 12 * 60 * 60
SECURE_HSTS_SECONDS = 31_536_000 if LEEWARD_TLS else 0
SECURE_SSL_REDIRECT = LEEWARD_TLS and not _flag("BEHIND_PROXY")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
LEEWARD_UPLOAD_LIMIT_BYTES = 200 * 1024 * 1024
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"},
        "json": {"()": "leeward.config.logs.JsonLines"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "text" if _setting("LOG") == "text" else "json",
        }
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"leeward": {"level": "INFO"}},
}
