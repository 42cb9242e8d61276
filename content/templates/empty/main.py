# Your own game begins here.
import pygame

pygame.init()
screen = pygame.display.set_mode((640, 480))
pygame.display.set_caption("My Game")
clock = pygame.time.Clock()

running = True
while running:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            running = False

    # Move things here.

    screen.fill((40, 32, 80))
    # Draw things here.

    pygame.display.flip()
    clock.tick(60)

pygame.quit()
