"""Shifts the NTP time of outgoing RTCP sender reports, as a camera does whose own clock is off."""

from __future__ import annotations

import ctypes
from collections.abc import Callable

from gi.repository import Gst

SENDER_REPORT = 200
NTP_OFFSET, NTP_BYTES = 8, 8
NTP_FRACTIONS_PER_MS = (1 << 32) / 1000

_gst = ctypes.CDLL("libgstreamer-1.0.so.0")
_gst.gst_buffer_peek_memory.restype = ctypes.c_void_p
_gst.gst_buffer_peek_memory.argtypes = [ctypes.c_void_p, ctypes.c_uint]
_gst.gst_memory_map.restype = ctypes.c_int
_gst.gst_memory_map.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int]
_gst.gst_memory_unmap.argtypes = [ctypes.c_void_p, ctypes.c_void_p]


class _MapInfo(ctypes.Structure):
    """GstMapInfo, as gstmemory.h lays it out."""

    _fields_ = [
        ("memory", ctypes.c_void_p),
        ("flags", ctypes.c_int),
        ("data", ctypes.c_void_p),
        ("size", ctypes.c_size_t),
        ("maxsize", ctypes.c_size_t),
        ("reserved", ctypes.c_void_p * 8),
    ]


def shift_sender_reports(rtpbin: Gst.Element, offset_ms: Callable[[], float]) -> None:
    """Adds `offset_ms()` (may change at any time) to the NTP time of every report that leaves `rtpbin`."""

    def on_report(_pad: Gst.Pad, info: Gst.PadProbeInfo) -> Gst.PadProbeReturn:
        offset = offset_ms()
        if offset:
            _shift(info.get_buffer(), offset)
        return Gst.PadProbeReturn.OK

    def on_pad(_rtpbin: Gst.Element, pad: Gst.Pad) -> None:
        if pad.get_name().startswith("send_rtcp_src"):
            pad.add_probe(Gst.PadProbeType.BUFFER, on_report)

    rtpbin.connect("pad-added", on_pad)


def _shift(buffer: Gst.Buffer, offset_ms: float) -> None:
    # PyGObject holds a second reference, so that its own write calls refuse; the report has just been made and has no other reader.
    memory = _gst.gst_buffer_peek_memory(hash(buffer), 0)
    mapped = _MapInfo()
    if not _gst.gst_memory_map(memory, ctypes.byref(mapped), 1):
        return
    try:
        report = (ctypes.c_uint8 * mapped.size).from_address(mapped.data)
        if mapped.size >= NTP_OFFSET + NTP_BYTES and report[1] == SENDER_REPORT:
            ntp = int.from_bytes(bytes(report[NTP_OFFSET : NTP_OFFSET + NTP_BYTES]), "big")
            shifted = (ntp + round(offset_ms * NTP_FRACTIONS_PER_MS)) % (1 << 64)
            report[NTP_OFFSET : NTP_OFFSET + NTP_BYTES] = list(shifted.to_bytes(NTP_BYTES, "big"))
    finally:
        _gst.gst_memory_unmap(memory, ctypes.byref(mapped))
