import { Acks } from './acks';
import { backoff } from './backoff';
import { SandboxClock } from './clock';
import { type DecodedFrame, FrameDecoder, NeedKeyframe } from './codec';
import type { StreamCommand, StreamEvent } from './events';
import { FrameFigures } from './figures';
import { HeldInput } from './heldInput';
import { InputLatency } from './inputLatency';
import { KeyframeRequests } from './keyframeRequests';
import { type Canvas, Picture } from './picture';
import { type Bytes, decodePong, encodeKeyframeRequest, encodePing, encodeView, MessageType } from './protocol';
import { type Refusal, refusalOf } from './refusal';
import { Understanding } from './understanding';

/** After this time without any message the connection counts as lost, milliseconds. */
const silence = 6000;
const pingEvery = 1000;

/**
 * One viewer's connection: WebSocket, decoder and canvas together, so that a picture goes from the network to the screen
 * on a single thread. It runs in a worker if the browser can do that (see player.ts), otherwise on the page's own thread.
 *
 * Flow: open → every message: picture → decoder → canvas → Ack; anything else → page. The connection is lost (close or
 * silence) → wait a little longer each time → open again → fresh decoder and KeyframeRequest. Ended closes it for good.
 */
export class StreamCore {
  private socket: WebSocket | undefined;
  private url: string | undefined;
  private attempt = 0;
  /** The last connection was refused: the next one counts as open only with its first message. */
  private refusal: Refusal | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private decoder = new FrameDecoder();
  private readonly picture = new Picture();
  private view = { visible: true, maxFps: 60 };
  private audio: MessagePort | null = null;
  /** Messages that were sent before the socket was open (input right after Run). */
  private early: Bytes[] = [];

  private frames = 0;
  private figures = new FrameFigures(performance.now());
  private clock = new SandboxClock();
  private readonly acks = new Acks((bytes) => this.send(bytes));
  private readonly held = new HeldInput();
  /** What the sandbox has said that it understands, beyond the first version. */
  private understands = new Understanding();
  private roundTrip: number | null = null;
  private lastHeard = 0;
  private lastSecond = performance.now();
  private readonly keyframes = new KeyframeRequests(() => this.send(encodeKeyframeRequest()));
  private readonly inputs = new InputLatency();

  constructor(private readonly post: (event: StreamEvent, transfer?: Transferable[]) => void) {
    setInterval(() => this.everySecond(), pingEvery);
    setInterval(() => this.postHud(), 500);
  }

  handle(command: StreamCommand): void {
    switch (command.type) {
      case 'canvas':
        this.setCanvas(command.canvas);
        break;
      case 'open':
        this.open(command.url);
        break;
      case 'close':
        this.close();
        break;
      case 'send':
        this.sendInput(command.bytes, command.seq, command.at);
        break;
      case 'view':
        this.view = { visible: command.visible, maxFps: command.maxFps };
        this.send(encodeView(command.visible, command.maxFps));
        break;
      case 'audio':
        this.audio = command.port;
        break;
      case 'reconnect':
        this.reconnectNow();
        break;
      case 'read':
        this.read(command.id, command.x, command.y, command.width, command.height);
        break;
      case 'samples':
        this.post({ type: 'samples', id: command.id, samples: this.inputs.take() });
        break;
    }
  }

  setCanvas(canvas: Canvas): void {
    this.picture.setCanvas(canvas);
  }

  private open(url: string): void {
    this.close();
    this.picture.clear();
    // An empty message ends the sound of an earlier game. It follows that sound through the same port.
    this.audio?.postMessage(new Uint8Array(0));
    this.url = url;
    this.attempt = 0;
    this.refusal = undefined;
    this.frames = 0;
    this.roundTrip = null;
    this.inputs.clear();
    this.figures = new FrameFigures(performance.now());
    this.clock = new SandboxClock();
    this.held.clear();
    this.understands = new Understanding();
    this.connect();
  }

  private close(): void {
    this.url = undefined;
    this.early = [];
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    this.dropSocket(1000);
  }

  private dropSocket(code?: number): void {
    const socket = this.socket;
    this.socket = undefined;
    this.acks.reset();
    this.keyframes.arrived();
    if (socket === undefined) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close(code);
  }

  private connect(): void {
    if (this.url === undefined) return;
    const socket = new WebSocket(this.url);
    socket.binaryType = 'arraybuffer';
    this.socket = socket;
    this.lastHeard = performance.now();
    let opened = false;
    socket.onopen = () => {
      opened = true;
      if (this.refusal === undefined) this.opened(socket);
    };
    socket.onmessage = (event: MessageEvent<ArrayBuffer>) => {
      this.attempt = 0;
      if (this.refusal !== undefined) {
        this.refusal = undefined;
        this.opened(socket);
      }
      this.receive(new Uint8Array(event.data));
    };
    socket.onclose = (event: CloseEvent) => this.disconnected(opened, refusalOf(event));
  }

  private opened(socket: WebSocket): void {
    // A new connection is a new viewer: the decoder's window begins with its next keyframe.
    this.decoder = new FrameDecoder();
    socket.send(encodeView(this.view.visible, this.view.maxFps));
    if (this.frames > 0) this.keyframes.request();
    for (const bytes of this.early) socket.send(bytes);
    this.early = [];
    // What was pressed or released while there was no connection.
    if (this.understands.held) for (const bytes of this.held.messages()) socket.send(bytes);
    this.ping();
    this.post({ type: 'status', status: 'open', attempt: this.attempt });
  }

  private disconnected(wasOpen: boolean, refusal?: Refusal): void {
    this.dropSocket();
    if (this.url === undefined || this.retryTimer !== undefined) return;
    this.attempt++;
    this.refusal = refusal;
    this.post({ type: 'status', status: wasOpen ? 'lost' : 'failed', attempt: this.attempt, ...(refusal !== undefined && { refusal }) });
    if (this.url === undefined) return;
    this.retryTimer = setTimeout(
      () => {
        this.retryTimer = undefined;
        this.connect();
      },
      backoff(this.attempt - 1, 200, 4000),
    );
  }

  private reconnectNow(): void {
    if (this.retryTimer === undefined) return;
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    this.connect();
  }

  private send(bytes: Bytes): void {
    if (this.socket?.readyState === WebSocket.OPEN) this.socket.send(bytes);
  }

  private sendInput(bytes: Bytes, seq: number, at: number): void {
    if (!this.understands.takes(bytes)) return;
    this.held.note(bytes);
    const open = this.socket?.readyState === WebSocket.OPEN && this.refusal === undefined;
    // An answer to input() and pasted text wait for the next connection. Held keys are then sent as a whole; other inputs are out of date.
    const whole = bytes[0] === MessageType.ConsoleInput || bytes[0] === MessageType.Paste;
    const waits = whole || (this.socket?.readyState === WebSocket.CONNECTING && this.frames === 0);
    if (!open && waits && this.url !== undefined) {
      if (this.early.length < 64) this.early.push(bytes);
    } else {
      this.send(bytes);
    }
    if (at > 0) this.inputs.sent(seq, at);
  }

  private ping(): void {
    // The answer returns the time of sending, in microseconds.
    this.send(encodePing(BigInt(Math.round(performance.now() * 1000))));
  }

  private receive(message: Bytes): void {
    const now = performance.now();
    this.lastHeard = now;
    this.figures.received(now, message.byteLength);
    switch (message[0]) {
      case MessageType.Frame:
        this.draw(message, now);
        break;
      case MessageType.Pong: {
        const { echo, time } = decodePong(message.subarray(1));
        const sent = Number(echo) / 1000;
        this.roundTrip = now - sent;
        this.clock.answered(sent, now, time);
        break;
      }
      case MessageType.Audio:
        // Each message has its own buffer, so it moves on without a copy.
        this.audio?.postMessage(message, [message.buffer]);
        break;
      default: {
        const type = message[0] ?? 0;
        if (type === MessageType.State && this.understands.learn(message)) for (const bytes of this.held.messages()) this.send(bytes);
        if (type === MessageType.Ended) this.close();
        const payload = message.slice(1);
        this.post({ type: 'message', message: type, payload }, [payload.buffer]);
      }
    }
  }

  private draw(message: Bytes, arrived: number): void {
    let frame: DecodedFrame;
    try {
      frame = this.decoder.decode(message);
    } catch (error) {
      // The frame does not follow the picture (or is broken): the next keyframe corrects that.
      if (!(error instanceof NeedKeyframe)) this.keyframes.arrived();
      this.figures.missed(arrived);
      this.keyframes.request();
      return;
    }
    if (frame.keyframe) this.keyframes.arrived();

    const { width, height } = frame;
    if (this.picture.show(frame)) this.post({ type: 'size', width, height });
    const drawn = performance.now();
    this.acks.drawn(frame.frameNumber, (drawn - arrived) * 1000);
    this.frames++;
    if (this.frames === 1) this.post({ type: 'first', at: performance.timeOrigin + drawn });
    this.figures.drawn(drawn, this.clock.age(frame.captureMicros, drawn), drawn - arrived, frame.encodeMicros / 1000);
    this.inputs.drawn(frame.inputSeq, performance.timeOrigin + drawn);
  }

  private everySecond(): void {
    const now = performance.now();
    // The browser itself stood still: messages that came during that time are not read yet, so silence means nothing.
    if (now - this.lastSecond > 2 * pingEvery) this.lastHeard = Math.max(this.lastHeard, now - pingEvery);
    this.lastSecond = now;
    if (this.socket === undefined) return;
    if (this.socket.readyState === WebSocket.OPEN) {
      this.ping();
      if (this.understands.held && this.held.isDue) for (const bytes of this.held.messages()) this.send(bytes);
    }
    if (now - this.lastHeard > silence) this.disconnected(true);
  }

  private postHud(): void {
    if (this.url === undefined) return;
    const now = performance.now();
    this.post({
      type: 'hud',
      frames: this.frames,
      latency: this.inputs.medianSince(performance.timeOrigin + now - 1000),
      roundTrip: this.roundTrip,
      ...this.figures.take(now),
    });
  }

  private read(id: number, x: number, y: number, width: number, height: number): void {
    this.post({ type: 'pixels', id, width, height, data: this.picture.read(x, y, width, height) });
  }
}
