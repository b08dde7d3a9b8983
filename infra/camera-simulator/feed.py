"""What one prepared media is sent: the film's pictures, when they are due, with the RTP time of the instant they show."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gi.repository import Gst, GstRtspServer

from film import Picture
from sender_report import shift_sender_reports

if TYPE_CHECKING:
    from camera import Camera

# A client that has been described the stream but does not play it must not be sent a backlog later.
MAX_BACKLOG_BYTES = 2_000_000


class Feed:
    """The pictures one prepared media is sent, from the next key picture on; lives while a client watches."""

    def __init__(self, camera: Camera, media: GstRtspServer.RTSPMedia) -> None:
        self._camera = camera
        self._source = media.get_element().get_by_name("film")
        self._source.set_property("caps", camera.film.caps)
        self._next: int | None = None
        self._joined_at_ns = 0
        self._joined_position_ns = 0
        self._rtpbin: Gst.Element | None = None
        # Pictures are sent when they are due; sinks must not pace them a second time.
        media.set_rate_control(False)
        pipeline = media.get_element().get_parent()
        # The running time is fixed here so that a picture's time is known before the pipeline plays.
        self._base_ns = time.monotonic_ns()
        pipeline.set_start_time(Gst.CLOCK_TIME_NONE)
        pipeline.set_base_time(self._base_ns)
        pipeline.connect("element-added", self._on_element)

    def lose_sync(self) -> None:
        self._next = None

    def report_send_time(self) -> None:
        """With media time that lies, reports pair it with the time of sending, as such cameras do."""
        if self._rtpbin is not None:
            self._rtpbin.set_property("rtcp-sync-send-time", True)

    def push_due(self, now_ns: int) -> int:
        if self._next is None:
            self._join(now_ns)
        while True:
            due_ns = self._due_ns(self._next)
            if due_ns > now_ns:
                return due_ns
            if self._ended(self._next):
                self._source.end_of_stream()
                self._camera.drop_feed(self)
                return now_ns
            if self._source.get_property("current-level-bytes") > MAX_BACKLOG_BYTES:
                self.lose_sync()
                return now_ns + 20_000_000
            self._push(self._next)
            self._next += 1

    def _join(self, now_ns: int) -> None:
        """The first key picture not yet due; its RTP time is that of the instant it is shown."""
        pictures, clock = self._camera.film.pictures, self._camera.clock
        loop = clock.position_ns(now_ns) // self._camera.film.length_ns
        index = max(0, loop) * len(pictures)
        while self._due_ns(index) < now_ns or not self._picture(index).is_key:
            if self._ended(index):
                break
            index += 1
        self._next = index
        self._joined_position_ns = self._position_ns(index)
        self._joined_at_ns = clock.monotonic_ns(self._joined_position_ns)

    def _push(self, index: int) -> None:
        picture = self._picture(index)
        buffer = Gst.Buffer.new_wrapped(picture.data)
        buffer.pts = max(0, self._joined_at_ns - self._base_ns + self._position_ns(index) - self._joined_position_ns)
        buffer.dts = Gst.CLOCK_TIME_NONE
        if not picture.is_key:
            buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
        self._source.push_buffer(buffer)

    def _picture(self, index: int) -> Picture:
        return self._camera.film.pictures[index % len(self._camera.film.pictures)]

    def _loop_ns(self, index: int) -> int:
        return index // len(self._camera.film.pictures) * self._camera.film.length_ns

    def _position_ns(self, index: int) -> int:
        return self._loop_ns(index) + self._picture(index).at_ns

    def _due_ns(self, index: int) -> int:
        return self._camera.clock.monotonic_ns(self._loop_ns(index) + self._picture(index).sent_ns)

    def _ended(self, index: int) -> bool:
        return not self._camera.spec.loop and index >= len(self._camera.film.pictures)

    def _on_element(self, _pipeline: Gst.Pipeline, element: Gst.Element) -> None:
        factory = element.get_factory()
        if factory is None or factory.get_name() != "rtpbin":
            return
        self._rtpbin = element
        # Reports pair RTP time with the time of capture, not of sending.
        element.set_property("rtcp-sync-send-time", self._camera.clock.rate != 1.0)
        shift_sender_reports(element, lambda: self._camera.clock_offset_ms)
