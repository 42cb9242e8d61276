# Forty shaded figures fly over a starry sky.
import random

import pygame

pygame.init()
screen = pygame.display.set_mode((800, 600))
clock = pygame.time.Clock()


def ball(colour):
    image = pygame.Surface((40, 40), pygame.SRCALPHA)
    for r in range(20, 0, -1):
        shade = 1.0 - 0.6 * r / 20
        pygame.draw.circle(image, [int(c * shade) for c in colour], (20, 20), r)
    return image


balls = [ball([random.randrange(90, 256) for _ in range(3)]) for _ in range(8)]
stars = [(random.randrange(800), random.randrange(600)) for _ in range(120)]
things = [[random.random() * 800, random.random() * 600, random.uniform(-3, 3), random.uniform(-3, 3), i % 8] for i in range(40)]
font = pygame.font.Font(None, 28)
frame = 0
while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
    frame += 1
    screen.fill((10, 10, 30))
    for x, y in stars:
        screen.set_at((x, (y + frame) % 600), (200, 200, 200))
    for t in things:
        t[0] = (t[0] + t[2]) % 800
        t[1] = (t[1] + t[3]) % 600
        screen.blit(balls[t[4]], (t[0] - 20, t[1] - 20))
    screen.blit(font.render("Score %d" % (frame // 6), True, (255, 255, 255)), (8, 20))
    pygame.display.flip()
    clock.tick(60)
