"""One simulated camera: an RTSP server of its own, fed from a film at the film's own pace."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

from feed import Feed  # noqa: E402
from film import Film  # noqa: E402
from film_clock import FilmClock  # noqa: E402

PAYLOADERS = {
    "h264": "rtph264pay config-interval=-1 name=pay0 pt=96",
    "h265": "rtph265pay config-interval=-1 name=pay0 pt=96",
    "mjpeg": "rtpjpegpay name=pay0 pt=26",
}
ROLE = "viewer"
LOOP_STARTS_REPORTED = 1000


@dataclass(frozen=True)
class CameraSpec:
    """What the operator asks for; `port` 0 takes a free one."""

    name: str
    file: Path
    codec: str = "h264"
    loop: bool = True
    user: str | None = None
    password: str | None = None
    port: int = 0


class Camera:
    """Serves `rtsp://127.0.0.1:<port>/<name>`; every method but `push_due` runs on the GLib main loop's thread."""

    def __init__(self, spec: CameraSpec, film: Film, clock: FilmClock) -> None:
        self.spec = spec
        self.film = film
        self.clock = clock
        self.state = "plugged"
        self.clock_offset_ms = 0.0
        self._port = spec.port
        self._listener: int | None = None
        self._feed: Feed | None = None
        self._server = self._make_server()

    def plug(self) -> None:
        self.state = "plugged"
        if self._listener is not None:
            return
        self._server.set_service(str(self._port))
        self._listener = self._server.attach(None)
        if self._listener == 0:
            self._listener = None
            raise OSError(f"camera {self.spec.name}: port {self._port} cannot be listened on")
        # A camera that was unplugged comes back at the same address.
        self._port = self._server.get_bound_port()

    def unplug(self) -> None:
        """Refuses connections and drops those there are, as a pulled cable does once the switch notices."""
        self.state = "unplugged"
        if self._listener is not None:
            GLib.Source.remove(self._listener)
            self._listener = None
        self._server.client_filter(lambda *_: GstRtspServer.RTSPFilterResult.REMOVE)

    def stall(self) -> None:
        """Keeps connections and sends nothing."""
        self.state = "stalled"

    def resume(self) -> None:
        self.state = "plugged"

    def set_rate(self, rate: float) -> None:
        """Paces the film by `rate` while RTP time goes on at the nominal pace: media time that lies."""
        self.clock.set_rate(rate)
        if self._feed is not None:
            self._feed.report_send_time()

    def collect_sessions(self) -> None:
        self._server.get_session_pool().cleanup()

    def push_due(self, now_ns: int) -> int:
        """Sends what is due and returns the monotonic ns at which to call again."""
        feed = self._feed
        idle_until = now_ns + 20_000_000
        if feed is None:
            return idle_until
        if self.state != "plugged":
            feed.lose_sync()
            return idle_until
        return feed.push_due(now_ns)

    def drop_feed(self, feed: Feed) -> None:
        if self._feed is feed:
            self._feed = None

    def report(self) -> dict[str, object]:
        """The truth of this camera: where its film stood at which UTC instant."""
        position = self.clock.position_ns(time.monotonic_ns())
        loops = max(0, position // self.film.length_ns) if self.spec.loop else 0
        first = max(0, loops + 1 - LOOP_STARTS_REPORTED)
        return {
            "name": self.spec.name,
            "port": self._port,
            "state": self.state,
            "epochUtcMs": self.clock.utc_ms(0),
            "lengthMs": self.film.length_ns / 1e6,
            "pictures": len(self.film.pictures),
            "rate": self.clock.rate,
            "clockOffsetMs": self.clock_offset_ms,
            "firstLoopReported": first,
            "loopStartsUtcMs": [self.clock.utc_ms(n * self.film.length_ns) for n in range(first, loops + 1)],
            "watched": self._feed is not None,
        }

    def _make_server(self) -> GstRtspServer.RTSPServer:
        server = GstRtspServer.RTSPServer()
        server.set_address("127.0.0.1")
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_shared(True)
        factory.set_launch(f"( appsrc name=film is-live=true format=time max-bytes=0 ! {PAYLOADERS[self.spec.codec]} )")
        factory.connect("media-configure", self._on_media)
        if self.spec.user is not None:
            self._require_digest(server, factory)
        server.get_mount_points().add_factory(f"/{self.spec.name}", factory)
        return server

    def _require_digest(self, server: GstRtspServer.RTSPServer, factory: GstRtspServer.RTSPMediaFactory) -> None:
        token = GstRtspServer.RTSPToken()
        token.set_string("media.factory.role", ROLE)
        auth = GstRtspServer.RTSPAuth()
        auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
        auth.add_digest(self.spec.user, self.spec.password or "", token)
        server.set_auth(auth)
        permissions = f"{ROLE}, media.factory.access=(boolean)true, media.factory.construct=(boolean)true"
        factory.add_role_from_structure(Gst.Structure.from_string(permissions)[0])

    def _on_media(self, _factory: GstRtspServer.RTSPMediaFactory, media: GstRtspServer.RTSPMedia) -> None:
        feed = Feed(self, media)
        media.connect("unprepared", lambda _media: self.drop_feed(feed))
        self._feed = feed
