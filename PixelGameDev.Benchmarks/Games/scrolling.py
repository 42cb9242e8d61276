# A grainy landscape of painted tiles that moves under a figure and a score that stand still.
import math
import random

import pygame

pygame.init()
WIDTH, HEIGHT = 800, 600
screen = pygame.display.set_mode((WIDTH, HEIGHT))
clock = pygame.time.Clock()


def tile():
    surface = pygame.Surface((32, 32))
    base = random.randrange(60, 160), random.randrange(80, 200), random.randrange(40, 120)
    for y in range(32):
        for x in range(32):
            grain = random.randrange(-18, 18)
            surface.set_at((x, y), [max(0, min(255, c + grain)) for c in base])
    return surface


tiles = [tile() for _ in range(6)]
ground = pygame.Surface((1024, 1024)).convert(screen)
for row in range(32):
    for column in range(32):
        ground.blit(random.choice(tiles), (column * 32, row * 32))
font = pygame.font.Font(None, 36)
frame = 0
while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
    frame += 1
    dx, dy = frame * 3 % 1024, 60 + int(40 * math.sin(frame / 40))
    for x in (-dx, 1024 - dx):
        screen.blit(ground, (x, -dy))
    pygame.draw.circle(screen, (250, 250, 250), (WIDTH // 2, HEIGHT // 2 + int(30 * math.sin(frame / 9))), 22)
    pygame.draw.circle(screen, (200, 40, 40), (WIDTH // 2, HEIGHT // 2 + int(30 * math.sin(frame / 9))), 16)
    screen.blit(font.render("%05d" % (frame // 4), True, (255, 255, 160)), (8, 20))
    pygame.display.flip()
    clock.tick(60)
