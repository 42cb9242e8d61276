# A shoal in which every fish looks at forty others. Most of the work is Python code, not drawing.
import math
import random

import pygame

pygame.init()
screen = pygame.display.set_mode((640, 480))
clock = pygame.time.Clock()
fish = [[random.random() * 640, random.random() * 480, random.random() * math.tau] for _ in range(260)]

while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
    screen.fill((10, 40, 70))
    for i, one in enumerate(fish):
        x, y, heading = one
        wanted_x = wanted_y = 0.0
        for other in fish[max(0, i - 40):i]:
            away_x, away_y = other[0] - x, other[1] - y
            near = 1 / (1 + math.hypot(away_x, away_y))
            wanted_x += away_x * near + math.cos(other[2])
            wanted_y += away_y * near + math.sin(other[2])
        heading += 0.05 * math.sin(math.atan2(wanted_y, wanted_x) - heading)
        one[:] = (x + 1.5 * math.cos(heading)) % 640, (y + 1.5 * math.sin(heading)) % 480, heading
        pygame.draw.circle(screen, (255, 180, 90), (x, y), 6)
    pygame.display.flip()
    clock.tick(60)
