# A platform game in plain colours: clouds and platforms that move, a figure that jumps.
import math

import pygame

pygame.init()
WIDTH, HEIGHT = 800, 600
screen = pygame.display.set_mode((WIDTH, HEIGHT))
clock = pygame.time.Clock()
frame = 0
while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
    frame += 1
    screen.fill((120, 190, 240))
    for i in range(8):
        pygame.draw.ellipse(screen, (255, 255, 255), ((i * 200 - frame) % (WIDTH + 100) - 90, 20 + i * 17 % (HEIGHT // 3), 90, 28))
    for i in range(12):
        x = (i * 110 - frame * 4) % (WIDTH + 110) - 110
        pygame.draw.rect(screen, (60, 140, 60), (x, HEIGHT // 2 + i * 37 % (HEIGHT // 3), 64, 12), border_radius=4)
    pygame.draw.rect(screen, (90, 60, 30), (0, HEIGHT - 40, WIDTH, 40))
    jump = abs(math.sin(frame / 10)) * 80
    pygame.draw.rect(screen, (220, 50, 50), (WIDTH // 3, HEIGHT - 80 - jump, 30, 40), border_radius=6)
    pygame.display.flip()
    clock.tick(60)
