#!/usr/bin/python3
"""Simulated RTSP cameras, each playing a file as if it were live: `camera_simulator.py READY_FILE`.

Standard input: one line of JSON, `{"cameras": [{"name", "file", "codec"?, "loop"?, "user"?, "password"?, "port"?}]}`
(credentials stay out of the process arguments). Once all cameras listen, READY_FILE is written as
`{"controlPort", "cameras": [report]}`. Ends when standard input closes, so that no camera outlives its owner.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import gi

gi.require_version("Gst", "1.0")
from gi.repository import GLib, Gst  # noqa: E402

from camera import Camera, CameraSpec  # noqa: E402
from control import start_control  # noqa: E402
from film import FilmError, load_film  # noqa: E402
from film_clock import FilmClock  # noqa: E402

SESSION_SWEEP_S = 5


def parse_specs(line: str) -> list[CameraSpec]:
    """Raises ValueError naming what is wrong with the configuration line."""
    config = json.loads(line)
    if not isinstance(config, dict) or not isinstance(config.get("cameras"), list) or not config["cameras"]:
        raise ValueError("the first line of standard input is not {\"cameras\": [...]}")
    try:
        specs = [CameraSpec(**{**camera, "file": Path(camera["file"])}) for camera in config["cameras"]]
    except (TypeError, KeyError) as error:
        raise ValueError(f"a camera is described wrongly: {error}") from error
    names = [spec.name for spec in specs]
    if len(set(names)) != len(names):
        raise ValueError(f"camera names repeat: {', '.join(names)}")
    return specs


def make_cameras(specs: list[CameraSpec]) -> dict[str, Camera]:
    """All cameras share one epoch, so that two views of a station show the same instant."""
    films = {key: load_film(*key) for key in {(spec.file, spec.codec) for spec in specs}}
    epoch = time.monotonic_ns()
    return {spec.name: Camera(spec, films[(spec.file, spec.codec)], FilmClock(epoch)) for spec in specs}


def pace(cameras: list[Camera]) -> None:
    """Sends every picture when it is due, for ever."""
    while True:
        now = time.monotonic_ns()
        next_due = min(camera.push_due(now) for camera in cameras)
        time.sleep(max(0.0005, min(0.02, (next_due - time.monotonic_ns()) / 1e9)))


def end_on_failure(work: Callable[[], None]) -> Callable[[], None]:
    """A thread that fails ends the process: cameras that silently stand still would look like a fault of the plant."""

    def run() -> None:
        try:
            work()
        except BaseException:
            traceback.print_exc()
            os._exit(1)

    return run


def sweep(cameras: list[Camera]) -> bool:
    for camera in cameras:
        camera.collect_sessions()
    return GLib.SOURCE_CONTINUE


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    ready_file = Path(sys.argv[1])
    Gst.init(None)
    try:
        cameras = make_cameras(parse_specs(sys.stdin.readline()))
    except (ValueError, FilmError) as error:
        print(f"camera simulator: {error}", file=sys.stderr)
        return 2
    loop = GLib.MainLoop()
    for camera in cameras.values():
        camera.plug()
    threading.Thread(target=end_on_failure(lambda: pace(list(cameras.values()))), daemon=True).start()
    threading.Thread(target=lambda: (sys.stdin.read(), loop.quit()), daemon=True).start()
    for stop in (signal.SIGINT, signal.SIGTERM):
        GLib.unix_signal_add(GLib.PRIORITY_DEFAULT, stop, loop.quit)
    GLib.timeout_add_seconds(SESSION_SWEEP_S, sweep, list(cameras.values()))
    ready = {"controlPort": start_control(cameras), "cameras": [camera.report() for camera in cameras.values()]}
    unfinished = ready_file.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(ready))
    unfinished.rename(ready_file)
    loop.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
