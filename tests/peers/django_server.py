"""An API as one would write it with Django REST framework and SimpleJWT: log-in, rotation with blacklist, verify, throttle.

Started by conftest.py; prints its address as JSON and stops when its standard input ends. A line on standard input revokes
every access token that was given until then, and is answered with the number of refreshes that were granted.
"""

import json
import sys
import tempfile
import threading
from datetime import timedelta
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="a secret of the tests, longer than thirty-two bytes",
    ALLOWED_HOSTS=["127.0.0.1"],
    USE_TZ=True,
    ROOT_URLCONF=__name__,
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": tempfile.mkdtemp() + "/db.sqlite3"}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework_simplejwt.token_blacklist",
    ],
    REST_FRAMEWORK={"DEFAULT_THROTTLE_RATES": {"slow": "1/second"}, "UNAUTHENTICATED_USER": None},
    SIMPLE_JWT={
        "ACCESS_TOKEN_LIFETIME": timedelta(hours=24),
        "REFRESH_TOKEN_LIFETIME": timedelta(days=30),
        "ROTATE_REFRESH_TOKENS": True,
        "BLACKLIST_AFTER_ROTATION": True,
    },
)
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.throttling import ScopedRateThrottle  # noqa: E402
from rest_framework.views import APIView  # noqa: E402
from rest_framework_simplejwt.authentication import JWTAuthentication  # noqa: E402
from rest_framework_simplejwt.exceptions import InvalidToken  # noqa: E402
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView  # noqa: E402

revoked: set[str] = set()
seen: set[str] = set()
granted = 0
lock = threading.Lock()


class Authentication(JWTAuthentication):
    """SimpleJWT's own, and a list of what was revoked."""

    def get_validated_token(self, raw_token):
        token = super().get_validated_token(raw_token)
        seen.add(token["jti"])
        if token["jti"] in revoked:
            raise InvalidToken("Token is revoked")
        return token


class Counted(TokenRefreshView):
    """SimpleJWT's own, counted."""

    def post(self, request, *args, **kwargs):
        global granted
        # SQLite takes one writer; SimpleJWT looks and blacklists in two steps.
        with lock:
            answer = super().post(request, *args, **kwargs)
            granted += answer.status_code == 200
        return answer


class Verify(APIView):
    authentication_classes = [Authentication]

    def get(self, request):
        user = {"id": request.user.id, "username": request.user.username, "permissions": ["read", "create_payments"]}
        return Response({"valid": True, "user": user})


class Slow(Verify):
    throttle_classes = [ScopedRateThrottle]
    throttle_scope = "slow"


urlpatterns = [
    path("api/auth/login", TokenObtainPairView.as_view()),
    path("api/auth/token/refresh/", Counted.as_view()),
    path("api/auth/verify/", Verify.as_view()),
    path("api/slow/", Slow.as_view()),
]


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *_):
        pass


if __name__ == "__main__":
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    User.objects.create_user("me", password="hunter2")
    server = make_server("127.0.0.1", 0, get_wsgi_application(), Threaded, Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps({"address": f"http://127.0.0.1:{server.server_port}"}), flush=True)
    for _ in sys.stdin:
        revoked |= seen
        print(json.dumps({"granted": granted}), flush=True)
    server.shutdown()
