import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { InputOptions } from './input';
import { PlayInput } from './playInput';

describe('PlayInput', () => {
  const field = Object.assign(new EventTarget(), { focus: () => undefined });
  let sent: Uint8Array[];
  let did: string[];
  let loads: { resolve(): void; reject(): void }[];
  let playing: boolean;
  let input: PlayInput;

  /** Stands in for the code that loads later. */
  class Loaded {
    readonly holdsCtrl = true;
    adopt(): void {
      did.push('adopt');
    }
    begin(): void {
      did.push('begin');
    }
    pad(code: string): void {
      did.push(code);
    }
    key({ type, code }: KeyboardEvent): void {
      did.push(`${type} ${code}`);
    }
  }

  /** Presses or releases a key in the field. Returns whether the browser does with it what it does in a field. */
  function key(type: string, code: string, more: Partial<KeyboardEvent> = {}): boolean {
    return field.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), { code, ...more }));
  }

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('document', { activeElement: field, hasFocus: () => true });
    sent = [];
    did = [];
    loads = [];
    const target = { input: (encode: (seq: number) => Uint8Array) => sent.push(encode(1)) };
    const load = (): Promise<never> =>
      new Promise((resolve, reject) => {
        loads.push({
          resolve: () => resolve({ GameInput: Loaded } as never),
          reject: () => reject(new Error('the network was away')),
        });
      });
    playing = true;
    input = new PlayInput({ field, target, game: () => (playing ? {} : null) } as unknown as InputOptions, load);
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('tells the game of its keyboard before the code is there, and then does in order what came meanwhile', async () => {
    input.begin();
    input.with((real) => real.pad('KeyA', true));
    input.with((real) => real.pad('KeyB', true));
    await vi.advanceTimersByTimeAsync(0);
    expect(sent.map((bytes) => [...bytes])).toEqual([[0x85, 1, 0, 0, 0, 1]]);
    expect([did, input.holdsCtrl]).toEqual([[], false]);
    loads[0]!.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(did).toEqual(['adopt', 'begin', 'KeyA', 'KeyB']);
    input.with((real) => real.pad('KeyC', true));
    expect([did.at(-1), loads.length, input.holdsCtrl]).toEqual(['KeyC', 1, true]);
  });

  it('keeps the keys that are pressed before the code is there, each once, and leaves the rest to the browser', async () => {
    playing = false;
    expect(key('keydown', 'Space')).toBe(true);
    playing = true;
    input.begin();
    expect(key('keydown', 'KeyC')).toBe(false);
    for (let count = 0; count < 30; count++) expect(key('keydown', 'KeyC', { repeat: true })).toBe(false);
    key('keyup', 'KeyC');
    expect([key('keydown', 'F5'), key('keydown', 'KeyR', { ctrlKey: true })]).toEqual([true, true]);
    expect(key('keydown', 'KeyE', { key: 'Dead' })).toBe(true);
    loads[0]!.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(did).toEqual(['adopt', 'begin', 'keydown KeyC', 'keyup KeyC', 'keydown F5', 'keydown KeyR']);
    // From here on, the loaded code listens itself.
    expect([key('keydown', 'KeyD'), did.length]).toEqual([true, 6]);
  });

  it('loads again after a load that failed, as often as it takes, and loses nothing', async () => {
    input.with((real) => real.pad('KeyA', true));
    for (let count = 1; count <= 3; count++) {
      expect(loads.length).toBe(count);
      loads.at(-1)!.reject();
      await vi.advanceTimersByTimeAsync(900);
      input.with((real) => real.pad(`Key${count}`, true));
      await vi.advanceTimersByTimeAsync(100);
    }
    loads.at(-1)!.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(did).toEqual(['adopt', 'KeyA', 'Key1', 'Key2', 'Key3']);
  });
});
