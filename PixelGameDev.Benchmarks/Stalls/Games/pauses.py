# Stands still, moves for a moment, and stands still again, like a puzzle between two moves.
import time

import pygame
import stall_stage

pygame.init()
screen = pygame.display.set_mode((640, 480))
font = pygame.font.Font(None, 90)
PERIOD = 1.5
MOVING = 0.3
while True:
    now = time.time()
    turn, phase = divmod(now, PERIOD)
    step = min(phase / MOVING, 1.0)
    screen.fill((34, 60, 50))
    for tile in range(9):
        left = 150 + tile % 3 * 120 + (int(100 * step) if tile == int(turn) % 9 else 0)
        pygame.draw.rect(screen, (220, 190 - tile * 12, 90 + tile * 10), (left, 90 + tile // 3 * 120, 100, 100))
    screen.blit(font.render("%d" % (int(turn) % 1000), True, (255, 255, 255)), (20, 400))
    if step == 1.0:
        # Nothing new until the next turn: this picture stays right.
        stall_stage.until = (turn + 1) * PERIOD
        pygame.display.flip()
        while time.time() < (turn + 1) * PERIOD:
            for event in pygame.event.get():
                if event.type == pygame.QUIT:
                    raise SystemExit
            pygame.time.wait(20)
            if pygame.event.peek((pygame.KEYDOWN, pygame.KEYUP)):
                break
    else:
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                raise SystemExit
        pygame.display.flip()
        pygame.time.wait(16)
