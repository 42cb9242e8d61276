# idea: write to the system's directories, or make them writable
# stopped-by: a read-only root; mounting is not allowed
# expect: blocked
# ends: finished
# proof: root
import os

from hostile import attempt


def create(folder):
    path = os.path.join(folder, "hostile-was-here")
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    os.unlink(path)


for folder in ("/", "/etc", "/usr/bin", "/usr/lib/python3", "/opt", "/var/lib", "/root", "/home", "/boot"):
    attempt(folder, create, folder)
