# idea: processes that wake each other for ever, so that the scheduler has no rest
# stopped-by: the sandbox's share of the processor; ends with the session
# expect: ended
# ends: stopped
# subprocess: not held, it ends when it is stopped, but nothing there limits how often it keeps the scheduler busy, and the whole machine may wait for it
import os

for _ in range(8):
    there, back = os.pipe(), os.pipe()
    for reader, writer in ((there[0], back[1]), (back[0], there[1])):
        if os.fork() == 0:
            while True:
                os.write(writer, b"x")
                os.read(reader, 1)
while True:
    os.wait()
