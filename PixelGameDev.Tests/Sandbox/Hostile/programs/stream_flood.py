# idea: noise of 1920×1080 as fast as it goes, so that the stream takes all bytes there are
# stopped-by: frames at the viewers' rate at most, encoding inside the sandbox's own share, a limit of bytes a second
# expect: ended
# ends: stream_limit|stopped
import os

import pygame

screen = pygame.display.set_mode((1920, 1080))
noise = [pygame.image.frombuffer(os.urandom(1920 * 1080 * 4), (1920, 1080), "RGBX") for _ in range(2)]
while True:
    for picture in noise:
        screen.blit(picture, (0, 0))
        pygame.display.flip()
        pygame.event.pump()
