# idea: read and write GameHost's memory, where the link's buffers are
# stopped-by: GameHost is not dumpable; process_vm_readv is not allowed
# expect: blocked
# ends: finished
# proof: root cap=SYS_PTRACE no-seccomp
import os

from hostile import attempt

attempt("/proc/1/mem", lambda: os.close(os.open("/proc/1/mem", os.O_RDWR)))
attempt("/proc/1/maps", lambda: open("/proc/1/maps").read())
attempt("/proc/1/environ", lambda: open("/proc/1/environ").read())
