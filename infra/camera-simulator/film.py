"""A film: the encoded pictures of one file, read once and kept in memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstApp", "1.0")
from gi.repository import Gst, GstApp  # noqa: E402,F401  (GstApp gives appsink its methods)

DEMUXERS = {".mp4": "qtdemux", ".mov": "qtdemux", ".mkv": "matroskademux", ".avi": "avidemux"}

# A parser that leaves whole pictures, as its payloader wants them.
PARSERS = {
    "h264": "h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au",
    "h265": "h265parse config-interval=-1 ! video/x-h265,stream-format=byte-stream,alignment=au",
    "mjpeg": "jpegparse",
}


class FilmError(Exception):
    """A file that cannot be played; the message names the file and the reason."""


@dataclass(frozen=True)
class Picture:
    """One encoded picture: `at_ns` is when the film shows it, `sent_ns` (never earlier) when a camera can send it."""

    data: bytes
    at_ns: int
    sent_ns: int
    is_key: bool


@dataclass(frozen=True)
class Film:
    """Pictures in sending order, their caps, and the length after which the film repeats."""

    pictures: tuple[Picture, ...]
    caps: Gst.Caps
    length_ns: int


def load_film(path: Path, codec: str) -> Film:
    """Reads every picture of `path`; raises FilmError where the file is missing, empty or of another codec."""
    if codec not in PARSERS:
        raise FilmError(f"{path}: codec {codec} is none of {', '.join(PARSERS)}")
    if path.suffix not in DEMUXERS:
        raise FilmError(f"{path}: {path.suffix or 'no'} ending is none of {', '.join(DEMUXERS)}")
    if not path.is_file():
        raise FilmError(f"{path}: no such file")
    samples, caps = _pull_samples(path, codec)
    if not samples:
        raise FilmError(f"{path}: holds no {codec} picture")
    return Film(_pictures(samples), caps, _length_ns(samples))


def _pull_samples(path: Path, codec: str) -> tuple[list[Gst.Buffer], Gst.Caps | None]:
    pipeline = Gst.parse_launch(f"filesrc name=file ! {DEMUXERS[path.suffix]} ! {PARSERS[codec]} ! appsink name=sink sync=false")
    pipeline.get_by_name("file").set_property("location", str(path))
    sink = pipeline.get_by_name("sink")
    pipeline.set_state(Gst.State.PLAYING)
    buffers, caps, failure = [], None, None
    while failure is None and not sink.is_eos():
        # A pipeline that fails sends no end of stream: the bus is looked at whenever pictures stay away.
        sample = sink.try_pull_sample(100 * Gst.MSECOND)
        if sample is None:
            failure = pipeline.get_bus().pop_filtered(Gst.MessageType.ERROR)
            continue
        caps = caps or sample.get_caps()
        buffers.append(sample.get_buffer())
    pipeline.set_state(Gst.State.NULL)
    if failure is not None:
        raise FilmError(f"{path}: {failure.parse_error()[0].message}")
    return buffers, caps


def _pictures(buffers: list[Gst.Buffer]) -> tuple[Picture, ...]:
    first = min(buffer.pts for buffer in buffers)
    # Reordered pictures are decoded before they are shown; a camera sends none before it has seen it.
    delay = max(buffer.pts - _dts(buffer) for buffer in buffers)
    return tuple(
        Picture(
            data=buffer.extract_dup(0, buffer.get_size()),
            at_ns=buffer.pts - first,
            sent_ns=_dts(buffer) + delay - first,
            is_key=not buffer.get_flags() & Gst.BufferFlags.DELTA_UNIT,
        )
        for buffer in buffers
    )


def _dts(buffer: Gst.Buffer) -> int:
    return buffer.pts if buffer.dts == Gst.CLOCK_TIME_NONE else buffer.dts


def _length_ns(buffers: list[Gst.Buffer]) -> int:
    """From the first picture to one mean picture interval after the last."""
    shown = sorted(buffer.pts for buffer in buffers)
    if len(shown) == 1:
        return Gst.SECOND
    return (shown[-1] - shown[0]) * len(shown) // (len(shown) - 1)
