import { type Bytes, encodeAck } from './protocol';

/** Acks tell the server how far behind this page is; ten a second are enough for that, milliseconds. */
const ackEvery = 100;

/**
 * Acknowledges pictures: at most ten times a second, and the newest one always. The server sends nothing to a page that owes it
 * too many Acks, so the picture that ends a burst must not stay without one.
 */
export class Acks {
  private frame = 0;
  private decodeMicros = 0;
  private sentAt = -Infinity;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly send: (bytes: Bytes) => void) {}

  /** Notes that a picture is on the canvas now. */
  drawn(frame: number, decodeMicros: number): void {
    this.frame = frame;
    this.decodeMicros = decodeMicros;
    const wait = this.sentAt + ackEvery - performance.now();
    if (wait <= 0) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), wait);
  }

  /** Forgets what is not acknowledged yet: the connection it came by is gone. */
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
