# idea: take GameHost's open files away, so that it cannot see what the game uses, then let processes wake each other for ever
# stopped-by: the seccomp profile: limits of one's own only; a sandbox that does not report is treated as a storm
# expect: blocked
# ends: stopped
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import os
import resource

from hostile import blocked, escaped

try:
    # The limit it has already: in this way nothing breaks where it works.
    resource.prlimit(1, resource.RLIMIT_NOFILE, resource.prlimit(1, resource.RLIMIT_NOFILE))
    escaped("set the open files of process 1")
except OSError as error:
    blocked("open files of process 1", error)
    for _ in range(8):
        there, back = os.pipe(), os.pipe()
        for reader, writer in ((there[0], back[1]), (back[0], there[1])):
            if os.fork() == 0:
                while True:
                    os.write(writer, b"x")
                    os.read(reader, 1)
    while True:
        os.wait()
