import { api } from '../../api/api';
import { body, json, request } from '../../api/request';
import type { SavedByGame, Session, SharedFiles, SharedGame, StartedSession } from '../../api/types';
import type { RunServer } from '../../play/runServer';

/** Longest wait for the answer to a start, milliseconds: it may have to wait for its turn. */
const startPatience = 120_000;
/** A guest inside of another website is valid for an hour. Earlier, so that a start never fails, milliseconds. */
const guestTime = 50 * 60_000;

/**
 * The server's side of a link. On the game's own page, the player is the account of this browser. Inside of another website the browser
 * keeps no cookie for this page, so the player is a guest whose token is in the memory of the page only: it is gone when the page closes.
 */
export class SharedLink implements RunServer {
  private shown: Promise<SharedGame> | undefined;
  private guest: { token: string; until: number } | undefined;

  constructor(
    readonly code: string,
    readonly embedded: boolean,
  ) {}

  /** Returns what the link shows. Asks again after a failure. */
  show(): Promise<SharedGame> {
    this.shown ??= json<SharedGame>(this.ask('GET', '')).catch((error: unknown) => {
      this.shown = undefined;
      throw error;
    });
    return this.shown;
  }

  /** Makes sure that there is a player. */
  async arrive(): Promise<void> {
    if (!this.embedded) await api.me();
    else if (this.guest === undefined || performance.now() > this.guest.until) {
      const { token } = await json<{ token: string }>(this.ask('POST', '/guest'));
      this.guest = { token, until: performance.now() + guestTime };
    }
  }

  start(_: string, id: string): Promise<StartedSession> {
    return json<StartedSession>(this.ask('POST', '/sessions', { id }, startPatience));
  }

  stop(session: string): Promise<unknown> {
    return request('POST', `/api/sessions/${session}/stop`, undefined, this.headers);
  }

  read(session: string): Promise<Session> {
    return json<Session>(request('GET', `/api/sessions/${session}`, undefined, this.headers));
  }

  running(): Promise<Session[]> {
    return json<Session[]>(request('GET', '/api/sessions?running=true', undefined, this.headers));
  }

  /** Sends a last request from a page that closes. */
  beacon(session: string): void {
    const url = `/api/sessions/${session}/stop`;
    if (this.guest === undefined) navigator.sendBeacon(url);
    else void fetch(url, { method: 'POST', headers: this.headers, credentials: 'omit', keepalive: true }).catch(() => undefined);
  }

  streamUrl(session: string): string {
    // A browser cannot add a header to a WebSocket.
    return api.streamUrl(session) + (this.guest === undefined ? '' : `?access_token=${this.guest.token}`);
  }

  /** Returns the address of the recording that shows the game. */
  recordingUrl(name: string): string {
    return `/api/play/${encodeURIComponent(this.code)}/recordings/${name}`;
  }

  files(): Promise<SharedFiles> {
    return json<SharedFiles>(this.ask('GET', '/files'));
  }

  async readFile(path: string): Promise<string> {
    const answer = await this.ask('GET', `/files/${path.split('/').map(encodeURIComponent).join('/')}`);
    return await body(() => answer.text());
  }

  /** Copies the game into the games of this browser's account, and returns the id of the copy. */
  async copy(): Promise<string> {
    await this.arrive();
    return (await json<{ id: string }>(this.ask('POST', '/copy'))).id;
  }

  /** Returns what the game has saved for this player. */
  saved(): Promise<SavedByGame> {
    return json<SavedByGame>(this.ask('GET', '/saved'));
  }

  /** Deletes what the game has saved for this player. */
  forgetSaved(): Promise<unknown> {
    return this.ask('DELETE', '/saved');
  }

  private ask(method: string, path: string, content?: object, wait?: number): Promise<Response> {
    return request(method, `/api/play/${encodeURIComponent(this.code)}${path}`, content, this.headers, wait);
  }

  private get headers(): Record<string, string> {
    return this.guest === undefined ? {} : { authorization: `Bearer ${this.guest.token}` };
  }
}
