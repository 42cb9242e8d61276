"""Tracebacks cut to the learner's own files."""

import contextlib
import errno
import io
import json
import linecache
import os
import re
import sys
import threading
import traceback

from . import control, library

_MAX_FRAMES = 30
_MAX_TEXT = 20_000
_MAX_MESSAGE = 2_000
# Most characters of one line of source that are shown. A picture in one line of base64 is source, too.
_MAX_SOURCE = 400
_MAX_NAME = 100

_work = None


def install(work):
    global _work
    _work = os.path.realpath(work)
    threading.excepthook = _in_thread


def relative(path):
    """Returns the path below the work directory, or None for files that are not the learner's."""
    path = os.path.normpath(os.path.join(_work, path))
    for root in (_work,):
        if path.startswith(root + os.sep):
            return path[len(root) + 1 :]
    return None


def report(error):
    """Returns the ErrorReport of docs/PROTOCOL.md for an exception."""
    outline = traceback.TracebackException.from_exception(error, compact=True)
    _cut(outline, set())
    text = _plain(_with_suggestion(_format(outline, error), error))
    frames = [
        {
            "file": _plain(frame.filename),
            "line": _number(frame.lineno) or 0,
            "function": _plain(frame.name)[:_MAX_NAME],
            "source": _plain(_source(frame)),
        }
        for frame in outline.stack
        if frame.filename and not os.path.isabs(frame.filename)
    ][-_MAX_FRAMES:]
    file = line = column = None
    if isinstance(error, SyntaxError) and error.filename and relative(error.filename):
        file, line, column = _plain(relative(error.filename)), _number(error.lineno), _number(error.offset)
        message = _plain(str(error.msg))
    else:
        message = _message(error)
        if frames:
            file, line = frames[-1]["file"], frames[-1]["line"]
            last = [frame for frame in outline.stack if not os.path.isabs(frame.filename)][-1]
            column = _column(last)
            column = None if column is None else column + 1
    return {
        "type": _plain(type(error).__name__)[:_MAX_NAME],
        "message": message[:_MAX_MESSAGE],
        "file": file,
        "line": line,
        "column": column,
        "frames": frames,
        "text": text[-_MAX_TEXT:],
    }


def encode(report):
    """Returns the report as JSON that fits into one packet. Cut JSON is invalid, so a long report is shortened first."""
    for frames, characters in ((_MAX_FRAMES, _MAX_TEXT), (10, 4_000), (3, 1_000), (0, 100)):
        shorter = dict(report, text=report["text"][-characters:], message=report["message"][:characters])
        shorter["frames"] = report["frames"][-frames:] if frames else []
        encoded = json.dumps(shorter, ensure_ascii=True).encode("ascii")
        if len(encoded) <= control.MAX_PACKET:
            return encoded
    return json.dumps({"type": report["type"], "message": "", "frames": [], "text": report["type"]}).encode("ascii")


def send(report):
    control.send(b"E", encode(report))


def reason(error):
    """Returns the named end of an uncaught exception."""
    if isinstance(error, MemoryError):
        return "memory_limit"
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "disk_limit"
    if isinstance(error, BlockingIOError) and error.errno == errno.EAGAIN:
        return "process_limit"
    if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
        return "process_limit"
    return "crashed"


def _source(frame):
    """Returns the line of a frame; of a very long line, the part around the mistake."""
    line = (frame.line or "").strip()
    if len(line) <= _MAX_SOURCE:
        return line
    whole = _whole_line(frame)
    indent = len(whole) - len(whole.lstrip())
    column = max(0, (_column(frame) or 0) - indent)
    start = min(max(0, column - _MAX_SOURCE // 2), len(line) - _MAX_SOURCE)
    end = start + _MAX_SOURCE
    return ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")


def _whole_line(frame):
    lines = linecache.getlines(frame.filename)
    return lines[frame.lineno - 1] if frame.lineno and frame.lineno <= len(lines) else ""


def _column(frame):
    """Returns the number of characters before the mistake, or None. Python counts bytes."""
    offset = getattr(frame, "colno", None)
    return None if offset is None else len(_whole_line(frame).encode("utf-8", "replace")[:offset].decode("utf-8", "replace"))


def _format(outline, error):
    """Returns the traceback as Python words it, or only its last line if Python itself cannot word it (a SyntaxError with an odd place)."""
    try:
        return "".join(_shorten(line) for part in outline.format() for line in part.splitlines(keepends=True))
    except Exception:
        return f"{type(error).__name__}: {_message(error)}\n"


def _shorten(line):
    return line if len(line) <= _MAX_SOURCE + 1 else line[:_MAX_SOURCE] + "…\n"


def _message(error):
    try:
        return _plain(str(error))
    except Exception:
        return "<the error cannot be described>"


def _plain(text):
    """Returns the text as a real str that every JSON reader accepts: a lone surrogate becomes a question mark."""
    return str.encode(text, "utf-8", "replace").decode("utf-8")


def _number(value):
    """Returns a line or column, or None: a game can put anything into a SyntaxError."""
    return value if isinstance(value, int) and 0 < value < 2**31 else None


def _with_suggestion(text, error):
    """Adds "Did you mean", which before Python 3.12 only the interpreter itself printed."""
    if sys.version_info >= (3, 12) or not isinstance(error, (NameError, AttributeError)):
        return text
    printed = io.StringIO()
    with contextlib.redirect_stderr(printed):
        sys.__excepthook__(type(error), error, error.__traceback__)
    suggestion = re.search(r"\. Did you mean: '[^'\n]+'\?\n?\Z", printed.getvalue())
    return text.rstrip("\n") + suggestion.group().rstrip() + "\n" if suggestion else text


def _cut(outline, seen):
    """Keeps only the learner's frames in a TracebackException and its causes, with relative paths."""
    if outline is None or id(outline) in seen:
        return
    seen.add(id(outline))
    kept = []
    for frame in outline.stack:
        name = relative(frame.filename)
        if name is None:
            continue
        # The source is read by its absolute path, because the game may have changed its directory; the text shows the short path.
        lines = linecache.getlines(os.path.join(_work, name))
        linecache.cache[name] = (len(lines), None, lines, name)
        frame.filename = name
        kept.append(frame)
    outline.stack[:] = kept
    if getattr(outline, "filename", None):
        outline.filename = relative(outline.filename) or outline.filename
    _cut(outline.__cause__, seen)
    _cut(outline.__context__, seen)
    for inner in getattr(outline, "exceptions", None) or ():
        _cut(inner, seen)


def _in_thread(args):
    if args.exc_type is SystemExit or args.exc_value is None:
        return
    flush()
    with library.visible():
        found = report(args.exc_value)
    send(found)


def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:
            pass
