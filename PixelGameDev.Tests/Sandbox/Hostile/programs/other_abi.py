# idea: the 32-bit entry of the kernel (int 0x80), past a filter that only knows 64-bit numbers
# stopped-by: the seccomp profile knows no other entry: the kernel ends who uses it
# expect: blocked
# ends: finished
# subprocess: not held, no seccomp profile
# proof: no-seccomp
# needs: 32-bit-entry
import ctypes
import mmap
import os
import signal

from hostile import blocked, escaped

# mov eax, 288 (keyctl); mov ebx, 0 (get id); mov ecx, -3 (session keyring); mov edx, 1; int 0x80; ret
code = b"\x53\xb8\x20\x01\x00\x00\x31\xdb\xb9\xfd\xff\xff\xff\xba\x01\x00\x00\x00\xcd\x80\x5b\xc3"
try:
    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
except OSError as error:
    blocked("memory that is written and run", error)
else:
    page.write(code)
    call = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    # A child tries it: the filter ends it with SIGSYS, a processor or kernel without this entry with SIGSEGV.
    child = os.fork()
    if child == 0:
        os._exit(0 if call() >= 0 else 1)
    status = os.waitpid(child, 0)[1]
    if status == 0:
        escaped("keyctl through int 0x80")
    elif os.WIFSIGNALED(status):
        blocked("keyctl through int 0x80", signal.Signals(os.WTERMSIG(status)).name)
    else:
        blocked("keyctl through int 0x80", "refused")
