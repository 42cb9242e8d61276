import { describe, expect, it } from 'vitest';
import { scancodes } from './scancodes';
import { buttonCodes, guessControls, letterOf, textOf } from './touchControls';

describe('guessControls', () => {
  it('takes the keys that the code names', () => {
    const code = `keys = pygame.key.get_pressed()
if keys[pygame.K_a]: x -= 1
if keys[pygame.K_d]: x += 1
if event.key == pygame.K_SPACE: jump()
if event.key == K_e or event.key == K_ESCAPE: open_door()`;
    expect(guessControls(code)).toEqual({ pad: 'cross', directions: 'wasd', buttons: ['Space', 'KeyE'] });
  });

  it('prefers arrows where both are used, and then makes no buttons of W, A, S and D', () => {
    const code =
      'if keys[K_LEFT] or keys[K_a]: left()\nif keys[K_RIGHT] or keys[K_d]: right()\nif keys[K_w]: up()\nif keys[K_RETURN]: go()';
    expect(guessControls(code)).toEqual({ pad: 'cross', directions: 'arrows', buttons: ['Enter'] });
  });

  it('has arrows, Space and Enter for a game that names no keys', () => {
    expect(guessControls('print("hello")')).toEqual({ pad: 'cross', directions: 'arrows', buttons: ['Space', 'Enter'] });
  });

  it('has at most six buttons', () => {
    const letters = [...'bcefghijk'].map((letter) => `pygame.K_${letter}`).join(' ');
    expect(guessControls(letters).buttons).toEqual(['KeyB', 'KeyC', 'KeyE', 'KeyF', 'KeyG', 'KeyH']);
  });
});

it('every key of a button can be sent, and letters type', () => {
  for (const code of buttonCodes) expect(scancodes[code], code).toBeDefined();
  expect(letterOf('KeyQ')).toBe('Q');
  expect(letterOf('Space')).toBeUndefined();
  expect([textOf('KeyQ'), textOf('Digit7'), textOf('Space'), textOf('Enter')]).toEqual(['q', '7', ' ', '']);
});
