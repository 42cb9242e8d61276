import { describe, expect, it } from 'vitest';
import { cleanFileName, isOfficeFile, kindOf, loadingCode } from './fileKinds';

describe('file names', () => {
  it('knows kinds by ending', () => {
    expect([kindOf('main.py'), kindOf('a/Hero.PNG'), kindOf('jump.ogg'), kindOf('level.txt'), kindOf('odd')]).toEqual([
      'python',
      'image',
      'sound',
      'text',
      'other',
    ]);
  });
  it('knows documents that no game uses', () => {
    expect(['Homework.DOCX', 'a/b.pdf', 'setup.exe'].filter(isOfficeFile)).toHaveLength(3);
    expect(['main.py', 'hero.png', 'level.dat', 'font.ttf', 'map.tmx', 'world.obj', 'docx', 'docx/a.png'].filter(isOfficeFile)).toEqual([]);
  });
  it('cleans what cannot be a file of a project', () => {
    expect(cleanFileName('  ../..\\hero?.png ')).toBe('hero_.png');
    expect(cleanFileName('/images//hero.png')).toBe('images/hero.png');
    expect(cleanFileName('...')).toBe('');
  });
  it('writes the line that loads an asset', () => {
    expect(loadingCode('images/space ship.png')).toBe('space_ship = pygame.image.load("images/space ship.png")');
    expect(loadingCode('1up.wav')).toBe('_1up = pygame.mixer.Sound("1up.wav")');
    expect(loadingCode('main.py')).toBeNull();
  });
});
