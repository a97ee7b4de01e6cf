"""Settings of the whole application. A bad value stops the start with one sentence."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

from dongkou import database_roles, enum_names
from dongkou.addresses import amqp_url, celery_url, database, embedded_broker, pooled, redis_url, replicas
from dongkou.backup.plan import backup_settings
from dongkou.environment import (
    env,
    env_calendar,
    env_choice,
    env_command,
    env_list,
    env_networks,
    env_notices,
    env_number,
    env_provider,
    env_province,
    env_roles,
    env_secret,
    env_socket,
    env_switch,
)
from dongkou.given_keys import load_keys
from dongkou.layout import BASE_DIR, Layout, data_folder
from dongkou.logs import logging_settings
from dongkou.schedule import QUEUES
from dongkou.syslog import BadTarget, sending
from households.oidc.provider import BadProvider, provider_from
from households.roles import Role
from households.sms.gateway import BadGateway, gateway_from

LAYOUT = Layout(data_folder())
SECRET_KEY, CODE_KEY, FIELD_KEYS = load_keys(LAYOUT)
_broker = embedded_broker(LAYOUT)

DEBUG = False
HTTPS = env_switch("DONGKOU_HTTPS")  # behind a proxy that ends TLS
ALLOWED_HOSTS = env_list("DONGKOU_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
TRUSTED_PROXIES = env_networks("DONGKOU_TRUSTED_PROXIES")  # whose word on the client's address counts
PUBLIC_URL = env("DONGKOU_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")  # what a household plate's code begins with
if not PUBLIC_URL.startswith(("http://", "https://")):
    raise ImproperlyConfigured(f"环境变量 DONGKOU_PUBLIC_URL 应以 http:// 或 https:// 开头，现在是“{PUBLIC_URL}”。")
BACKUP_FOLDER, BACKUP_PLAN = backup_settings()
METRICS_FOR = env_networks("DONGKOU_METRICS_FOR", "127.0.0.1,::1")  # who may read /metrics
METRICS_TOKEN = env_secret("DONGKOU_METRICS_TOKEN")  # or whoever shows it
SLOW_MS = env_number(
    "DONGKOU_SLOW_MS", 1000, least=0, most=600_000
)  # statements longer than that are logged; 0 for none
ALARM_COMMAND = env_command("DONGKOU_ALARM_COMMAND")  # gets each alarm as a line of JSON
CONTACT = env("DONGKOU_CONTACT")  # the county office's telephone, shown where people may complain
ALLOWED_HOSTS += [host for host in (urlsplit(PUBLIC_URL).hostname,) if host and host not in ALLOWED_HOSTS]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if HTTPS else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "axes",
    "csp",
    "django_htmx",
    "households",
    "scoring",
    "rewards",
    "petitions",
    "dongkou",
]

MIDDLEWARE = [
    "dongkou.tracing.middleware.Traced",
    "dongkou.middleware.RequestLog",
    "dongkou.middleware.OwnPagesOnly",
    "django.middleware.security.SecurityMiddleware",
    "dongkou.middleware.HealthFirst",
    "dongkou.gates.Entrance",
    "dongkou.middleware.PlainAddress",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "dongkou.middleware.CompressedText",
    "dongkou.middleware.NeverKept",
    "dongkou.replicas.middleware.Replicas",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "dongkou.middleware.IdleSignOut",
    "dongkou.training.middleware.Training",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dongkou.middleware.Origins",
    "households.middleware.SignInRequired",
    "households.middleware.ForcedPasswordChange",
    "households.middleware.SecondFactorFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "households.drafts.middleware.Drafts",
    "households.middleware.LeadBack",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
    "dongkou.middleware.FileSenders",
    "households.register.noting.LooksNoted",
    "households.middleware.RefusalPages",
]

ROOT_URLCONF = "dongkou.urls"
WSGI_APPLICATION = "dongkou.wsgi.application"
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
            ],
        },
    },
]

DATABASE_ROLES = {
    "application": database("DATABASE_URL", database_roles.APPLICATION, LAYOUT.sockets),
    "owner": database("DATABASE_OWNER_URL", database_roles.OWNER, LAYOUT.sockets),  # migrations
    "reader": database("DATABASE_READER_URL", database_roles.READER, LAYOUT.sockets),  # commands that only read
}
_pooled = pooled(LAYOUT.sockets)
DATABASE_IS_POOLED = bool(_pooled)  # a session lasts for one transaction: nothing may be left behind in it
DATABASES = {
    "default": {
        **DATABASE_ROLES[env_choice("DONGKOU_DATABASE_ROLE", *DATABASE_ROLES)],
        **_pooled,
        "CONN_MAX_AGE": None,  # the workers are few and long-lived
        "CONN_HEALTH_CHECKS": True,  # a restarted database costs one reconnection, not an error page
        "ATOMIC_REQUESTS": False,  # actions open their own transactions
    }
}
DATABASE_REPLICAS = replicas()  # web servers read from them (ADR 91)
REPLICA_LAG_SECONDS = env_number("DONGKOU_REPLICA_LAG_SECONDS", 10, 1, 300)
PROVINCE = env_province("DONGKOU_PROVINCE")  # a province's node and no county (ADR 96)
PROVINCE_NAME = env("DONGKOU_PROVINCE_NAME", "全省")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_cache = {
    "LOCATION": redis_url(2, _broker),
    "OPTIONS": {"serializer": "dongkou.plain_cache.PlainSerializer"},
    "VERSION": 2,  # what lies there in an older form is never read
    "KEY_FUNCTION": "dongkou.training.state.cache_key",
}
CACHES = {
    "default": {"BACKEND": "dongkou.cache.DisposableCache", **_cache},
    "sessions": {"BACKEND": "dongkou.cache.BriefCache", **_cache},
}

# People

AUTH_USER_MODEL = "households.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "households.accounts.passwords.PasswordRules"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "households.accounts.lockout.CountersOfPasswords"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # the page says how many minutes are left, and means it
AXES_LOCKOUT_CALLABLE = "households.accounts.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "households.attempts.client_address"
AXES_USERNAME_CALLABLE = "households.accounts.lockout.counted_name"
AXES_DISABLE_ACCESS_LOG = True  # the audit log keeps sign-ins
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False  # its log lines would name people

SESSION_ENGINE = "dongkou.replicas.sessions"
SESSION_CACHE_ALIAS = "sessions"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
SESSION_COOKIE_AGE = 60 * env_number("DONGKOU_IDLE_MINUTES", 30, least=5, most=720)
SESSION_MOST = timedelta(hours=env_number("DONGKOU_SESSION_HOURS", 12, least=1, most=72))  # however much it is used
# Minutes that a password typed stays good for money
CONFIRM_MINUTES = env_number("DONGKOU_CONFIRM_MINUTES", 15, least=1, most=120)
# Hours in which a one-time password is used or lost
ONE_TIME_HOURS = env_number("DONGKOU_ONE_TIME_HOURS", 72, least=1, most=720)
# Days after which another password is demanded; 0 for never
PASSWORD_DAYS = env_number("DONGKOU_PASSWORD_DAYS", 0, least=0, most=730)
ACCOUNT_REQUEST_DAYS = env_number("DONGKOU_ACCOUNT_REQUEST_DAYS", 7, least=1, most=90)  # for the second hand to confirm
KEY_DAYS = env_number("DONGKOU_KEY_DAYS", 7, least=0, most=90)  # age of an account that turns a key of money or points
IDLE_ACCOUNT_DAYS = env_number("DONGKOU_IDLE_ACCOUNT_DAYS", 90, least=1, most=1000)  # without a sign-in
# Who must have a second factor; None for the high posts of every county that is not a demo (`User.needs_second_factor`).
SECOND_FACTOR_ROLES = env_roles("DONGKOU_SECOND_FACTOR", list(Role))
HASHES_AT_ONCE = env_number("DONGKOU_HASHES_AT_ONCE", 2, least=1, most=16)  # passwords looked at together in a process
# Telephones and names in full that one official sees a day
UNMASK_DAILY = env_number("DONGKOU_UNMASK_DAILY", 30, least=1, most=1000)
PIN_WATCH_DAYS = env_number("DONGKOU_PIN_WATCH_DAYS", 7, least=1, most=90)  # what was done with a PIN just handed out
SESSION_RENEW_SECONDS = 60  # a session in use is written at most this often
HOST_ONLY = "__Host-" if HTTPS else ""  # a name that browsers take over https from this very host alone
SESSION_COOKIE_NAME = f"{HOST_ONLY}dongkou_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = f"{HOST_ONLY}dongkou_csrf"
MESSAGE_STORAGE = "dongkou.messages.Messages"
CSRF_FAILURE_VIEW = "dongkou.errors.csrf_failed"

# What comes from one network address. None of it stops anybody who is right (docs/adr/0023-limits-by-address.md)

ADDRESS_FAILURES = env_number("DONGKOU_ADDRESS_FAILURES", 30, least=5, most=10_000)  # wrong tries in ten minutes
ADDRESS_FILINGS = env_number("DONGKOU_ADDRESS_FILINGS", 200, least=1, most=100_000)  # without a plate, in an hour
HOUSEHOLD_FILINGS = env_number("DONGKOU_HOUSEHOLD_FILINGS", 10, least=1, most=1000)  # from one plate, in a day
ADDRESS_FILING_PAUSE = env_number("DONGKOU_ADDRESS_FILING_PAUSE", 20, least=1, most=600)  # seconds, beyond that

# What a browser may do with our pages

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|metrics)$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS and env_switch("DONGKOU_HSTS_SUBDOMAINS", default="1")
# Browsers' preload lists are the business of whoever owns the domain.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Files that come in are opened in cells, processes of their own (docs/adr/0041-a-cell-for-each-file.md)

CELLS_AT_ONCE = env_number("DONGKOU_CELLS", max(1, (os.cpu_count() or 2) // 2), least=1, most=64)  # in one process
SCANNER = env_socket("DONGKOU_SCANNER")  # of a ClamAV daemon; None where the county has none
SCANNER_AWAY = env_choice("DONGKOU_SCANNER_AWAY", "refuse", "take")  # a file that it could not look at
CELLS_WAITING = env_number("DONGKOU_CELLS_WAITING", 3, least=0, most=500)  # files of one process that wait for one

# Static files and uploads

NODE_MODULES = BASE_DIR / "node_modules"
# The printing font of rare signs, where Debian's package was unpacked for us or is installed: without it they are named.
_HANAZONO = "usr/share/fonts/truetype/hanazono/HanaMinB.ttf"
RARE_FONTS = [BASE_DIR / ".venv" / "debian" / _HANAZONO, Path("/", _HANAZONO)]
STATIC_URL = "/static/"
STATIC_ROOT = LAYOUT.static
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder", "dongkou.statics.VendorFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "dongkou.statics.HashedStatics"},
}
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o755  # static files are read by another user than the one who collects them
MEDIA_ROOT = LAYOUT.media

# Language and time

LANGUAGE_CODE = "zh-hans"
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# The HTTP interface

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "households.accounts.token_auth.DigestAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "households.api.answer_errors",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"TOKEN_TTL": timedelta(hours=10), "AUTO_REFRESH": False, "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "TITLE": "洞口县“六零”积分治理",
    "DESCRIPTION": "县直部门系统使用的接口：与网页同样的动作、同样的范围。"
    "数据库暂时不在、资料正被占着时答 503 和 Retry-After，过后用同一个 op_id 再交。",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": enum_names.NAMES,
}

# The scheduled work (`dongkou.celery_config` is Celery's own)

AMQP_URL = amqp_url()  # RabbitMQ for messages; empty for the first of the three numbered databases of REDIS_URL
CELERY_QUEUES = list(QUEUES)
BROKER_URL = AMQP_URL or celery_url(0, _broker)
RESULTS_URL = celery_url(1, _broker)
SIGNS_URL = redis_url(0, _broker)  # signs of life

# The month's calendar: day of the following month (design section 6)

SIX_ZERO_CALENDAR = env_calendar(
    "SIX_ZERO_CALENDAR",
    {"review_until": 3, "post_from": 4, "post_until": 8, "objections_until": 11, "freeze_on": 12, "redeem_from": 15},
)

# Days that the clock may move on at once before what cannot be undone waits for the operator (ADR 35)

CLOCK_DAYS = env_number("DONGKOU_CLOCK_DAYS", 5, least=1, most=60)

# Points

POINT_NOTICE_DAYS = env_notices("DONGKOU_POINT_NOTICE_DAYS", [60, 14])  # before points lapse at the end of the year
# Days in which a closed household may say who gets its points
HEIR_DAYS = env_number("DONGKOU_HEIR_DAYS", 90, least=7, most=730)
POINT_ADJUSTMENT_CEILING = env_number("DONGKOU_ADJUSTMENT_CEILING", 50, least=1, most=1000)  # of one change by hand

# Petitions

PETITION_OBJECTION_DAYS = env_number("DONGKOU_OBJECTION_DAYS", 15, least=5, most=60)  # calendar days after an answer
PETITION_PROMISED_DAYS = {  # calendar days of handling where the regulation names none: the county's own promise
    "suggestion": env_number("DONGKOU_SUGGESTION_DAYS", 60, least=5, most=180),
    "accusation": env_number("DONGKOU_ACCUSATION_DAYS", 60, least=5, most=180),
}
PETITION_HOTLINE_DAYS = {  # working days in which a hotline ticket is answered, by what is asked for
    "consult": env_number("DONGKOU_HOTLINE_CONSULT_DAYS", 3, least=1, most=60),
    "complaint": env_number("DONGKOU_HOTLINE_COMPLAINT_DAYS", 13, least=1, most=60),
}
PETITION_NET_DAYS = {  # the same for messages on the net
    "consult": env_number("DONGKOU_NET_CONSULT_DAYS", 5, least=1, most=60),
    "complaint": env_number("DONGKOU_NET_COMPLAINT_DAYS", 7, least=1, most=60),
}

# Days in which a village answers a request for a correction
CORRECTION_DAYS = env_number("DONGKOU_CORRECTION_DAYS", 15, least=1, most=60)
# Years after which nothing of a household that left names it (ADR 58)
HOUSEHOLD_KEEP_YEARS = env_number("DONGKOU_HOUSEHOLD_KEEP_YEARS", 5, least=1, most=30)
# Years after the end of a matter, see docs/adr/0018-what-is-erased-and-when.md
PETITION_KEEP_YEARS = env_number("DONGKOU_PETITION_KEEP_YEARS", 5, least=1, most=30)  # what was written
PETITION_KEEP_PAPERS_YEARS = env_number("DONGKOU_PETITION_KEEP_PAPERS_YEARS", 3, least=1, most=30)  # photos and files
if PETITION_KEEP_PAPERS_YEARS > PETITION_KEEP_YEARS:
    raise ImproperlyConfigured("DONGKOU_PETITION_KEEP_PAPERS_YEARS 不能大于 DONGKOU_PETITION_KEEP_YEARS。")

# Who takes accusations against the petition office itself, and which department of the list that office is
PETITION_OFFICE_CODE = env("DONGKOU_PETITION_OFFICE", "045")
PETITION_OFFICE_BODY = env("DONGKOU_PETITION_OFFICE_BODY", "005")
if PETITION_OFFICE_CODE == PETITION_OFFICE_BODY:
    raise ImproperlyConfigured("DONGKOU_PETITION_OFFICE_BODY 不能就是信访局自己（DONGKOU_PETITION_OFFICE）。")

PETITION_ENTERPRISE_DAY = env_choice("DONGKOU_ENTERPRISE_DAY", "keep", "before", "after")  # when the 23rd is not worked
PETITION_NO_MEETING_WEEK = env_choice(  # which week of a month is its last
    "DONGKOU_NO_MEETING_WEEK", "last_workday", "last_full_week", "last_seven_days"
)

# SMS to households and filers (ADR 64); none by default
try:
    SMS = gateway_from(
        env("DONGKOU_SMS"),
        {name: env(f"DONGKOU_SMS_{name.upper()}") for name in ("url", "method", "headers", "body", "ok")},
        env_number("DONGKOU_SMS_TIMEOUT", 10, least=1, most=60),
    )
except BadGateway as _gateway:
    raise ImproperlyConfigured(str(_gateway)) from None

# Sign-in through an OpenID provider beside name and password (ADR 87); none by default
try:
    OIDC = provider_from(env_provider(), list(Role))
except BadProvider as _provider:
    raise ImproperlyConfigured(str(_provider)) from None

LOGGING_CONFIG = "dongkou.logs.configure"

# Audit lines leave the machine: udp://host:514, tcp://host:601 or unix:///dev/log, and a file; neither by default
try:
    AUDIT_SENT = sending(env("DONGKOU_AUDIT_SYSLOG"), env("DONGKOU_AUDIT_FILE"))
except BadTarget as _target:
    raise ImproperlyConfigured(
        f"环境变量 DONGKOU_AUDIT_SYSLOG 应形如 udp://主机:514、tcp://主机:601 或 unix:///dev/log，现在是“{_target}”。"
    ) from None
LOGGING = logging_settings(LAYOUT.log, env("DONGKOU_ROLE", "command"), AUDIT_SENT)
