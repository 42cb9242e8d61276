import type { Sound } from './adpcm';

/** Amount of sound to collect before playback begins, seconds. It hides uneven arrival. */
const cushion = 0.05;
/** More sound than this is late, seconds. The oldest is dropped, so that sound and picture stay together. */
const most = 0.2;

/** Buffers sound on its way to the loudspeaker. Arrival and playback may have different rates. */
export class JitterBuffer {
  private queue: Sound[] = [];
  private position = 0;
  private waiting = true;

  constructor(private readonly outputRate: number) {}

  /** Amount of buffered sound, seconds. */
  get length(): number {
    return (
      this.queue.reduce((sum, { rate, channels }) => sum + channels[0]!.length / rate, 0) -
      (this.queue[0] === undefined ? 0 : this.position / this.queue[0].rate)
    );
  }

  push(sound: Sound): void {
    this.queue.push(sound);
    while (this.length > most && this.queue.length > 1) {
      this.queue.shift();
      this.position = 0;
    }
    if (this.waiting && this.length >= cushion) this.waiting = false;
  }

  clear(): void {
    this.queue = [];
    this.position = 0;
    this.waiting = true;
  }

  /** Fills both channels; silence where the buffer is empty. */
  read(left: Float32Array, right: Float32Array): void {
    for (let i = 0; i < left.length; i++) {
      const sound = this.waiting ? undefined : this.queue[0];
      if (sound === undefined) {
        left.fill(0, i);
        right.fill(0, i);
        this.waiting = true;
        return;
      }
      const [l, r = l] = sound.channels as [Float32Array, Float32Array?];
      const whole = Math.floor(this.position);
      const part = this.position - whole;
      const next = Math.min(whole + 1, l.length - 1);
      left[i] = l[whole]! + (l[next]! - l[whole]!) * part;
      right[i] = r[whole]! + (r[next]! - r[whole]!) * part;
      this.position += sound.rate / this.outputRate;
      if (this.position >= l.length) {
        this.position -= l.length;
        this.queue.shift();
      }
    }
  }
}
