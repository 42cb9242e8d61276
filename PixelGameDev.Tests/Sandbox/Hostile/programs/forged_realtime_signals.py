# idea: signals with process 1 itself as their sender: with those the runtime of GameHost stops its own threads
# stopped-by: the seccomp profile: no signal with a made-up sender; what is left is ignored
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
import os
import signal
import struct
import time

from hostile import attempt, syscall

# si_signo, si_errno, si_code (SI_QUEUE), padding, si_pid, si_uid
forged = struct.pack("iiiiii104x", signal.SIGRTMIN, 0, -1, 0, 1, 1000)
attempt("rt_sigqueueinfo", syscall, 129, 1, int(signal.SIGRTMIN), forged)
attempt("rt_tgsigqueueinfo", syscall, 297, 1, 1, int(signal.SIGRTMIN), forged)
attempt("pidfd_send_signal", lambda: syscall(424, os.pidfd_open(1), int(signal.SIGRTMIN), forged, 0))
end = time.monotonic() + 1
while time.monotonic() < end:
    for number in range(signal.SIGRTMIN, signal.SIGRTMAX):
        os.kill(1, number)
