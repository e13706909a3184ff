"""A hub of our own on this machine: it answers as the real one does, and can be told to fail in every way."""

import hashlib
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """``files`` by "owner/name/file". ``cut_after`` closes the line after so many bytes of a request, ``cuts`` times."""

    address: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=lambda: {"hf_member"})
    known_tokens: set[str] = field(default_factory=lambda: {"hf_member", "hf_stranger", "hf_narrow"})
    cut_after: int = 0
    cuts: int = 0
    ignores_range: bool = False
    lies: bool = False
    fails: bool = False
    is_portal: bool = False
    stops_at: int = 0  # bytes; from there on the line is silent until ``go_on``
    go_on: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str]] = field(default_factory=list)  # (method, range)

    def put(self, repo: str, name: str, content: bytes) -> None:
        self.files[f"{repo}/{name}"] = content


class _Answers(BaseHTTPRequestHandler):
    hub: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        hub = self.hub
        if self.path == "/api/whoami-v2":
            self._say_who()
            return
        if self.path.startswith("/api/"):
            self._fail(404)
            return
        hub.asked.append((self.command, self.headers.get("Range", "")))
        if hub.is_portal:
            self._say(200, {"Content-Length": "0"})
            return
        owner, name, _, _, file = self.path.strip("/").split("/", 4)
        repo = f"{owner}/{name}"
        if self._refused(repo):
            return
        content = hub.files.get(f"{repo}/{file}")
        if content is None:
            self._fail(404, "EntryNotFound")
            return
        self._send(content, body=body)

    def _say_who(self) -> None:
        if self._token() not in self.hub.known_tokens:
            self._fail(401)
            return
        said = b'{"type": "user", "name": "somebody", "auth": {"accessToken": {"role": "read", "displayName": "test"}}}'
        self._say(200, {"Content-Type": "application/json", "Content-Length": str(len(said))}, said)

    def _token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def _refused(self, repo: str) -> bool:
        hub, token = self.hub, self._token()
        if hub.fails:
            self._fail(500)
        elif token and token not in hub.known_tokens:
            self._fail(401, said="Invalid credentials in Authorization header")
        elif not any(key.startswith(f"{repo}/") for key in hub.files):
            self._fail(404 if token else 401, "RepoNotFound")
        elif repo in hub.gated and token == "hf_narrow":
            self._fail(403, said="Please enable access to public gated repositories in your token settings")
        elif repo in hub.gated and token not in hub.members:
            self._fail(403 if token else 401, "GatedRepo")
        else:
            return False
        return True

    def _send(self, content: bytes, *, body: bool) -> None:
        hub = self.hub
        digest = hashlib.sha256(content).hexdigest()
        about = {
            "X-Repo-Commit": COMMIT,
            "X-Linked-Etag": f'"{digest}"',
            "X-Linked-Size": str(len(content)),
            "ETag": '"x"',
        }
        start, status = 0, 200
        wanted = self.headers.get("Range", "")
        if wanted and body and not hub.ignores_range:
            start, status = int(wanted.removeprefix("bytes=").rstrip("-")), 206
        part = content[start:] if not hub.lies else bytes(len(content) - start)
        if not body:
            self._say(200, about | {"Content-Length": str(len(content))})
        elif hub.stops_at and len(part) > hub.stops_at:
            self._say(status, about | {"Content-Length": str(len(part))}, part[: hub.stops_at])
            hub.go_on.wait(30)
            self.close_connection = True
        elif hub.cuts and hub.cut_after < len(part):
            hub.cuts -= 1
            self._say(status, about | {"Content-Length": str(len(part))}, part[: hub.cut_after])
            self.close_connection = True
        else:
            self._say(status, about | {"Content-Length": str(len(part))}, part)

    def _fail(self, status: int, code: str = "", said: str = "") -> None:
        headers = {"Content-Length": "0"} | ({"X-Error-Code": code} if code else {})
        self._say(status, headers | ({"X-Error-Message": said} if said else {}))

    def _say(self, status: int, headers: dict[str, str], body: bytes = b"") -> None:
        self.send_response(status)
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


def serve(hub: Hub) -> ThreadingHTTPServer:
    """Begin to answer; ``hub.address`` says where."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Answers", (_Answers,), {"hub": hub}))
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server
