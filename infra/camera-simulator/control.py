"""The control port: cameras are looked at and disturbed over HTTP on 127.0.0.1."""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gi.repository import GLib

from camera import Camera

MAX_BODY_BYTES = 4096
ANSWER_TIMEOUT_S = 10


def _number(body: dict[str, object], name: str, low: float, high: float) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value) or not low <= value <= high:
        raise ValueError(f"{name} is a number from {low} to {high}, not {value!r}")
    return float(value)


def _set_clock(camera: Camera, body: dict[str, object]) -> None:
    camera.clock_offset_ms = _number(body, "offsetMs", -1e10, 1e10)


ACTIONS: dict[str, Callable[[Camera, dict[str, object]], None]] = {
    "plug": lambda camera, _: camera.plug(),
    "unplug": lambda camera, _: camera.unplug(),
    "stall": lambda camera, _: camera.stall(),
    "resume": lambda camera, _: camera.resume(),
    "rate": lambda camera, body: camera.set_rate(_number(body, "rate", 0.1, 10)),
    "clock": _set_clock,
}


def start_control(cameras: dict[str, Camera]) -> int:
    """Listens on a free port and returns it.

    GET /cameras, GET /cameras/<name>, POST /cameras/<name>/<action> with a JSON object where the action takes one.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(cameras))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def _handler(cameras: dict[str, Camera]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            match self.path.strip("/").split("/"):
                case ["cameras"]:
                    self._answer(200, [camera.report() for camera in cameras.values()])
                case ["cameras", name] if name in cameras:
                    self._answer(200, cameras[name].report())
                case _:
                    self._answer(404, {"error": f"nothing is at {self.path}"})

        def do_POST(self) -> None:
            match self.path.strip("/").split("/"):
                case ["cameras", name, action] if name in cameras and action in ACTIONS:
                    self._act(cameras[name], action)
                case _:
                    self._answer(404, {"error": f"nothing is at {self.path}"})

        def _act(self, camera: Camera, action: str) -> None:
            try:
                body = self._body()
                _on_main_loop(lambda: ACTIONS[action](camera, body))
            except ValueError as error:
                self._answer(400, {"error": str(error)})
            except Exception as error:  # noqa: BLE001  the caller is told what went wrong, whatever it was
                self._answer(500, {"error": f"{action} of {camera.spec.name}: {error}"})
            else:
                self._answer(200, camera.report())

        def _body(self) -> dict[str, object]:
            length = int(self.headers.get("content-length") or 0)
            if length > MAX_BODY_BYTES:
                raise ValueError(f"body of {length} bytes is over {MAX_BODY_BYTES}")
            body = json.loads(self.rfile.read(length) or "{}")
            if not isinstance(body, dict):
                raise ValueError("body is not a JSON object")
            return body

        def _answer(self, status: int, body: object) -> None:
            data = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            """Requests are not logged: the driver knows what it asked."""

    return Handler


def _on_main_loop(action: Callable[[], None]) -> None:
    """Runs `action` on the thread that owns the RTSP servers and raises here what it raised there."""
    done, failures = threading.Event(), []

    def run() -> bool:
        try:
            action()
        except Exception as error:  # noqa: BLE001  handed to the waiting thread
            failures.append(error)
        done.set()
        return GLib.SOURCE_REMOVE

    GLib.idle_add(run)
    if not done.wait(ANSWER_TIMEOUT_S):
        raise TimeoutError(f"no answer from the main loop within {ANSWER_TIMEOUT_S} s")
    if failures:
        raise failures[0]
