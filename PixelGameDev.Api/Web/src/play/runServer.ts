import { ApiError } from '../api/apiError';
import type { Session, StartedSession } from '../api/types';
import type { RunEnd } from './run';

/** The server's functions for a run. */
export interface RunServer {
  /** Starts a session with an id that the page chose. */
  start(project: string, session: string): Promise<StartedSession>;
  stop(session: string): Promise<unknown>;
  read(session: string): Promise<Session>;
  /** Returns the account's sessions that have not ended, wherever they were started. */
  running(): Promise<Session[]>;
}

/** Waits between repeated requests to stop, milliseconds, because a request may be lost. */
const stopRetries = [300, 700, 1500, 3000];
/** Wait between two checks whether a session has ended, milliseconds. */
const lookEvery = 150;

export const pause = (time: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, time);
  });

/** Asks for the end of a session until the server has heard it. Returns false if the server is unreachable. */
export async function stopSession(server: RunServer, session: string): Promise<boolean> {
  for (const wait of [...stopRetries, undefined]) {
    try {
      await server.stop(session);
      return true;
    } catch (error) {
      // The session does not exist (any more), as wanted.
      if (error instanceof ApiError && !error.transient) return true;
    }
    if (wait !== undefined) await pause(wait);
  }
  return false;
}

/** Returns true as soon as the session has ended on the server, false if it still runs after `patience` milliseconds. */
export async function waitForEnd(server: RunServer, session: string, patience: number): Promise<boolean> {
  const until = performance.now() + patience;
  do {
    try {
      if ((await server.read(session)).state === 'ended') return true;
    } catch (error) {
      if (error instanceof ApiError && !error.transient) return true;
    }
    await pause(lookEvery);
  } while (performance.now() < until);
  return false;
}

/** Returns the account's sessions that were told to stop and have not ended; none if the server is unreachable. */
export async function listStopping(server: RunServer): Promise<string[]> {
  const running = await server.running().catch(() => []);
  return running.filter(({ state }) => state === 'stopping').map(({ id }) => id);
}

/** Returns the end of a session whose stream is lost; undefined: it runs, or the server is unreachable. */
export async function readFate(server: RunServer, session: string, isSamePerson: () => Promise<boolean>): Promise<RunEnd | undefined> {
  try {
    const now = await server.read(session);
    return now.state === 'ended' ? { reason: now.endReason ?? 'sandbox_lost', message: now.endMessage ?? '' } : undefined;
  } catch (error) {
    if (!(error instanceof ApiError)) return undefined;
    if (error.status === 401) return { reason: 'signed_out', message: '' };
    if (error.status !== 404) return undefined;
    return { reason: (await isSamePerson().catch(() => true)) ? 'sandbox_lost' : 'signed_out', message: '' };
  }
}

/** Returns true for the refusal that the account already plays its largest number of games. */
export function isTooManyGames(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'too_many_own_sessions';
}

/** Returns the end of a run that was refused because games run elsewhere; `refusal` is its message if none is found. */
export async function readTooMany(server: RunServer, refusal: string): Promise<RunEnd> {
  const running = await server.running().catch(() => []);
  return running.length === 0
    ? { reason: 'not_started', message: refusal, translated: true }
    : { reason: 'too_many_games', message: '', running };
}
