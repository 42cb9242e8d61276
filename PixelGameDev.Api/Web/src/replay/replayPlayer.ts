import { FrameDecoder } from '../stream/codec';
import { Picture } from '../stream/picture';
import { RecordingReader } from './recordingFile';

/** `still`: a picture is there and does not move. `broken`: there is no picture that could be shown. */
export type ReplayState = 'loading' | 'still' | 'playing' | 'broken';

/** A tab that was hidden for longer goes on where it was, milliseconds. */
const longestStep = 1000;
/** Decoding takes at most this time of each step, milliseconds: a recording may be made to keep the page busy. */
const longestWork = 12;
/** A shorter recording stays for this time before it begins again, milliseconds. */
const shortest = 500;

/**
 * Replays a recording on a canvas, again and again: pixel-exact, with the decoder of the stream, without a server that plays. It shows the
 * first picture as soon as that has arrived, and loads the rest only if it plays.
 */
export class ReplayPlayer {
  private readonly picture = new Picture();
  private readonly decoder = new FrameDecoder();
  private recording = new RecordingReader();
  private loading: AbortController | undefined;
  private complete = false;
  /** Number of the next message. */
  private next = 0;
  private began = 0;
  private lastStep = 0;
  private timer = 0;
  private state: ReplayState = 'loading';

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly address: string,
    private readonly onState: (state: ReplayState) => void,
  ) {
    this.picture.setCanvas(canvas);
  }

  /** Shows the first picture. */
  show(): Promise<void> {
    return this.load(false);
  }

  /** Plays on from the picture that is shown, or from the first one. */
  play(): void {
    if (this.state === 'playing' || this.state === 'broken') return;
    if (!this.complete) void this.load(true);
    this.began = performance.now() - (this.recording.messages[this.next - 1]?.millis ?? 0);
    this.lastStep = performance.now();
    this.setState('playing');
    this.timer = requestAnimationFrame(this.step);
  }

  pause(): void {
    cancelAnimationFrame(this.timer);
    if (this.state === 'playing') this.setState(this.next > 0 ? 'still' : 'loading');
  }

  dispose(): void {
    cancelAnimationFrame(this.timer);
    this.loading?.abort();
  }

  private async load(whole: boolean): Promise<void> {
    this.loading?.abort();
    const abort = new AbortController();
    this.loading = abort;
    const recording = new RecordingReader();
    this.recording = recording;
    this.next = 0;
    try {
      const answer = await fetch(this.address, { credentials: 'same-origin', signal: abort.signal });
      if (!answer.ok || answer.body === null) throw new Error(String(answer.status));
      const body = answer.body.getReader();
      for (let part = await body.read(); !part.done; part = await body.read()) {
        recording.push(part.value);
        // Without its first picture, a recording shows nothing.
        if (this.next === 0 && recording.messages.length > 0 && !this.draw()) break;
        if (!whole && this.next > 0) {
          // The rest comes when somebody plays it.
          abort.abort();
          break;
        }
      }
      if (whole) recording.finish();
    } catch {
      if (abort.signal.aborted) return;
      // The part that has arrived can be shown.
    }
    if (this.loading !== abort) return;
    this.complete = whole;
    if (this.next === 0) {
      cancelAnimationFrame(this.timer);
      this.setState('broken');
    } else if (this.state === 'loading') this.setState('still');
  }

  private readonly step = (now: number): void => {
    if (now - this.lastStep > longestStep) this.began += now - this.lastStep;
    this.lastStep = now;
    const { messages, header } = this.recording;
    const time = now - this.began;
    const until = performance.now() + longestWork;
    while (this.next < messages.length && messages[this.next]!.millis <= time && this.draw()) {
      if (performance.now() < until) continue;
      // It plays slower than it was.
      this.began = now - messages[this.next - 1]!.millis;
      break;
    }
    if (this.next === messages.length) {
      // The next picture has not arrived yet: time stands still until it is here.
      if (!this.complete) this.began = now - (messages.at(-1)?.millis ?? 0);
      else if (time >= Math.max(shortest, Math.min(header?.millis ?? 0, (messages.at(-1)?.millis ?? 0) + shortest))) {
        this.next = 0;
        this.began = now;
      }
    }
    this.timer = requestAnimationFrame(this.step);
  };

  /**
   * Draws the next message. A damaged one changes nothing, and the picture goes on with the next keyframe. Returns false, and draws nothing,
   * if it is the first one.
   */
  private draw(): boolean {
    try {
      this.picture.show(this.decoder.decode(this.recording.messages[this.next]!.bytes));
      this.canvas.dataset['frame'] = String(this.next);
    } catch {
      if (this.next === 0) return false;
    }
    this.next++;
    return true;
  }

  private setState(state: ReplayState): void {
    this.state = state;
    this.onState(state);
  }
}
