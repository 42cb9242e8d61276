import { describe, expect, it } from 'vitest';
import { englishAssist } from '../../../../language/en/assist';
import { builtins, classMembers, moduleMembers, pythonsWords } from './names';
import { homeOf } from './types';

const classes =
  'Surface Rect Color Vector2 Vector3 Event Clock Font Sound Channel Sprite Group GroupSingle Mask Joystick str list dict set tuple'.split(
    ' ',
  );
const homes = new Map(classes.map((name) => [homeOf(name), classMembers(name)!]));

/** Whether pygame or Python has a name: `pygame.Surface.blit`, `print`. */
function exists(name: string): boolean {
  if (builtins.has(name) || pythonsWords.includes(name) || moduleMembers(name) !== undefined) return true;
  const dot = name.lastIndexOf('.');
  const [home, member] = [name.slice(0, dot), name.slice(dot + 1)];
  return (homes.get(home) ?? moduleMembers(home))?.has(member) === true;
}

describe('the descriptions', () => {
  it('are of names that pygame and Python have', () => {
    const names = Object.keys(englishAssist.docs).filter((name) => !/^pygame\.(K|KMOD)_$/.test(name));
    expect(names.filter((name) => !exists(name))).toEqual([]);
  });

  it('tell of every name that the templates use', () => {
    for (const name of ['pygame.display.flip', 'pygame.Surface.blit', 'pygame.event.Event.key', 'pygame.time.Clock.tick', 'print', 'for'])
      expect(Object.hasOwn(englishAssist.docs, name)).toBe(true);
  });
});

describe('the names', () => {
  it('have the parameters and results of functions', () => {
    expect(moduleMembers('pygame.display')?.get('set_mode')).toEqual({
      name: 'set_mode',
      kind: 'function',
      parameters: 'size=(0, 0), flags=0, depth=0, display=0, vsync=0',
      type: 'Surface',
    });
    expect(classMembers('Rect')?.get('center')).toEqual({ name: 'center', kind: 'value', type: 'tuple' });
  });
});
