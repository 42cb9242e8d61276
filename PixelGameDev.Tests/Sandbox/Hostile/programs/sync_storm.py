# idea: make the whole machine write its disks, over and over
# stopped-by: a neighbour does not wait for the disk; ends with the session
# expect: ended
# ends: stopped
import os

while True:
    os.sync()
