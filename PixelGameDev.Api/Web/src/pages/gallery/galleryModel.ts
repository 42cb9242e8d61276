import { batch, signal } from '@preact/signals';
import { ApiError } from '../../api/apiError';
import { messageOf } from '../../frame/attempt';
import { type GalleryGame, type GalleryOrder, galleryServer } from './galleryServer';

/** Pause after the last key before the server is asked, milliseconds. */
const pause = 300;

/** What stands in the way of the games: there is no gallery, it is for people with an account, or a sentence. */
export type GalleryProblem = { kind: 'off' | 'signIn' } | { kind: 'failed'; message: string };

/** Holds the games that the gallery shows. */
export class GalleryModel {
  /** Undefined until the server has answered. */
  readonly games = signal<readonly GalleryGame[] | undefined>(undefined);
  readonly search = signal('');
  readonly order = signal<GalleryOrder>('newest');
  readonly problem = signal<GalleryProblem | undefined>(undefined);
  /** Asks for more games; undefined: these are all. */
  readonly next = signal<string | undefined>(undefined);
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts searches: the answer to an older one is not shown. */
  private searches = 0;

  /** Searches when the person stops to type. */
  type(search: string): void {
    this.search.value = search;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.find(search), pause);
  }

  /** Searches at once. */
  async find(search: string): Promise<void> {
    clearTimeout(this.timer);
    this.search.value = search;
    const turn = ++this.searches;
    await this.load(turn, undefined);
  }

  async sort(order: GalleryOrder): Promise<void> {
    this.order.value = order;
    await this.find(this.search.value);
  }

  async more(): Promise<void> {
    await this.load(this.searches, this.next.value);
  }

  private async load(turn: number, after: string | undefined): Promise<void> {
    try {
      const { games, next } = await galleryServer.list(this.search.value, this.order.value, after);
      if (turn !== this.searches) return;
      batch(() => {
        this.problem.value = undefined;
        this.games.value = after === undefined ? games : withMore(this.games.value ?? [], games);
        this.next.value = next ?? undefined;
      });
    } catch (error) {
      if (turn === this.searches) this.problem.value = problemOf(error);
    }
  }
}

/** A game whose likes have changed meanwhile may come again. */
function withMore(known: readonly GalleryGame[], more: readonly GalleryGame[]): readonly GalleryGame[] {
  const codes = new Set(known.map(({ code }) => code));
  return [...known, ...more.filter(({ code }) => !codes.has(code))];
}

function problemOf(error: unknown): GalleryProblem {
  if (error instanceof ApiError && error.status === 404) return { kind: 'off' };
  if (error instanceof ApiError && (error.status === 401 || error.status === 403)) return { kind: 'signIn' };
  return { kind: 'failed', message: messageOf(error) };
}
