import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { StreamCore } from './core';
import type { StreamEvent } from './events';
import { MessageType } from './protocol';

/** Has the parts of the browser's WebSocket that the core uses. */
class FakeSocket {
  static readonly CONNECTING = 0;
  static readonly OPEN = 1;
  static last: FakeSocket;
  readyState = FakeSocket.OPEN;
  binaryType = '';
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  readonly sent: Uint8Array[] = [];
  constructor(readonly url: string) {
    FakeSocket.last = this;
  }
  send(bytes: Uint8Array): void {
    this.sent.push(bytes.slice());
  }
  close(): void {
    this.readyState = 3;
  }
  of(type: number): Uint8Array[] {
    return this.sent.filter((bytes) => bytes[0] === type);
  }
}

const scenes = JSON.parse(readFileSync(new URL('./codec/golden.json', import.meta.url), 'utf8')) as {
  frames: { keyframe: boolean; message: string }[];
}[];
const frames = scenes[0]!.frames.map(({ message }) => Uint8Array.from(Buffer.from(message, 'base64')));

/** A connection that broke. */
const cut = { code: 1006, reason: '' };

describe('the stream', () => {
  let events: StreamEvent[];
  let core: StreamCore;
  const arrive = (message: Uint8Array): void => FakeSocket.last.onmessage!({ data: message.slice().buffer });
  const number = (bytes: Uint8Array): number => new DataView(bytes.buffer).getUint32(1, true);

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance', 'setInterval', 'setTimeout', 'clearTimeout'] });
    vi.stubGlobal('WebSocket', FakeSocket);
    vi.advanceTimersByTime(1000);
    events = [];
    core = new StreamCore((event) => events.push(event));
    core.handle({ type: 'open', run: 1, url: 'ws://here/stream' });
    FakeSocket.last.onopen!();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('tells the server ten times a second which picture it shows, the newest, not of each', () => {
    // The same picture again and again: only its time matters.
    for (let i = 0; i < 120; i++) {
      arrive(frames[0]!);
      vi.advanceTimersByTime(1000 / 60);
    }
    const acks = FakeSocket.last.of(MessageType.Ack);
    expect(acks.length).toBeGreaterThanOrEqual(15);
    expect(acks.length).toBeLessThanOrEqual(21);
    expect(new Set(acks.map(number))).toEqual(new Set([new DataView(frames[0]!.buffer).getUint32(6, true)]));
  });

  it('asks once for a complete picture when one does not follow, and counts what it could not show', () => {
    arrive(frames[0]!);
    const broken = frames[1]!.slice();
    broken.fill(0xff, 22);
    arrive(broken);
    arrive(frames[1]!);
    vi.advanceTimersByTime(600);
    const hud = events.filter((event) => event.type === 'hud').at(-1)!;
    expect(FakeSocket.last.of(MessageType.KeyframeRequest).length).toBe(1);
    expect(hud.frames).toBe(1);
    expect(hud.lost).toBe(2);
  });

  it('acknowledges the last picture of a burst, although nothing comes after it', () => {
    // After a stall, many pictures come within a few milliseconds, and then the server waits for their Ack.
    vi.advanceTimersByTime(500);
    for (const frame of frames) arrive(frame);
    vi.advanceTimersByTime(200);
    const last = new DataView(frames.at(-1)!.buffer).getUint32(6, true);
    expect(number(FakeSocket.last.of(MessageType.Ack).at(-1)!)).toBe(last);
  });

  it('asks again for a complete picture that does not come', () => {
    arrive(frames[1]!);
    expect(FakeSocket.last.of(MessageType.KeyframeRequest).length).toBe(1);
    arrive(frames[1]!);
    vi.advanceTimersByTime(3100);
    expect(FakeSocket.last.of(MessageType.KeyframeRequest).length).toBe(4);
    arrive(frames[0]!);
    vi.advanceTimersByTime(3000);
    expect(FakeSocket.last.of(MessageType.KeyframeRequest).length).toBe(4);
  });

  describe('and what is held', () => {
    const key = (down: number): Uint8Array<ArrayBuffer> => Uint8Array.of(MessageType.Key, 1, 0, 0, 0, down, 0, 4, 0, 0, 0, 97, 0, 0, 0);
    const state = (text: string): Uint8Array => Uint8Array.of(MessageType.State, ...new TextEncoder().encode(text));
    const hold = (down: number): void => core.handle({ type: 'send', bytes: key(down), seq: 1, at: 0 });
    const held = Uint8Array.of(MessageType.Held, 0, 0, 0, 0, 1, 4, 0, 97, 0, 0, 0);
    const nothing = Uint8Array.of(MessageType.Held, 0, 0, 0, 0, 0);

    it('is told as a whole as soon as the sandbox listens, then once a second, and a while longer when it was let go', () => {
      arrive(state('{"state":"running","held":true}'));
      hold(1);
      vi.advanceTimersByTime(2000);
      expect(FakeSocket.last.of(MessageType.Held)).toEqual([nothing, held, held]);
      hold(0);
      vi.advanceTimersByTime(5000);
      expect(FakeSocket.last.of(MessageType.Held).slice(3)).toEqual([nothing, nothing, nothing]);
    });

    it('is told at once by a new connection, also what was let go without one', () => {
      arrive(state('{"state":"running","held":true}'));
      hold(1);
      const first = FakeSocket.last;
      first.onclose!(cut);
      hold(0);
      vi.advanceTimersByTime(250);
      const second = FakeSocket.last;
      expect(second).not.toBe(first);
      expect(second.of(MessageType.Held)).toEqual([]);
      second.onopen!();
      expect(second.of(MessageType.Held)).toEqual([nothing]);
    });

    it('is not told to a server that does not know the message', () => {
      arrive(state('{"state":"running"}'));
      hold(1);
      vi.advanceTimersByTime(3000);
      expect(FakeSocket.last.of(MessageType.Held)).toEqual([]);
    });
  });

  it('keeps an answer to input() until there is a connection again', () => {
    arrive(frames[0]!);
    FakeSocket.last.onclose!(cut);
    core.handle({ type: 'send', bytes: Uint8Array.of(MessageType.ConsoleInput, 65), seq: 0, at: 0 });
    vi.advanceTimersByTime(1000);
    FakeSocket.last.onopen!();
    expect(FakeSocket.last.of(MessageType.ConsoleInput)).toEqual([Uint8Array.of(MessageType.ConsoleInput, 65)]);
  });

  it('says why it may not watch, tries again, and is open again with the first message only', () => {
    const statuses = (): StreamEvent[] => events.filter((event) => event.type === 'status');
    arrive(frames[0]!);
    events.length = 0;
    for (let refused = 1; refused <= 3; refused++) {
      FakeSocket.last.onclose!({ code: 1008, reason: 'too_many_viewers: four windows' });
      expect(statuses()).toEqual(
        Array.from({ length: refused }, (_, i) => ({ type: 'status', status: 'lost', attempt: i + 1, refusal: 'too_many_viewers' })),
      );
      vi.advanceTimersByTime(4000);
      FakeSocket.last.onopen!();
    }
    core.handle({ type: 'send', bytes: Uint8Array.of(MessageType.ConsoleInput, 65), seq: 0, at: 0 });
    expect(FakeSocket.last.of(MessageType.ConsoleInput)).toEqual([]);
    arrive(frames[0]!);
    expect(statuses().at(-1)).toEqual({ type: 'status', status: 'open', attempt: 0 });
    expect(FakeSocket.last.of(MessageType.ConsoleInput).length).toBe(1);
    FakeSocket.last.onclose!({ code: 1008, reason: 'message too long' });
    expect(statuses().at(-1)).toEqual({ type: 'status', status: 'lost', attempt: 1 });
  });

  it('says how old a picture is by the clock of the sandbox', () => {
    const ping = FakeSocket.last.of(MessageType.Ping)[0]!;
    vi.advanceTimersByTime(10);
    const pong = new Uint8Array(13);
    pong[0] = MessageType.Pong;
    pong.set(ping.subarray(1), 1);
    const captured = new DataView(frames[0]!.buffer).getUint32(10, true);
    // The middle of the 10 ms was 3 ms after the picture was captured.
    new DataView(pong.buffer).setUint32(9, captured + 3000, true);
    arrive(pong);
    arrive(frames[0]!);
    vi.advanceTimersByTime(600);
    const hud = events.filter((event) => event.type === 'hud').at(-1)!;
    expect(hud.age).toBeCloseTo(8, 1);
    expect(hud.roundTrip).toBeCloseTo(10, 1);
  });

  it('sends input at once, and what is pressed before the connection stands when it does', () => {
    core.handle({ type: 'open', run: 1, url: 'ws://here/other' });
    const socket = FakeSocket.last;
    socket.readyState = FakeSocket.CONNECTING;
    core.handle({ type: 'send', bytes: Uint8Array.of(MessageType.Focus, 1, 0, 0, 0, 1), seq: 1, at: 5 });
    expect(socket.sent).toEqual([]);
    socket.readyState = FakeSocket.OPEN;
    socket.onopen!();
    expect(socket.of(MessageType.Focus).length).toBe(1);
    core.handle({ type: 'send', bytes: Uint8Array.of(MessageType.Focus, 2, 0, 0, 0, 0), seq: 2, at: 6 });
    expect(socket.of(MessageType.Focus).length).toBe(2);
  });

  it('ends the sound and the picture of the game before when another is opened', () => {
    const heard: Uint8Array[] = [];
    const canvas = { width: 640, height: 480, getContext: () => null };
    core.handle({ type: 'audio', port: { postMessage: (bytes: Uint8Array) => heard.push(bytes) } as unknown as MessagePort });
    core.setCanvas(canvas as unknown as OffscreenCanvas);
    arrive(Uint8Array.of(MessageType.Audio, 1, 2, 3));
    core.handle({ type: 'open', run: 2, url: 'ws://here/other' });
    expect(heard.map(({ length }) => length)).toEqual([4, 0]);
    expect([canvas.width, canvas.height]).toEqual([1, 1]);
  });
});
