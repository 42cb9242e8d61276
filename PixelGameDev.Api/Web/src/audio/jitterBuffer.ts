import type { Sound } from './adpcm';

/** Sound that is collected before the first of it is played: uneven arrival is not heard, seconds. */
const cushion = 0.05;
/** More than this is late; the oldest is dropped so that sound and picture stay together, seconds. */
const most = 0.2;

/** Sound pieces on their way to the loudspeaker, at whatever rate they come and it plays. */
export class JitterBuffer {
  private queue: Sound[] = [];
  private position = 0;
  private waiting = true;

  constructor(private readonly outputRate: number) {}

  /** Seconds that are collected. */
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

  /** Fills both ears' arrays; silence where there is nothing. */
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
