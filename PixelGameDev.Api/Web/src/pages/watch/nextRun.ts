import { ApiError } from '../../api/apiError';
import type { WatchedGame } from '../../api/types';
import { backoff } from '../../stream/backoff';

/** First and longest wait between two questions, milliseconds. */
const firstWait = 1000;
const longestWait = 6000;
/** The server ends the wait with its answer. A page that gets no answer for this time ends it itself, milliseconds. */
const patience = 11 * 60_000;

interface NextRunParts {
  /** Asks the server what the invitation shows. */
  show(): Promise<WatchedGame>;
  /** The owner has started the game again. */
  onNext(game: WatchedGame): void;
  /** The invitation shows nothing more. `error`: it does not exist any more. */
  onOver(error?: ApiError): void;
}

/** Waits for the next Run of a game that has ended: asks the server, less and less often. */
export class NextRun {
  private waiting: { ended: string | undefined; heardAt: number } | undefined;
  private attempt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly parts: NextRunParts) {}

  /** Begins to wait. `ended`: when the Run began that has ended; for a moment the server may not know of its end. */
  wait(ended: string | undefined): void {
    this.stop();
    this.waiting = { ended, heardAt: performance.now() };
    this.attempt = 0;
    this.askLater();
  }

  /** Asks at once, because the page is shown or connected again. */
  askNow(): void {
    if (this.waiting === undefined || this.timer === undefined) return;
    clearTimeout(this.timer);
    void this.ask();
  }

  stop(): void {
    this.waiting = undefined;
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private askLater(): void {
    this.timer = setTimeout(() => void this.ask(), backoff(this.attempt++, firstWait, longestWait));
  }

  private async ask(): Promise<void> {
    const { waiting } = this;
    if (waiting === undefined) return;
    this.timer = undefined;
    const answer = await this.parts.show().catch((error: unknown) => error);
    // Stopped, or begun anew, meanwhile.
    if (waiting !== this.waiting) return;
    if (answer instanceof ApiError && (answer.status === 404 || answer.status === 410)) {
      this.stop();
      this.parts.onOver(answer.status === 404 ? answer : undefined);
    } else if (isGame(answer)) {
      waiting.heardAt = performance.now();
      if (answer.hasEnded === true || answer.startedAt === waiting.ended) {
        this.askLater();
        return;
      }
      this.stop();
      this.parts.onNext(answer);
    } else if (performance.now() - waiting.heardAt < patience) {
      this.askLater();
    } else {
      this.stop();
      this.parts.onOver();
    }
  }
}

const isGame = (answer: unknown): answer is WatchedGame => !(answer instanceof Error);
