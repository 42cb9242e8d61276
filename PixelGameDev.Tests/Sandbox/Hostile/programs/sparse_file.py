# idea: a file of a terabyte that takes no room yet
# stopped-by: the file size limit
# expect: blocked
# ends: finished
# proof: root
import os
import signal

from hostile import attempt

signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
file = os.open("sparse", os.O_CREAT | os.O_RDWR)
attempt("a file of 1 TiB", os.ftruncate, file, 1 << 40)
os.close(file)
os.unlink("sparse")
