# Sternenfänger!  Drück auf Start und flieg mit den Pfeiltasten.
import random
import pygame

pygame.init()
screen = pygame.display.set_mode((640, 480))
pygame.display.set_caption("Sternenfänger")
font = pygame.font.Font(None, 48)
clock = pygame.time.Clock()

# Deine Figur, mit Buchstaben gemalt. Ändere das Bild und starte noch einmal!
HERO = ["O......O",
        "OO....OO",
        "OOOOOOOO",
        "OBOOOOBO",
        "OOOOOOOO",
        ".WWBBWW.",
        "..WWWW.."]
COLORS = {"O": (255, 140, 50), "W": (255, 248, 235), "B": (45, 35, 70)}
RAINBOW = [(255, 90, 95), (255, 180, 60), (255, 240, 100), (90, 220, 130), (90, 170, 255)]

hero = pygame.Rect(296, 300, 48, 42)      # x, y, Breite, Höhe
speed = 6                                 # probier 12!
stars = [[random.randrange(640), random.randrange(-480, 300)] for _ in range(8)]
trail = []
score = 0

while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            raise SystemExit

    # Welche Pfeiltasten sind gerade gedrückt? Dorthin bewegt sich die Figur.
    keys = pygame.key.get_pressed()
    before = hero.center
    hero.x += (keys[pygame.K_RIGHT] - keys[pygame.K_LEFT]) * speed
    hero.y += (keys[pygame.K_DOWN] - keys[pygame.K_UP]) * speed
    hero.clamp_ip(screen.get_rect())      # nicht aus dem Fenster hinaus
    trail = (trail + [before])[-25:] if hero.center != before else trail[1:]

    # Sterne fallen. Berühre einen, um ihn zu fangen.
    for star in stars:
        star[1] += 3
        caught = hero.inflate(20, 20).collidepoint(star)
        if caught:
            score += 1
        if caught or star[1] > 490:
            star[0], star[1] = random.randrange(10, 630), -20

    # Alles malen, von hinten nach vorn.
    screen.fill((38, 32, 80))
    for i, spot in enumerate(trail):
        pygame.draw.circle(screen, RAINBOW[i // 5], spot, 4 + i // 2)
    for x, y in stars:
        pygame.draw.polygon(screen, (255, 225, 90), [(x, y - 14), (x + 5, y - 5), (x + 14, y), (x + 5, y + 5),
                                                     (x, y + 14), (x - 5, y + 5), (x - 14, y), (x - 5, y - 5)])
    for row, line in enumerate(HERO):
        for column, letter in enumerate(line):
            if letter in COLORS:
                screen.fill(COLORS[letter], (hero.x + column * 6, hero.y + row * 6, 6, 6))
    screen.blit(font.render(f"Sterne: {score}", True, (255, 248, 235)), (16, 12))

    pygame.display.flip()
    clock.tick(60)
