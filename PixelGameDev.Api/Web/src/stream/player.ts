import type { LatencySample, StreamCommand, StreamEvent } from './events';
import { type Bytes, encodeConsoleInput } from './protocol';

export interface Pixels {
  width: number;
  height: number;
  /** RGBA, row by row. */
  data: Uint8ClampedArray;
}

/** The page's side of a stream: commands go to the worker (or the core on this thread), events come back. */
export class Player {
  private readonly command: (command: StreamCommand, transfer?: Transferable[]) => void;
  private readonly answers = new Map<number, (value: never) => void>();
  private nextId = 1;
  private seq = 0;

  constructor(canvas: HTMLCanvasElement, private readonly onEvent: (event: StreamEvent) => void) {
    if (typeof Worker === 'function' && 'transferControlToOffscreen' in canvas) {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'stream' });
      worker.onmessage = (event: MessageEvent<StreamEvent>) => this.receive(event.data);
      this.command = (command, transfer) => worker.postMessage(command, transfer ?? []);
      const offscreen = canvas.transferControlToOffscreen();
      this.command({ t: 'canvas', canvas: offscreen }, [offscreen]);
    } else {
      // Older browsers: the same core on this thread, loaded only there.
      const core = import('./core').then(({ StreamCore }) => {
        const made = new StreamCore((event) => this.receive(event));
        made.setCanvas(canvas);
        return made;
      });
      this.command = (command) => void core.then((made) => made.handle(command));
    }
  }

  /** Shows the session behind a WebSocket address; a session shown before is left. */
  open(url: string): void {
    this.command({ t: 'open', url });
  }

  close(): void {
    this.command({ t: 'close' });
  }

  reconnect(): void {
    this.command({ t: 'reconnect' });
  }

  /** Sends one input; `at` is its Event.timeStamp, 0 where nobody waits for a picture in answer. */
  input(encode: (seq: number) => Bytes, at: number): void {
    const seq = (this.seq = (this.seq + 1) >>> 0 || 1);
    const bytes = encode(seq);
    this.command({ t: 'send', bytes, seq, at: at === 0 ? 0 : performance.timeOrigin + at }, [bytes.buffer]);
  }

  answer(line: string): void {
    this.command({ t: 'send', bytes: encodeConsoleInput(line), seq: 0, at: 0 });
  }

  setView(visible: boolean, maxFps = 60): void {
    this.command({ t: 'view', visible, maxFps });
  }

  setAudio(port: MessagePort | null): void {
    this.command({ t: 'audio', port }, port === null ? [] : [port]);
  }

  /** Pixels as they stand on the canvas. */
  readPixels(x: number, y: number, width: number, height: number): Promise<Pixels> {
    return this.ask<Pixels>((id) => ({ t: 'read', id, x, y, width, height }));
  }

  /** Inputs answered by a picture since the last call. */
  takeSamples(): Promise<LatencySample[]> {
    return this.ask<LatencySample[]>((id) => ({ t: 'samples', id }));
  }

  private ask<T>(command: (id: number) => StreamCommand): Promise<T> {
    return new Promise<T>((resolve) => {
      const id = this.nextId++;
      this.answers.set(id, resolve as (value: never) => void);
      this.command(command(id));
    });
  }

  private receive(event: StreamEvent): void {
    if (event.t === 'pixels') {
      const { width, height, data } = event;
      this.resolve(event.id, { width, height, data });
    } else if (event.t === 'samples') {
      this.resolve(event.id, event.samples);
    } else {
      this.onEvent(event);
    }
  }

  private resolve(id: number, value: unknown): void {
    (this.answers.get(id) as ((value: unknown) => void) | undefined)?.(value);
    this.answers.delete(id);
  }
}
