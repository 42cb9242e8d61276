"""Runs a learner's unmodified pygame program inside GameHost's sandbox.

start.py   the process's first lines; warms up, waits, runs
control.py packets to and from GameHost
frames.py  finished pictures into shared memory
pacing.py  makes flip() wait like a 60 Hz display, and Clock keep exact deadlines
events.py  keys and mouse from the page into SDL
display.py set_mode, flip, update, set_caption
joystick.py says that there is no joystick
idle.py    imports modules and lists fonts while the sandbox waits
sound.py   tells GameHost how the mixer was opened
console.py print(), input()
errors.py  tracebacks cut to the learner's own files
runner.py  the learner's program as __main__
"""
