# A picture that does not move: a menu, as most games begin.
import pygame

pygame.init()
screen = pygame.display.set_mode((640, 480))
clock = pygame.time.Clock()
font = pygame.font.Font(None, 64)
while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit
    screen.fill((40, 60, 110))
    for i in range(6):
        pygame.draw.circle(screen, (70 + i * 20, 110, 190 - i * 20), (60 + i * 110, 340 + i % 2 * 40), 46)
    screen.blit(font.render("Press a key to play", True, (255, 240, 200)), (110, 180))
    pygame.display.flip()
    clock.tick(60)
