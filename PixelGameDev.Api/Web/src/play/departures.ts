import { ApiError } from '../api/apiError';
import type { StartedSession } from '../api/types';
import { type RunServer, stopSession, waitForEnd } from './runServer';

/** Longer than a server takes to end a game that does not listen, milliseconds. */
export const stopPatience = 6000;

/** A session on the server, at whatever moment of its start. */
export interface Departing {
  /** Chosen by the page when it asked the server; undefined: nobody has been asked yet. */
  session?: string;
  answer?: Promise<StartedSession>;
  /** The server has said that it runs. */
  known: boolean;
}

/** Sessions of this page that were told to stop, until the server has heard it and they have ended. */
export class Departures {
  private readonly telling = new Map<string, Promise<boolean>>();
  private readonly ending = new Set<string>();

  constructor(private readonly server: RunServer) {}

  /** Those of which the server may not know yet. */
  get untold(): readonly string[] {
    return [...this.telling.keys()];
  }

  /** When the server has heard of all of them. */
  async told(): Promise<void> {
    while (this.telling.size > 0) await Promise.all(this.telling.values());
  }

  /** When one of those that may still run has ended; false at once when there is none. */
  async oneHasEnded(): Promise<boolean> {
    if (this.ending.size === 0) return false;
    await Promise.race(
      [...this.ending].map(async (session) => {
        await waitForEnd(this.server, session, stopPatience);
        this.ending.delete(session);
      }),
    );
    return true;
  }

  /** Ends a session on the server. False: the server could not be told. */
  leave({ session, answer, known }: Departing): Promise<boolean> {
    if (session === undefined) return Promise.resolve(true);
    const before = this.telling.get(session);
    if (before !== undefined) return before;
    const told = known ? stopSession(this.server, session) : this.stopStart(session, answer);
    this.telling.set(session, told);
    this.ending.add(session);
    void told.finally(() => {
      this.telling.delete(session);
      // By then it has ended, and the list stays short.
      setTimeout(() => this.ending.delete(session), stopPatience);
    });
    return told;
  }

  /** Told at once, and again when the start is answered: the first request may have come before that of the start. */
  private async stopStart(session: string, answer: Promise<StartedSession> | undefined): Promise<boolean> {
    void this.server.stop(session).catch(() => undefined);
    try {
      await answer;
    } catch (error) {
      if (error instanceof ApiError && !error.transient) return true;
    }
    return stopSession(this.server, session);
  }
}
