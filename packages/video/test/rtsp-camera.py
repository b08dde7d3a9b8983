"""A live RTSP camera for tests: loops one pre-encoded H.264 or MJPEG file, without transcoding.

Usage: rtsp-camera.py PORT FILE FRAMES_PER_SECOND [USER PASSWORD]
Serves rtsp://127.0.0.1:PORT/cam (digest authentication when a user is given) and prints "ready".
"""
import sys

import gi

for namespace in ("Gst", "GstApp", "GstRtsp", "GstRtspServer"):
    gi.require_version(namespace, "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

Gst.init(None)

PARSER = {
    "mp4": "qtdemux ! h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au",
    "mkv": "matroskademux ! jpegparse",
}
PAYLOADER = {"mp4": "rtph264pay config-interval=-1 pt=96", "mkv": "rtpjpegpay pt=26"}


def read_access_units(path):
    """All encoded pictures of the file as (bytes, pts, dts, is_delta), and their caps."""
    pipeline = Gst.parse_launch(f"filesrc location={path} ! {PARSER[path[-3:]]} ! appsink name=sink sync=false")
    pipeline.set_state(Gst.State.PLAYING)
    sink = pipeline.get_by_name("sink")
    units, caps = [], None
    while (sample := sink.emit("pull-sample")) is not None:
        buffer = sample.get_buffer()
        dts = buffer.pts if buffer.dts == Gst.CLOCK_TIME_NONE else buffer.dts
        caps = caps or sample.get_caps()
        is_delta = bool(buffer.get_flags() & Gst.BufferFlags.DELTA_UNIT)
        units.append((buffer.extract_dup(0, buffer.get_size()), buffer.pts, dts, is_delta))
    pipeline.set_state(Gst.State.NULL)
    return units, caps


def loop_into(source, units, caps, frame_ns):
    """Pushes the pictures for ever, each loop shifted by the file's length."""
    source.set_property("caps", caps)
    first_dts, loop_ns = units[0][2], frame_ns * len(units)
    sent = 0

    def push(_source, _length):
        nonlocal sent
        loop, index = divmod(sent, len(units))
        sent += 1
        data, pts, dts, is_delta = units[index]
        buffer = Gst.Buffer.new_wrapped(data)
        buffer.pts = pts - first_dts + loop * loop_ns
        buffer.dts = dts - first_dts + loop * loop_ns
        buffer.duration = frame_ns
        if is_delta:
            buffer.set_flags(Gst.BufferFlags.DELTA_UNIT)
        source.emit("push-buffer", buffer)

    source.connect("need-data", push)


def require_digest(server, factory, user, password):
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(user, password, token)
    server.set_auth(auth)
    rights = "viewer, media.factory.access=(boolean)true, media.factory.construct=(boolean)true"
    factory.add_role_from_structure(Gst.Structure.from_string(rights)[0])


def main(port, path, frames_per_second, *credentials):
    units, caps = read_access_units(path)
    frame_ns = int(Gst.SECOND / float(frames_per_second))
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_shared(True)
    factory.set_launch(f"( appsrc name=source is-live=true format=time max-bytes=1 ! {PAYLOADER[path[-3:]]} name=pay0 )")
    factory.connect(
        "media-configure",
        lambda _factory, media: loop_into(media.get_element().get_by_name("source"), units, caps, frame_ns),
    )
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    if credentials:
        require_digest(server, factory, *credentials)
    server.get_mount_points().add_factory("/cam", factory)
    server.attach(None)
    print("ready", flush=True)
    GLib.MainLoop().run()


main(*sys.argv[1:])
