"""Runs a learner's unmodified pygame program inside GameHost's sandbox.

start.py   the process's first lines; warms up, waits, runs
control.py packets to and from GameHost
fonts.py   fonts of other systems by their names
frames.py  finished pictures into shared memory
pacing.py  makes flip() wait like a 60 Hz display, and Clock keep exact deadlines
events.py  keys and mouse from the page into SDL
display.py set_mode, flip, update, set_caption
resize.py  windows that change their size
clipboard.py pygame.scrap
mouse.py   pygame.mouse: place, buttons, cursor
cursors.py what the mouse looks like
wheel.py   turns of the wheel
fingers.py fingers on a touch screen
gamepad.py axes and buttons of one gamepad
joystick.py gamepads of the page as SDL's virtual joysticks
idle.py    imports modules and lists fonts while the sandbox waits
sound.py   tells GameHost how the mixer was opened
console.py print(), input()
errors.py  tracebacks cut to the learner's own files
folder.py  the directory that a game runs in
library.py lets a learner's own modules come first
windows.py pygame._sdl2 says what to use instead
runner.py  the learner's program as __main__
"""
