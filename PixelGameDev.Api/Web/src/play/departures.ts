import { ApiError } from '../api/apiError';
import type { StartedSession } from '../api/types';
import { listStopping, type RunServer, stopSession, waitForEnd } from './runServer';

/** Longer than a server takes to end a game that does not react, milliseconds. */
export const stopPatience = 6000;

/** A session on the server, in any phase of its start. */
export interface Departing {
  /** The id that the page chose for its request; undefined: there was no request yet. */
  session?: string;
  answer?: Promise<StartedSession>;
  /** True if the server has said that the session runs. */
  known: boolean;
}

/** Holds the sessions of this page that were told to stop, until the server knows it and they have ended. */
export class Departures {
  private readonly telling = new Map<string, Promise<boolean>>();
  private readonly ending = new Set<string>();

  constructor(private readonly server: RunServer) {}

  /** Sessions whose stop the server may not know yet. */
  get untold(): readonly string[] {
    return [...this.telling.keys()];
  }

  /** Waits until the server knows about all of them. */
  async told(): Promise<void> {
    while (this.telling.size > 0) await Promise.all(this.telling.values());
  }

  /**
   * Waits until one of the account's games that were told to stop has ended. Returns false if there is none, or if those of other pages
   * take too long. A reloaded page knows nothing of what it stopped before, so the server is asked.
   */
  async oneHasEnded(): Promise<boolean> {
    const own = [...this.ending];
    const told = own.length > 0 ? own : await listStopping(this.server);
    if (told.length === 0) return false;
    const hasEnded = await Promise.race(
      told.map((session) => waitForEnd(this.server, session, stopPatience).finally(() => this.ending.delete(session))),
    );
    return hasEnded || own.length > 0;
  }

  /** Ends a session on the server. Returns false if the server could not be reached. */
  leave({ session, answer, known }: Departing): Promise<boolean> {
    if (session === undefined) return Promise.resolve(true);
    const before = this.telling.get(session);
    if (before !== undefined) return before;
    const told = known ? stopSession(this.server, session) : this.stopStart(session, answer);
    this.telling.set(session, told);
    this.ending.add(session);
    void told.finally(() => {
      this.telling.delete(session);
      // By then the session has ended, so the list stays short.
      setTimeout(() => this.ending.delete(session), stopPatience);
    });
    return told;
  }

  /** Stops a session at once, and again when its start is answered: the first request may arrive before that of the start. */
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
