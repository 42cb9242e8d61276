# idea: crash without end, so that the host's crash handler (a piped core_pattern) runs as root, outside of the sandbox, each time
# stopped-by: a core limit of 1 byte, at which the kernel starts no handler, and which nobody can set
# expect: blocked
# ends: stopped
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import os
import resource
import signal

from hostile import attempt, blocked, escaped

if resource.getrlimit(resource.RLIMIT_CORE) != (1, 1):
    escaped("the kernel would start the host's crash handler")
else:
    blocked("the host's crash handler", "core limit of 1")
    attempt("limit of core files", resource.setrlimit, resource.RLIMIT_CORE, (0, 1))
    while True:
        children = []
        for _ in range(20):
            child = os.fork()
            if child == 0:
                os.kill(os.getpid(), signal.SIGSEGV)
                os._exit(0)
            children.append(child)
        for child in children:
            os.waitpid(child, 0)
