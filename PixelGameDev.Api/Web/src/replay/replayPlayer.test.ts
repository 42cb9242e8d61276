import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReplayPlayer, type ReplayState } from './replayPlayer';
import { type GoldenFrame, goldenFrames, makeRecording } from './testRecording';

const frames = goldenFrames('starter');

/** The browser's part: a canvas that keeps what was drawn, and an animation that the test moves. */
class Stage {
  readonly states: ReplayState[] = [];
  readonly shown: string[] = [];
  /** Bytes of the file that were asked for. */
  asked = 0;
  /** Time that drawing a picture takes, milliseconds. */
  cost = 0;
  private step: FrameRequestCallback | undefined;
  readonly player: ReplayPlayer;

  constructor(answer: () => Response) {
    vi.stubGlobal('fetch', async () => answer());
    vi.stubGlobal('requestAnimationFrame', (step: FrameRequestCallback) => {
      this.step = step;
      return 1;
    });
    vi.stubGlobal('cancelAnimationFrame', () => {
      this.step = undefined;
    });
    vi.stubGlobal(
      'ImageData',
      class {
        constructor(readonly data: Uint8ClampedArray) {}
      },
    );
    const context = {
      putImageData: ({ data }: ImageData) => {
        vi.advanceTimersByTime(this.cost);
        this.shown.push(createHash('sha256').update(data).digest('hex'));
      },
    };
    const canvas = { width: 1, height: 1, dataset: {}, getContext: () => context };
    this.player = new ReplayPlayer(canvas as unknown as HTMLCanvasElement, '/recording', (state) => this.states.push(state));
  }

  get state(): ReplayState | undefined {
    return this.states.at(-1);
  }

  /** Lets time pass until nothing more arrives. */
  async pass(millis: number): Promise<void> {
    for (let time = 0; time < millis; time += 20) {
      await vi.advanceTimersByTimeAsync(20);
      const { step } = this;
      this.step = undefined;
      step?.(performance.now());
    }
  }
}

/** An answer in pieces, each of which is asked for. */
function inPieces(file: Uint8Array, stage: () => Stage, size = 4000): Response {
  let at = 0;
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = file.slice(at, at + size);
        at += piece.length;
        stage().asked = at;
        if (piece.length > 0) controller.enqueue(piece);
        else controller.close();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body);
}

function stageWith(file: Uint8Array, size?: number): Stage {
  const stage: Stage = new Stage(() => inPieces(file, () => stage, size));
  return stage;
}

/** Without frames that change nothing, of which nothing is drawn. */
const pictures = (some: readonly GoldenFrame[]): string[] =>
  some.map(({ rgbaSha256 }) => rgbaSha256).filter((hash, index, all) => hash !== all[index - 1]);
const distinct = (hashes: readonly string[]): string[] => hashes.filter((hash, index) => hash !== hashes[index - 1]);

describe('ReplayPlayer', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('shows the first picture and does not load the rest', async () => {
    const file = makeRecording(frames);
    const stage = stageWith(file, 100);
    await stage.player.show();
    expect(stage.states).toEqual(['still']);
    expect(stage.shown).toEqual([frames[0]!.rgbaSha256]);
    expect(stage.asked).toBeLessThan(file.length);
  });

  it('plays every picture, and begins again', async () => {
    const stage = stageWith(makeRecording(frames));
    stage.player.play();
    await stage.pass(frames.length * 20 + 40);
    expect(distinct(stage.shown)).toEqual(pictures(frames));
    await stage.pass(frames.length * 20 + 1000);
    expect(stage.shown.filter((hash) => hash === frames[0]!.rgbaSha256).length).toBeGreaterThan(1);
    stage.player.pause();
    expect(stage.state).toBe('still');
  });

  it('goes on after a damaged picture with the next whole one', async () => {
    const second = frames.findIndex(({ keyframe }, index) => index > 0 && keyframe);
    const damaged = frames.map((frame, index) => (index === 1 ? { ...frame, message: frame.message.slice(0, 40) } : frame));
    const stage = stageWith(makeRecording(damaged));
    stage.player.play();
    await stage.pass(frames.length * 20 + 40);
    expect(distinct(stage.shown)).toEqual(pictures([frames[0]!, ...frames.slice(second)]));
  });

  it('plays what is there of a file that is cut off', async () => {
    const file = makeRecording(frames);
    const stage = stageWith(file.subarray(0, file.length - 1));
    stage.player.play();
    await stage.pass(frames.length * 20 + 40);
    expect(distinct(stage.shown)).toEqual(pictures(frames.slice(0, -1)));
    expect(stage.state).toBe('playing');
  });

  it('leaves the page time when pictures are hard to draw, and plays slower', async () => {
    const stage = stageWith(makeRecording(frames));
    stage.player.play();
    await stage.pass(40);
    const before = stage.shown.length;
    stage.cost = 5;
    await vi.advanceTimersByTimeAsync(300);
    await stage.pass(20);
    expect(stage.shown.length - before).toBeLessThanOrEqual(3);
    await stage.pass(frames.length * 20 + 40);
    expect(distinct(stage.shown).slice(0, pictures(frames).length)).toEqual(pictures(frames));
  });

  it.each<[string, () => Uint8Array]>([
    ['nothing', () => new Uint8Array()],
    ['another file', () => new TextEncoder().encode('<!doctype html><title>Not a recording</title>')],
    ['a file that begins in the middle', () => makeRecording(frames.slice(1, 3))],
  ])('says that %s is broken', async (_, file) => {
    const stage = stageWith(file());
    stage.player.play();
    await stage.pass(200);
    expect(stage.state).toBe('broken');
    expect(stage.shown).toEqual([]);
  });

  it('says that a recording that is gone is broken', async () => {
    const stage = new Stage(() => new Response('{}', { status: 404 }));
    await stage.player.show();
    expect(stage.state).toBe('broken');
  });
});
