# Follows the player's input: a ship flies over drifting stars while the right arrow is held.
import pygame

pygame.init()
screen = pygame.display.set_mode((640, 480))
clock = pygame.time.Clock()
x = frame = 0
while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
    frame += 1
    if pygame.key.get_pressed()[pygame.K_RIGHT]:
        x = (x + 4) % 640
    screen.fill((14, 16, 40))
    for star in range(60):
        screen.fill((200, 210, 255), ((star * 97 - frame * (1 + star % 3)) % 640, 20 + star * 7, 2, 2))
    pygame.draw.polygon(screen, (255, 170, 60), [(x, 230), (x + 40, 245), (x, 260)])
    pygame.display.flip()
    clock.tick(60)
