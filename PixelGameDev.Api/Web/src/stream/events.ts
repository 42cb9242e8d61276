import type { Step } from './figures';
import type { Bytes } from './protocol';
import type { Refusal } from './refusal';

/** Events from the stream to the page. They leave the worker by structured clone, so they are plain data. */
export type StreamEvent =
  /**
   * `open`: messages flow; `lost`: the stream tries again by itself; `failed`: this attempt did not succeed. `refusal`: the server
   * does not let this page watch now.
   */
  | { type: 'status'; status: 'open' | 'lost' | 'failed'; attempt: number; refusal?: Refusal }
  | { type: 'size'; width: number; height: number }
  /** First picture of this session is on the canvas; milliseconds since the epoch. */
  | { type: 'first'; at: number }
  | ({ type: 'hud' } & HudFigures)
  /** A message for the page itself; payload without the type byte. */
  | { type: 'message'; message: number; payload: Bytes }
  | { type: 'pixels'; id: number; width: number; height: number; data: Uint8ClampedArray }
  | { type: 'samples'; id: number; samples: LatencySample[] };

export interface HudFigures {
  /** Pictures drawn since the session began. */
  frames: number;
  /** Pictures drawn in the last second. */
  fps: number;
  /** Key or mouse → changed picture on the canvas, median of the last second, or null without input; milliseconds. */
  latency: number | null;
  /** Round trip of a ping to the sandbox, milliseconds, or null before the first. */
  roundTrip: number | null;
  /** Median time to decode and draw, milliseconds. */
  decode: number;
  /** Median time that the sandbox took to encode, milliseconds. */
  encode: number;
  /** Age of the drawn pictures since the game's flip(), median and 95th percentile, milliseconds; null before the first. */
  age: number | null;
  ageWorst: number | null;
  /** Pictures of the last second that arrived but could not be shown. */
  lost: number;
  /** Figures of each tenth of a second since the last event. */
  steps: Step[];
  /** Bytes received in the last second. */
  bytes: number;
}

/** One input and the first picture that reacted to it; milliseconds since the epoch. */
export interface LatencySample {
  seq: number;
  inputAt: number;
  drawnAt: number;
}

/** Commands from the page to the stream. */
export type StreamCommand =
  | { type: 'canvas'; canvas: OffscreenCanvas }
  /** `run`: the page's number of the run; every event returns it. */
  | { type: 'open'; run: number; url: string }
  | { type: 'close' }
  /** `at`: the time of the person's action, milliseconds since the epoch; 0 if no picture answers the input. */
  | { type: 'send'; bytes: Bytes; seq: number; at: number }
  | { type: 'view'; visible: boolean; maxFps: number }
  | { type: 'audio'; port: MessagePort | null }
  | { type: 'reconnect' }
  | { type: 'read'; id: number; x: number; y: number; width: number; height: number }
  | { type: 'samples'; id: number };
