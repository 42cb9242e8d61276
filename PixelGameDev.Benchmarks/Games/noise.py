# Snow on a television: every pixel changes in every frame. This is the worst case.
import random

import pygame

pygame.init()
screen = pygame.display.set_mode((640, 480))
clock = pygame.time.Clock()
WIDTH, HEIGHT = screen.get_size()
# Sixteen random screens, shown from a different offset each time. Generating new ones would mostly measure the game.
luck = [pygame.image.frombuffer(random.randbytes(WIDTH * HEIGHT * 4), (WIDTH, HEIGHT), "RGBX").convert(screen) for _ in range(16)]
frame = 0
while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
    frame += 1
    x, y = frame * 211 % WIDTH, frame * 97 % HEIGHT
    for left in (x - WIDTH, x):
        for top in (y - HEIGHT, y):
            screen.blit(luck[frame % 16], (left, top))
    pygame.display.flip()
    clock.tick(60)
