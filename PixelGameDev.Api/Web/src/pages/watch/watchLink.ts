import { json, request } from '../../api/request';
import type { WatchedGame } from '../../api/types';

/** The server's side of an invitation to watch a game. Nobody needs an account for it. */
export class WatchLink {
  constructor(readonly code: string) {}

  show(): Promise<WatchedGame> {
    return json<WatchedGame>(request('GET', this.address));
  }

  get streamUrl(): string {
    const url = new URL(`${this.address}/stream`, location.href);
    url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
    return url.href;
  }

  private get address(): string {
    return `/api/watch/${encodeURIComponent(this.code)}`;
  }
}
