import { type Bytes, encodeAck } from './protocol';

/** Time between Acks, milliseconds. They tell the server how far behind this page is; ten per second are enough. */
const ackEvery = 100;

/**
 * Acknowledges pictures: at most ten times per second, and always the newest one. The server sends nothing to a page that owes it too many
 * Acks, so the last picture of a burst must get one.
 */
export class Acks {
  private frame = 0;
  private decodeMicros = 0;
  private sentAt = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (bytes: Bytes) => void) {}

  /** Notes that a picture is now on the canvas. */
  drawn(frame: number, decodeMicros: number): void {
    this.frame = frame;
    this.decodeMicros = decodeMicros;
    const wait = this.sentAt + ackEvery - performance.now();
    if (wait <= 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), wait);
  }

  /** Forgets unacknowledged pictures, because their connection is gone. */
  reset(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sentAt = -Infinity;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.sentAt = performance.now();
    this.send(encodeAck(this.frame, this.decodeMicros));
  }
}
