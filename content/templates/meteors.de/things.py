# Alles, was fliegt. Jedes Ding weiß, wie es sich bewegt und wie es sich zeichnet.
import math
import random
import pygame


class Thing:
    picture = None
    alive = True

    def load(self, name):
        self.picture = pygame.image.load(f"images/{name}.png").convert_alpha()
        self.rect = self.picture.get_rect()

    def draw(self, screen):
        screen.blit(self.picture, self.rect)

    def touches(self, other):
        return self.rect.inflate(-16, -16).colliderect(other.rect)


class Ship(Thing):
    def __init__(self):
        self.load("ship")
        self.rect.center = (240, 560)

    def move(self, keys):
        self.rect.x += (keys[pygame.K_RIGHT] - keys[pygame.K_LEFT]) * 7
        self.rect.y += (keys[pygame.K_DOWN] - keys[pygame.K_UP]) * 7
        self.rect.clamp_ip((0, 0, 480, 640))


class Rock(Thing):
    def __init__(self):
        self.load("rock")
        self.original = self.picture
        self.restart()

    def restart(self):
        self.rect.center = (random.randrange(30, 450), random.randrange(-600, -40))
        self.speed = random.uniform(3, 5)
        self.angle = 0
        self.spin = random.choice((-2, -1, 1, 2))

    def move(self, score):
        self.rect.y += self.speed + score / 40      # immer schneller
        self.angle += self.spin
        self.picture = pygame.transform.rotate(self.original, self.angle)
        self.rect = self.picture.get_rect(center=self.rect.center)
        if self.rect.top > 640:
            self.restart()


class Gem(Thing):
    def __init__(self):
        self.load("gem")
        self.restart()

    def restart(self):
        self.rect.center = (random.randrange(30, 450), random.randrange(-500, -40))
        self.time = 0

    def move(self):
        self.time += 0.08
        self.rect.y += 3
        self.rect.x += round(math.sin(self.time) * 2)
        if self.rect.top > 640:
            self.restart()


class Zap(Thing):
    def __init__(self, ship):
        self.rect = pygame.Rect(0, 0, 6, 20)
        self.rect.midbottom = ship.rect.midtop

    def move(self):
        self.rect.y -= 12
        self.alive = self.alive and self.rect.bottom > 0

    def draw(self, screen):
        pygame.draw.rect(screen, (254, 211, 48), self.rect, border_radius=3)


class Sparks(Thing):
    def __init__(self, thing):
        self.bits = [[*thing.rect.center, random.uniform(-5, 5), random.uniform(-5, 5)] for _ in range(30)]
        self.time = 30

    def move(self):
        self.time -= 1
        self.alive = self.time > 0
        for bit in self.bits:
            bit[0] += bit[2]
            bit[1] += bit[3]

    def draw(self, screen):
        for x, y, _, _ in self.bits:
            screen.fill(random.choice(((255, 159, 67), (254, 211, 48), (238, 82, 83))), (x, y, 5, 5))


class Stars:
    def __init__(self):
        self.stars = [[random.randrange(480), random.randrange(640), random.choice((1, 2, 3))] for _ in range(60)]

    def move(self):
        for star in self.stars:
            star[1] = (star[1] + star[2]) % 640

    def draw(self, screen):
        for x, y, size in self.stars:
            screen.fill((70 + size * 55,) * 3, (x, y, size, size))
