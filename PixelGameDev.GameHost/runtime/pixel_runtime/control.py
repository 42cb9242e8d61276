"""The channel to GameHost: descriptor 3, a SEQPACKET socket. One packet is one message.

To GameHost, one letter and a payload: H hello, S running, C caption, U cursor, P picture of the cursor, W window, B text for the clipboard,
I input request, E error report, R result, A sound format, V rumble. From GameHost: messages of docs/PROTOCOL.md, unchanged, type byte first.
"""

import json
import os
import select
import socket
import threading

DESCRIPTOR = 3
MAX_PACKET = 100_000

START = 0xC2

_socket = None
_poll = None
_receive = None
_send_lock = threading.Lock()


def open_channel():
    global _socket, _poll, _receive
    _socket = socket.socket(fileno=DESCRIPTOR)
    _socket.setblocking(True)
    os.set_inheritable(DESCRIPTOR, False)
    _poll = select.poll()
    _poll.register(DESCRIPTOR, select.POLLIN)
    _receive = _socket.recv
    os.register_at_fork(after_in_child=_forget)


def _forget():
    """Detaches a forked child, which is not the game: it neither sends packets for it nor takes its input."""
    global _socket, _send_lock
    _socket = None
    _send_lock = threading.Lock()


def is_ours():
    return _socket is not None


def wait(milliseconds):
    """Returns True as soon as a packet is there."""
    return _socket is not None and bool(_poll.poll(milliseconds))


def receive_now():
    """Returns the next packet, or None if there is none."""
    if _socket is None:
        return None
    try:
        return _receive(65536, socket.MSG_DONTWAIT) or None
    except OSError:
        return None


def receive_blocking():
    """Returns the next packet; empty if GameHost is gone."""
    return _receive(1 << 20)


def send(letter, payload=b""):
    if _socket is None:
        return
    try:
        with _send_lock:
            _socket.send(letter + payload[:MAX_PACKET])
    except OSError:
        pass


def send_text(letter, text):
    send(letter, text.encode("utf-8", "replace"))


def send_json(letter, value):
    """Sends a short value as JSON. A packet that is cut would not be JSON any more."""
    send(letter, json.dumps(value, ensure_ascii=True).encode("ascii"))
