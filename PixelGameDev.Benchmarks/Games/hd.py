# A space battle at 1920×1080: two layers of stars, ships, shots.
import random

import pygame

pygame.init()
screen = pygame.display.set_mode((1920, 1080))
clock = pygame.time.Clock()
stars = [(random.randrange(1920), random.randrange(1080), 1 + i % 2) for i in range(200)]


def ship(colour):
    image = pygame.Surface((72, 56), pygame.SRCALPHA)
    pygame.draw.polygon(image, colour, [(0, 28), (60, 0), (72, 28), (60, 56)])
    pygame.draw.polygon(image, [c // 2 for c in colour], [(12, 28), (48, 14), (48, 42)])
    pygame.draw.circle(image, (180, 230, 255), (54, 28), 8)
    return image


ships = [[ship([random.randrange(80, 256) for _ in range(3)]), random.randrange(1920), random.randrange(60, 1000), random.uniform(2, 6)] for _ in range(14)]
font = pygame.font.Font(None, 60)
frame = 0
while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
    frame += 1
    screen.fill((6, 6, 20))
    for x, y, depth in stars:
        screen.fill((90 * depth + 60,) * 3, ((x - frame * depth) % 1920, y, depth + 1, depth + 1))
    for thing in ships:
        thing[1] = (thing[1] - thing[3]) % 2000
        screen.blit(thing[0], (thing[1] - 80, thing[2]))
        pygame.draw.line(screen, (255, 240, 120), (thing[1] - 120 - frame * 12 % 300, thing[2] + 28), (thing[1] - 90 - frame * 12 % 300, thing[2] + 28), 3)
    screen.blit(font.render("WAVE 3   %06d" % (frame * 10), True, (255, 255, 255)), (760, 30))
    pygame.display.flip()
    clock.tick(60)
