# idea: use up the inotify instances of the user, who is the same one in every sandbox
# stopped-by: nothing a game needs depends on them; they go with the sandbox
# expect: survived
# ends: finished
from hostile import libc, survived

count = 0
while count < 5000 and libc.inotify_init() >= 0:
    count += 1
survived("took all the inotify instances there are")
