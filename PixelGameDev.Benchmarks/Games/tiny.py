# A maze in pixels at 320×240: a figure runs, dots vanish, the score counts.
import random

import pygame

pygame.init()
screen = pygame.display.set_mode((320, 240))
clock = pygame.time.Clock()
font = pygame.font.Font(None, 18)
walls = {(x, y) for x in range(20) for y in range(14) if x in (0, 19) or y in (0, 13) or (x * 7 + y * 11) % 5 == 0}
free = [(x, y) for x in range(20) for y in range(14) if (x, y) not in walls]
dots = set(free)
place, goal, step, score = free[0], free[0], 0, 0
while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
    step = (step + 1) % 8
    if step == 0:
        place = goal
        score += place in dots
        dots.discard(place)
        dots = dots or set(free)
        ways = [(place[0] + dx, place[1] + dy) for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))]
        ways = [way for way in ways if way not in walls] or [random.choice(free)]
        goal = random.choice([way for way in ways if way in dots] or ways)
    screen.fill((8, 8, 24))
    for x, y in walls:
        pygame.draw.rect(screen, (40, 60, 160), (x * 16, 16 + y * 16, 15, 15))
    for x, y in dots:
        screen.fill((250, 220, 140), (x * 16 + 7, 16 + y * 16 + 7, 3, 3))
    x = place[0] * 16 + (goal[0] - place[0]) * step * 2 + 8
    y = place[1] * 16 + (goal[1] - place[1]) * step * 2 + 24
    pygame.draw.circle(screen, (255, 220, 0), (x, y), 6)
    screen.blit(font.render(f"SCORE {score}", False, (255, 255, 255)), (210, 1))
    pygame.display.flip()
    clock.tick(60)
