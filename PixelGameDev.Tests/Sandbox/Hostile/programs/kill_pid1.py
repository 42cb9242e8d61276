# idea: kill GameHost
# stopped-by: GameHost is PID 1: signals from inside do not end it, none that it handles ends the session
# expect: survived
# ends: sandbox_lost
# subprocess: not held, GameHost is the game's parent and the same user
import os
import signal
import time

from hostile import survived

for number in sorted(signal.valid_signals()):
    try:
        os.kill(1, number)
    except OSError:
        pass
time.sleep(0.3)
os.kill(1, 0)
survived("sent every signal to PID 1")
