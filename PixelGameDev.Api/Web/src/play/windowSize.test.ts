import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WindowSize } from './windowSize';

describe('WindowSize', () => {
  let room: { width: number; height: number };
  let sent: string[];
  let playing: boolean;
  let size: WindowSize;
  let seq: number;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('document', { fullscreenElement: null });
    vi.stubGlobal('devicePixelRatio', 1);
    room = { width: 900, height: 700 };
    sent = [];
    seq = 0;
    playing = true;
    const input = (encode: (seq: number) => Uint8Array): void => {
      const view = new DataView(encode(++seq).buffer);
      sent.push(`${view.getUint32(1, true)}: ${view.getUint16(5, true)}×${view.getUint16(7, true)}`);
    };
    size = new WindowSize({ target: { input }, game: () => (playing ? { width: 1, height: 1 } : null) }, () => room);
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const opens = (width: number, height: number): void => {
    size.take({ resizable: true, width, height });
    vi.advanceTimersByTime(300);
  };
  const drags = (width: number, height: number): void => {
    room = { width, height };
    size.changed();
    vi.advanceTimersByTime(300);
  };

  it('leaves a window as the game has opened it, and one that never asks for another size', () => {
    size.take({ resizable: false, width: 0, height: 0 });
    drags(500, 500);
    opens(800, 600);
    expect(sent).toEqual([]);
  });

  it('gives the window the whole room once a person has changed it, when the corner rests', () => {
    opens(800, 600);
    for (const width of [910, 920, 930]) {
      room = { width, height: 700 };
      size.changed();
      vi.advanceTimersByTime(200);
    }
    expect(sent).toEqual([]);
    vi.advanceTimersByTime(60);
    expect(sent).toEqual(['1: 930×700']);
  });

  it('keeps the scale of the picture: small games stay large, shrunk ones stay small', () => {
    opens(320, 240);
    drags(1000, 500);
    expect(sent).toEqual(['1: 500×250']);
    size.take({ resizable: true, width: 500, height: 250 });
    drags(600, 600);
    expect(sent.at(-1)).toBe('2: 300×300');
  });

  it('repeats the same message until the game has the size', () => {
    opens(800, 600);
    drags(1000, 700);
    vi.advanceTimersByTime(2000);
    expect(sent).toEqual(['1: 1000×700', '1: 1000×700', '1: 1000×700']);
    // A connection that came back tells the old size once more.
    size.take({ resizable: true, width: 800, height: 600 });
    vi.advanceTimersByTime(1000);
    expect(sent.length).toBe(4);
    size.take({ resizable: true, width: 1000, height: 700 });
    vi.advanceTimersByTime(5000);
    expect(sent.length).toBe(4);
  });

  it('lets the game choose another size, and begins anew from there', () => {
    opens(800, 600);
    drags(1000, 700);
    size.take({ resizable: true, width: 300, height: 200 });
    vi.advanceTimersByTime(5000);
    expect(sent).toEqual(['1: 1000×700']);
    // 300×200 is shown three times as large.
    drags(900, 660);
    expect(sent.at(-1)).toBe('2: 300×220');
  });

  it('stays within what a window may have', () => {
    opens(800, 600);
    drags(4000, 3000);
    expect(sent).toEqual(['1: 1920×1080']);
    size.reset();
    vi.advanceTimersByTime(5000);
    expect(sent.length).toBe(1);
  });

  it('waits for the first picture, because the page changes until then', () => {
    playing = false;
    opens(800, 600);
    drags(900, 500);
    expect(sent).toEqual([]);
    playing = true;
    vi.advanceTimersByTime(300);
    expect(sent).toEqual([]);
    drags(900, 650);
    expect(sent).toEqual(['1: 1080×780']);
  });
});
