/** Length of one bucket, milliseconds. */
export const bucketTime = 100;
/** Number of buckets: one second. */
const buckets = 10;
const remembered = 64;

/**
 * Collects the figures of the last second. All arrays are made once: a picture allocates no memory, otherwise the browser would sometimes
 * interrupt the game to collect garbage.
 */
export class FrameFigures {
  private readonly counts = new Uint16Array(buckets);
  private readonly bytes = new Float64Array(buckets);
  private readonly losses = new Uint16Array(buckets);
  private readonly worst = new Float32Array(buckets);
  private readonly ages = new Float32Array(remembered);
  private readonly decodes = new Float32Array(remembered);
  private readonly encodes = new Float32Array(remembered);
  private frames = 0;
  private current = 0;
  private told = 0;

  constructor(now: number) {
    this.current = this.told = Math.floor(now / bucketTime);
  }

  received(now: number, length: number): void {
    const at = this.turn(now);
    this.bytes[at] = this.bytes[at]! + length;
  }

  /** Notes that a picture could not be shown. */
  missed(now: number): void {
    const at = this.turn(now);
    this.losses[at] = this.losses[at]! + 1;
  }

  /** Notes that a picture is on the canvas; times in milliseconds, `age` NaN if it is not known. */
  drawn(now: number, age: number, decode: number, encode: number): void {
    const bucket = this.turn(now);
    this.counts[bucket] = this.counts[bucket]! + 1;
    if (age > this.worst[bucket]!) this.worst[bucket] = age;
    const at = this.frames++ % remembered;
    this.ages[at] = age;
    this.decodes[at] = decode;
    this.encodes[at] = encode;
  }

  /** Returns the figures of the last second and, in `steps`, of each tenth since the last call. */
  take(now: number): {
    fps: number;
    bytes: number;
    lost: number;
    age: number | null;
    ageWorst: number | null;
    decode: number;
    encode: number;
    steps: Step[];
  } {
    this.turn(now);
    let fps = 0;
    let bytes = 0;
    let lost = 0;
    for (let i = 0; i < buckets; i++) {
      fps += this.counts[i]!;
      bytes += this.bytes[i]!;
      lost += this.losses[i]!;
    }
    const steps: Step[] = [];
    // The current tenth is not complete.
    for (let tenth = Math.max(this.told, this.current - buckets + 1); tenth < this.current; tenth++) {
      const at = tenth % buckets;
      steps.push({ frames: this.counts[at]!, age: this.worst[at]! });
    }
    this.told = this.current;
    return {
      fps,
      bytes,
      lost,
      age: this.share(this.ages, 0.5),
      ageWorst: this.share(this.ages, 0.95),
      decode: this.share(this.decodes, 0.5) ?? 0,
      encode: this.share(this.encodes, 0.5) ?? 0,
      steps,
    };
  }

  /** Clears the buckets between the last time and now; returns the index of the current one. */
  private turn(now: number): number {
    const bucket = Math.floor(now / bucketTime);
    for (let old = Math.max(this.current + 1, bucket - buckets + 1); old <= bucket; old++) {
      const at = old % buckets;
      this.counts[at] = 0;
      this.bytes[at] = 0;
      this.losses[at] = 0;
      this.worst[at] = 0;
    }
    if (bucket > this.current) this.current = bucket;
    return this.current % buckets;
  }

  private share(values: Float32Array, part: number): number | null {
    const known = [...values.subarray(0, Math.min(this.frames, remembered))].filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    return known.length === 0 ? null : known[Math.floor((known.length - 1) * part)]!;
  }
}

export function median(values: number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** A tenth of a second: pictures drawn, and the oldest of them, milliseconds. */
export interface Step {
  frames: number;
  age: number;
}
