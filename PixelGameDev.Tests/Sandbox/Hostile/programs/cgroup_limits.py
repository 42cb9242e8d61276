# idea: raise its own limits, or move to a group without any
# stopped-by: cgroups are read-only for the sandbox
# expect: blocked
# ends: finished
import os

from hostile import blocked, escaped, open_for_writing

for folder, _, names in os.walk("/sys/fs/cgroup"):
    for name in names:
        try:
            open_for_writing(os.path.join(folder, name))
            escaped(os.path.join(folder, name))
        except OSError:
            pass
blocked("files of the cgroup", "not one can be written")
