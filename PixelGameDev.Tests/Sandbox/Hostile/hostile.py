"""Contains helpers for the programs of the corpus. It is uploaded with each of them as an ordinary module of the project.

A program prints ESCAPED when its attack worked, BLOCKED with the reason when it failed, and SURVIVED when there was nothing to
block and the program still runs after the attack.
"""
import ctypes
import errno
import os
import struct

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def escaped(what):
    print(f"ESCAPED: {what}", flush=True)


def blocked(what, why):
    if isinstance(why, OSError) and why.errno is not None:
        why = errno.errorcode.get(why.errno, why.errno)
    elif isinstance(why, BaseException):
        why = type(why).__name__
    print(f"BLOCKED: {what}: {why}", flush=True)


def survived(what):
    print(f"SURVIVED: {what}", flush=True)


def attempt(what, action, *args):
    """Calls action. An error means blocked, no error means escaped. Returns the result of the action, None when blocked."""
    try:
        result = action(*args)
    except (OSError, ValueError, RuntimeError, MemoryError, OverflowError) as error:
        blocked(what, error)
        return None
    escaped(what)
    return result


def syscall(number, *args):
    """Makes a raw system call of x86-64. Raises OSError as Python's own wrappers do."""
    words = [a if isinstance(a, (bytes, ctypes.Array, ctypes.Structure)) or a is None else ctypes.c_long(a) for a in args]
    ctypes.set_errno(0)
    result = libc.syscall(ctypes.c_long(number), *words)
    if result == -1:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return result


def open_for_writing(path):
    """Opens and closes a file. The open is the attack; nothing is written."""
    os.close(os.open(path, os.O_WRONLY))


def network_buffer(kind, payload, flags=0):
    """Returns one netlink message."""
    return struct.pack("=IHHII", 16 + len(payload), kind, flags, 1, 0) + payload
