"""A token endpoint as Google has it, with Authlib's grant of RFC 7523 §2.1, and an API behind it that answers in Google's shape.

Started by test_own_definitions.py with the file of the service account's public key; prints its address as JSON and stops when
its standard input ends. A line on standard input ends every access token that was given until then.
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qsl, urlsplit

os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request  # noqa: E402
from authlib.oauth2.rfc6749.errors import InvalidGrantError  # noqa: E402
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload  # noqa: E402
from authlib.oauth2.rfc6750 import BearerTokenGenerator  # noqa: E402
from authlib.oauth2.rfc7523 import JWTBearerGrant  # noqa: E402
from joserfc.jwk import RSAKey  # noqa: E402

ACCOUNT = "robot@acme.iam.gserviceaccount.com"
CLIENT = SimpleNamespace(check_grant_type=lambda kind: True, get_allowed_scope=lambda scope: scope)
KEY = RSAKey.import_key(Path(sys.argv[1]).read_text())
SCOPES = {
    "https://www.googleapis.com/auth/calendar.readonly",
    "https://www.googleapis.com/auth/drive.file",
}
given: dict[str, str] = {}


class Grant(JWTBearerGrant):
    """Authlib's, with what Google's page adds: the scopes are in the assertion, and it lives an hour at most."""

    LEEWAY = 0

    def resolve_issuer_client(self, issuer):
        return CLIENT if issuer == ACCOUNT else None

    def resolve_client_public_key(self, client):
        return KEY

    def authenticate_user(self, subject):
        return subject if subject.endswith("@acme.example") else None

    def has_granted_permission(self, client, user):
        return True

    def get_audiences(self):
        return [f"{address}/token"]

    def validate_requested_scope(self):
        self.server.validate_requested_scope(self.scope)

    def process_assertion_claims(self, assertion):
        claims = super().process_assertion_claims(assertion)
        if claims["exp"] - claims["iat"] > 3600:
            raise InvalidGrantError(description="Invalid JWT: Token must be a short-lived token (60 minutes)")
        self.scope = claims["scope"]
        return claims

    def create_token_response(self):
        token = self.generate_token(scope=self.scope, user=self.request.user, include_refresh_token=False)
        self.save_token(token)
        return 200, token, self.TOKEN_RESPONSE_HEADER


class Request(OAuth2Request):
    """What a web framework would give."""

    def __init__(self, uri, headers, form):
        super().__init__("POST", uri, headers=headers)
        self.payload = BasicOAuth2Payload(form)

    @property
    def form(self):
        return self.payload.data


class Server(AuthorizationServer):
    def create_oauth2_request(self, request):
        return request

    def handle_response(self, status, body, headers):
        return status, body

    def send_signal(self, name, *args, **kwargs):
        pass

    def save_token(self, token, request):
        given[token["access_token"]] = token.get("scope", "")


tokens = Server(SCOPES)
tokens.register_grant(Grant)
number = iter(range(1, 1_000_000))
tokens.register_token_generator("default", BearerTokenGenerator(lambda **_: f"ya29.{next(number):040}"))


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        if self.path != "/token":
            return self.answer(404, {"error": {"code": 404, "message": "Not Found", "status": "NOT_FOUND"}})
        form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.answer(*tokens.create_token_response(Request(address + self.path, dict(self.headers), form)))

    def do_GET(self):
        scope = given.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        if scope is None:
            message = "Request had invalid authentication credentials."
            self.answer(401, {"error": {"code": 401, "message": message, "status": "UNAUTHENTICATED"}})
        elif "https://www.googleapis.com/auth/calendar.readonly" not in scope.split():
            message = "Request had insufficient authentication scopes."
            self.answer(403, {"error": {"code": 403, "message": message, "status": "PERMISSION_DENIED"}})
        else:
            self.answer(200, {"path": urlsplit(self.path).path})

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
address = f"http://127.0.0.1:{server.server_port}"
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"address": address}), flush=True)
for _ in sys.stdin:
    given.clear()
    print(json.dumps({"ended": True}), flush=True)
