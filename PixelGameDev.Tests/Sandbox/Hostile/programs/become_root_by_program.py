# idea: become root through programs that carry root's rights
# stopped-by: no new privileges: the rights are ignored
# expect: blocked
# ends: finished
import os
import shutil
import stat
import subprocess

from hostile import blocked, escaped

with open("/proc/self/status") as status:
    if "NoNewPrivs:\t1" not in status.read():
        escaped("no_new_privs is not set")
found = 0
for folder in ("/bin", "/sbin", "/usr/bin", "/usr/sbin"):
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        try:
            if os.stat(path).st_mode & (stat.S_ISUID | stat.S_ISGID):
                found += 1
        except OSError:
            pass
su = shutil.which("su")
if su:
    done = subprocess.run([su, "-c", "id -u"], capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if done.stdout.strip() == b"0":
        escaped("su")
blocked("programs with root's rights", "without effect" if found else "none")
