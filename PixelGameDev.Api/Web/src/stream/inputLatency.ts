import type { LatencySample } from './events';
import { median } from './figures';

/** Most inputs that wait for their picture; further ones are not measured. */
const maxWaiting = 512;
/** Most samples; older ones are dropped. */
const maxSamples = 2000;

/** Measures the time from a key or the mouse to the first picture that had seen it. Times are milliseconds since the epoch. */
export class InputLatency {
  private waiting: { seq: number; at: number }[] = [];
  private samples: LatencySample[] = [];

  clear(): void {
    this.waiting = [];
    this.samples = [];
  }

  sent(seq: number, at: number): void {
    if (this.waiting.length < maxWaiting) this.waiting.push({ seq, at });
  }

  /** Notes that a picture that has seen every input up to `seen` is on the canvas. */
  drawn(seen: number, drawnAt: number): void {
    while (this.waiting.length > 0 && this.waiting[0]!.seq <= seen) {
      const { seq, at } = this.waiting.shift()!;
      this.samples.push({ seq, inputAt: at, drawnAt });
      if (this.samples.length > maxSamples) this.samples.shift();
    }
  }

  /** Returns the median since `time`, milliseconds; null without a sample. */
  medianSince(time: number): number | null {
    return median(this.samples.filter(({ drawnAt }) => drawnAt > time).map(({ inputAt, drawnAt }) => drawnAt - inputAt));
  }

  /** Returns the samples since the last call. */
  take(): LatencySample[] {
    const { samples } = this;
    this.samples = [];
    return samples;
  }
}
