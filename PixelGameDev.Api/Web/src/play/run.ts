import type { Session, StartedSession } from '../api/types';
import type { HudFigures } from '../stream/events';
import type { ErrorReport } from '../stream/protocol';
import type { Refusal } from '../stream/refusal';
import type { RunServer } from './runServer';

/**
 * idle → saving → starting → playing → stopping → ended. Each state can go to saving (Run was pressed) or idle (another game is shown).
 */
export type RunState = 'idle' | 'saving' | 'starting' | 'playing' | 'stopping' | 'ended';

export type Wait = 'save' | 'session' | 'stream' | 'frame';

/** How a run ended. `too_many_games` and `signed_out` are the page's own reasons; docs/PROTOCOL.md lists the others. */
export interface RunEnd {
  reason: string;
  /** The server's sentence; empty: the page has its own words for the reason. */
  message: string;
  /** True if the sentence is already in the page's language: it comes from a problem, not from the stream. */
  translated?: boolean;
  /** The error that ended the game. */
  report?: ErrorReport;
  /** For `too_many_games`: the sessions that run. */
  running?: Session[];
}

export interface RunStream {
  open(run: number, session: string): void;
  close(): void;
  reconnect(): void;
}

/** Shows runs on the page. Only calls about the newest run arrive here. */
export interface RunView {
  /** Begins a new run; nothing of the previous one may stay. */
  begin(): void;
  /** Something takes long. `hint`: so long that the game itself may be the reason. */
  waitingFor(what: Wait, hint: boolean): void;
  /** The server has accepted the run. */
  started(session: StartedSession): void;
  /** `refusal`: why the server does not let this page watch now. */
  connected(open: boolean, refusal?: Refusal): void;
  /** The game has shown its first picture, or asks its first question. */
  playing(): void;
  firstPicture(at: number): void;
  size(width: number, height: number): void;
  figures(figures: HudFigures): void;
  error(report: ErrorReport): void;
  /** All other messages of the game; see MessageType. */
  message(type: number, payload: Uint8Array): void;
  ended(end: RunEnd): void;
  /** The server could not be reached to stop the game. */
  stopFailed(): void;
  /** The account of this page has signed out, or has changed. */
  signedOut(): void;
}

export interface RunParts {
  server: RunServer;
  stream: RunStream;
  view: RunView;
  /** Returns whether some typed text is not stored yet. */
  unsaved(): boolean;
  save(): Promise<void>;
  newId(): string;
  /** Returns whether this browser still has the account that the page was made for. */
  isSamePerson(): Promise<boolean>;
  /** Sends a last request from a page that closes. */
  beacon(session: string): void;
  messageOf(error: unknown): string;
}
