# idea: overwrite the memory the game shares with GameHost: sizes, counters, pixels
# stopped-by: GameHost reads every field once and checks it against the real size of the mapping
# expect: ended
# ends: finished|crashed|protocol_error|stopped
import ctypes
import os
import time

import pygame

screen = pygame.display.set_mode((320, 240))
pygame.display.flip()
areas = []
with open("/proc/self/maps") as maps:
    for line in maps:
        fields = line.split()
        if "rw-s" in line and fields[1] == "rw-s":
            low, high = (int(part, 16) for part in fields[0].split("-"))
            areas.append((low, high))
for _ in range(200):
    for low, high in areas:
        junk = os.urandom(min(4096, high - low))
        ctypes.memmove(low, junk, len(junk))
    time.sleep(0.005)
