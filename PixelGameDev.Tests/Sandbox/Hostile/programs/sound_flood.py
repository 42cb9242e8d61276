# idea: hundreds of sounds at once, started over and over
# stopped-by: sound leaves at the speed of the clock, whatever the game does
# expect: ended
# ends: stopped|finished
import pygame

pygame.mixer.init(44100, -16, 2, 512)
pygame.mixer.set_num_channels(256)
pygame.display.set_mode((64, 64))
noise = pygame.mixer.Sound(buffer=bytes(range(256)) * 2000)
while True:
    for _ in range(256):
        noise.play()
    pygame.display.flip()
