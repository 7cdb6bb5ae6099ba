"""Requests that Keywright writes in other languages, and a server that keeps what arrives."""

import json
import os
import subprocess
import threading
from base64 import b64decode, b64encode
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote_plus

from program import PATIENCE

EXCHANGE = Path(__file__).parents[2] / "src-tauri/crates/exchange"
ROWS = {row["name"]: row for row in json.loads((EXCHANGE / "tests/requests_to_copy.json").read_text())}
"""The requests, which the tests of the exchange room copy too."""

COPY_AS = os.environ.get("KEYWRIGHT_COPY_AS", "copy_as")
"""The example of the exchange room that writes snippets."""

VARIABLE = "SHOP_SANDBOX_TOKEN"
ANSWER = "received: café"


@dataclass
class Arrived:
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        """All fields of a name as one (RFC 9110 §5.3)."""
        return joined(self.headers, name)


def joined(headers, name: str) -> str | None:
    values = [value for other, value in headers if other.lower() == name.lower()]
    return ("; " if name.lower() == "cookie" else ", ").join(values) if values else None


class Catcher:
    """Answers every request alike, and keeps it."""

    def __init__(self, status: int = 200, **answered: str):
        arrived = self.arrived = []

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def __getattr__(self, name):
                if name.startswith("do_"):
                    return self.catch
                raise AttributeError(name)

            def catch(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                method, target, _ = self.requestline.split(" ")
                headers = [(name, value.encode("latin-1").decode()) for name, value in self.headers.items()]
                arrived.append(Arrived(method, target, headers, body))
                answer = ANSWER.encode()
                self.send_response(status)
                fields = {"content-type": "text/plain; charset=utf-8", "content-length": str(len(answer)), **answered}
                for field in fields.items():
                    self.send_header(*field)
                self.end_headers()
                if method != "HEAD":
                    self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def snippet(language: str, row: dict, base: str) -> str:
    """What Keywright writes, or what it says instead."""
    asked = {"language": language, "variable": VARIABLE, "base": base, "request": row}
    done = subprocess.run([COPY_AS], input=json.dumps(asked), capture_output=True, text=True, timeout=PATIENCE)
    return done.stdout if done.returncode == 0 else f"refused: {done.stderr}"


def environment(row: dict) -> dict[str, str]:
    """The variables that a snippet reads."""
    wanted = {VARIABLE: masked["secret"] for _, masked in row["headers"] if isinstance(masked, dict)}
    for piece in row["body"] if isinstance(row.get("body"), list) else []:
        if isinstance(piece, dict):
            wanted[f"SHOP_SANDBOX_{piece['secret'].upper()}"] = piece["value"]
    return wanted


def headers(row: dict) -> list[tuple[str, str]]:
    """The header fields that must arrive."""
    def clear(masked) -> str:
        if isinstance(masked, str):
            return masked
        basic = masked["before"] == "Basic "
        secret = b64encode(masked["secret"].encode()).decode() if basic else masked["secret"]
        return masked["before"] + secret

    return [(name, clear(value)) for name, value in row["headers"]]


def is_form(row: dict) -> bool:
    return ["Content-Type", "application/x-www-form-urlencoded"] in row["headers"]


def body(row: dict) -> bytes:
    """The body that must arrive."""
    content = row.get("body", "")
    if isinstance(content, dict):
        return b64decode(content["base64"])
    if isinstance(content, str):
        return content.encode()

    def spelled(piece) -> str:
        if isinstance(piece, str):
            return piece
        return quote_plus(piece["value"]) if is_form(row) else json.dumps(piece["value"], ensure_ascii=False)[1:-1]

    return "".join(map(spelled, content)).encode()
