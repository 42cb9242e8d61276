# idea: read what belongs to the host: shadow passwords, keys, homes of others
# stopped-by: user 1000, an image of its own, nothing of the host mounted
# expect: blocked
# ends: finished
# subprocess: not held, it is the host's own file system seen read-only
# proof: root
import os

from hostile import attempt

for path in ("/etc/shadow", "/etc/gshadow"):
    attempt(path, lambda name=path: open(name).close())
attempt("/root", os.listdir, "/root")
attempt("the home of somebody else", os.listdir, "/home/ubuntu")
