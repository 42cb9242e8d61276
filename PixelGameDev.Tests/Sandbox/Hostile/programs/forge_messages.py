# idea: forged messages to the page and to the Executor through every descriptor the game has
# stopped-by: the game holds no descriptor of the link; what it sends to GameHost is checked like a stranger's
# expect: ended
# ends: crashed|finished|protocol_error|stopped|output_limit
import json
import os
import struct
import time

import pygame

pygame.display.set_mode((64, 64))
pygame.display.flip()
ended = b"\x08" + json.dumps({"reason": "finished", "message": "FORGED", "detail": "FORGED", "exitCode": 0}).encode()
frame = b"\x01\x01" + struct.pack("<HHIIII", 1920, 1080, 1, 1, 1, 1) + b"\x28\xb5\x2f\xfd" + b"\xff" * 64
for text in (ended, frame, b"\x0b\x01\x00{}", b"\xc3\x00\x00\x00\x00", b"\xff" * 64):
    for message in (text, struct.pack("<I", len(text)) + text, struct.pack("<I", 0xFFFFFFFF) + text):
        for descriptor in range(3, 64):
            try:
                os.set_blocking(descriptor, False)
                os.write(descriptor, message)
            except OSError:
                pass
time.sleep(0.3)
