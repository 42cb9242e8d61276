# idea: a program of its own from memory (memfd), where no file system says noexec
# stopped-by: nothing: it runs, with the same filter, the same user and no new rights
# expect: survived
# ends: finished
import os
import sys

from hostile import escaped, survived

program = os.memfd_create("program")
with open(os.path.realpath(sys.executable), "rb") as source, open(program, "wb", closefd=False) as copy:
    copy.write(source.read())
code = "print([line.split()[1:] for line in open('/proc/self/status') if line.split(':')[0] in ('Uid', 'Gid', 'CapEff', 'NoNewPrivs', 'Seccomp')])"
read, write = os.pipe()
if os.fork() == 0:
    os.dup2(write, 1)
    os.execve(program, ["python3", "-c", code], dict(os.environ))
os.close(write)
with open(read) as answer:
    said = answer.read().strip()
os.wait()
own = str([line.split()[1:] for line in open("/proc/self/status") if line.split(":")[0] in ("Uid", "Gid", "CapEff", "NoNewPrivs", "Seccomp")])
if said != own:
    escaped(f"a program from memory has other rights: {said}, not {own}")
else:
    survived("ran a program from memory and gained nothing")
