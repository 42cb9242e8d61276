# Hier beginnt dein eigenes Spiel.
import pygame

pygame.init()
screen = pygame.display.set_mode((640, 480))
pygame.display.set_caption("Mein Spiel")
clock = pygame.time.Clock()

running = True
while running:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            running = False

    # Hier bewegen sich Dinge.

    screen.fill((40, 32, 80))
    # Hier werden Dinge gezeichnet.

    pygame.display.flip()
    clock.tick(60)

pygame.quit()
