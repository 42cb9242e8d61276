import { ApiError } from '../api/apiError';
import type { Session, StartedSession } from '../api/types';
import type { RunEnd } from './run';

/** What a run asks of the server. */
export interface RunServer {
  /** Starts a session under an id of the page's own choice. */
  start(project: string, session: string): Promise<StartedSession>;
  stop(session: string): Promise<unknown>;
  read(session: string): Promise<Session>;
  /** The person's sessions that have not ended, wherever they were started. */
  running(): Promise<Session[]>;
}

/** Waits before a stop is asked for once more, milliseconds: a request that is lost is repeated. */
const stopRetries = [300, 700, 1500, 3000];
/** Waits between two looks whether a session has ended, milliseconds. */
const lookEvery = 150;

export const pause = (time: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, time);
  });

/** Asks for the end of a session until the server has heard it. False: it could not be reached. */
export async function stopSession(server: RunServer, session: string): Promise<boolean> {
  for (const wait of [...stopRetries, undefined]) {
    try {
      await server.stop(session);
      return true;
    } catch (error) {
      // There is no such session (any more): what was wanted is so.
      if (error instanceof ApiError && !error.transient) return true;
    }
    if (wait !== undefined) await pause(wait);
  }
  return false;
}

/** True as soon as the session has ended on the server, false when it still runs after `patience` milliseconds. */
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

/** What became of a session whose stream is lost; undefined: it runs, or the server cannot be reached either. */
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

/** True for the refusal that says: this person plays as many games as one may. */
export function isTooManyGames(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'too_many_own_sessions';
}

/** The end of a run that was refused because games run elsewhere; `refusal` is said where none is found. */
export async function readTooMany(server: RunServer, refusal: string): Promise<RunEnd> {
  const running = await server.running().catch(() => []);
  return running.length === 0
    ? { reason: 'not_started', message: refusal, translated: true }
    : { reason: 'too_many_games', message: '', running };
}
