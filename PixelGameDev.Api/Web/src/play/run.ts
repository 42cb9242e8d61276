import type { Session, StartedSession } from '../api/types';
import type { HudFigures } from '../stream/events';
import type { ErrorReport } from '../stream/protocol';
import type { Refusal } from '../stream/refusal';
import type { RunServer } from './runServer';

/**
 * idle → saving → starting → playing → stopping → ended. Any of them goes to saving (Run was pressed) or idle (another game is shown).
 */
export type RunState = 'idle' | 'saving' | 'starting' | 'playing' | 'stopping' | 'ended';

export type Wait = 'save' | 'session' | 'stream' | 'frame';

/** How a run ended. `too_many_games` and `signed_out` are the page's own; the others are those of docs/PROTOCOL.md. */
export interface RunEnd {
  reason: string;
  /** The server's sentence; empty: the page's own words for the reason. */
  message: string;
  /** The sentence is in the page's language already: a problem's, not one that came with the stream. */
  translated?: boolean;
  /** The error the game ended with. */
  report?: ErrorReport;
  /** `too_many_games`: those that run. */
  running?: Session[];
}

export interface RunStream {
  open(run: number, session: string): void;
  close(): void;
  reconnect(): void;
}

/** What the page shows. Only what belongs to the newest run ever arrives here. */
export interface RunView {
  /** A new run: nothing of the one before may stay. */
  begin(): void;
  /** Something takes long. `hint`: so long that the game itself may be the reason. */
  waitingFor(what: Wait, hint: boolean): void;
  /** The server has taken the run. */
  started(session: StartedSession): void;
  /** `refusal`: why the server does not let this page watch for now. */
  connected(open: boolean, refusal?: Refusal): void;
  /** The game has shown its first picture (milliseconds since the epoch), or asks its first question. */
  playing(): void;
  firstPicture(at: number): void;
  size(width: number, height: number): void;
  figures(figures: HudFigures): void;
  error(report: ErrorReport): void;
  /** Everything else the game says; see MessageType. */
  message(type: number, payload: Uint8Array): void;
  ended(end: RunEnd): void;
  /** The server could not be told to stop the game. */
  stopFailed(): void;
  /** The person of this page has signed out, or is another one now. */
  signedOut(): void;
}

export interface RunParts {
  server: RunServer;
  stream: RunStream;
  view: RunView;
  /** Whether something typed is not stored yet. */
  unsaved(): boolean;
  save(): Promise<void>;
  newId(): string;
  /** Whether this browser still speaks for the person the page was made for. */
  isSamePerson(): Promise<boolean>;
  /** A last request from a page that goes away. */
  beacon(session: string): void;
  messageOf(error: unknown): string;
}
