import type { LatencySample, StreamCommand } from './events';
import { type Bytes, encodeConsoleInput } from './protocol';
import { type RunEvent, RunTag } from './runTag';

export interface Pixels {
  width: number;
  height: number;
  /** RGBA, row by row. */
  data: Uint8ClampedArray;
}

/** The page's side of a stream: sends commands to the worker (or to the core on this thread), and receives events. */
export class Player {
  private readonly command: (command: StreamCommand, transfer?: Transferable[]) => void;
  private end: () => void = () => undefined;
  private readonly answers = new Map<number, (value: never) => void>();
  private nextId = 1;
  private seq = 0;

  constructor(
    canvas: HTMLCanvasElement,
    private readonly onEvent: (event: RunEvent) => void,
  ) {
    if (typeof Worker === 'function' && 'transferControlToOffscreen' in canvas) {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'stream' });
      worker.onmessage = (event: MessageEvent<RunEvent>) => this.receive(event.data);
      this.command = (command, transfer) => worker.postMessage(command, transfer ?? []);
      this.end = () => worker.terminate();
      const offscreen = canvas.transferControlToOffscreen();
      this.command({ type: 'canvas', canvas: offscreen }, [offscreen]);
    } else {
      // Older browsers run the same core on this thread; only they load it here.
      const core = import('./core').then(({ StreamCore }) => {
        const tag = new RunTag();
        const made = new StreamCore((event) => this.receive(tag.mark(event)));
        made.setCanvas(canvas);
        return (command: StreamCommand): void => {
          tag.note(command);
          made.handle(command);
        };
      });
      this.command = (command) => void core.then((handle) => handle(command));
    }
  }

  /** Shows the session of a WebSocket address instead of an earlier one. Events carry the number of the run. */
  open(run: number, url: string): void {
    this.command({ type: 'open', run, url });
  }

  close(): void {
    this.command({ type: 'close' });
  }

  /** Ends the worker, because the canvas is no longer on the page. */
  dispose(): void {
    this.close();
    this.end();
  }

  reconnect(): void {
    this.command({ type: 'reconnect' });
  }

  /** Sends one input; `at` is its Event.timeStamp, or 0 if no picture answers the input. */
  input(encode: (seq: number) => Bytes, at: number): void {
    const seq = (this.seq = (this.seq + 1) >>> 0 || 1);
    const bytes = encode(seq);
    this.command({ type: 'send', bytes, seq, at: at === 0 ? 0 : performance.timeOrigin + at }, [bytes.buffer]);
  }

  answer(line: string): void {
    this.command({ type: 'send', bytes: encodeConsoleInput(line), seq: 0, at: 0 });
  }

  setView(visible: boolean, maxFps = 60): void {
    this.command({ type: 'view', visible, maxFps });
  }

  setAudio(port: MessagePort | null): void {
    this.command({ type: 'audio', port }, port === null ? [] : [port]);
  }

  /** Returns pixels of the canvas. */
  readPixels(x: number, y: number, width: number, height: number): Promise<Pixels> {
    return this.ask<Pixels>((id) => ({ type: 'read', id, x, y, width, height }));
  }

  /** Returns the inputs that a picture has answered since the last call. */
  takeSamples(): Promise<LatencySample[]> {
    return this.ask<LatencySample[]>((id) => ({ type: 'samples', id }));
  }

  private ask<T>(command: (id: number) => StreamCommand): Promise<T> {
    return new Promise<T>((resolve) => {
      const id = this.nextId++;
      this.answers.set(id, resolve as (value: never) => void);
      this.command(command(id));
    });
  }

  private receive(event: RunEvent): void {
    if (event.type === 'pixels') {
      const { width, height, data } = event;
      this.resolve(event.id, { width, height, data });
    } else if (event.type === 'samples') {
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
