import { ApiError } from '../api/apiError';
import type { StartedSession } from '../api/types';
import { decodeJson, type ErrorReport, MessageType, type SessionEnded } from '../stream/protocol';
import type { Refusal } from '../stream/refusal';
import type { RunEvent } from '../stream/runTag';
import { type Departing, Departures, stopPatience } from './departures';
import { Patience } from './patience';
import type { RunEnd, RunParts, RunState } from './run';
import { isTooManyGames, pause, readFate, readTooMany, stopSession, waitForEnd } from './runServer';

/** One press of Run. */
interface Run extends Departing {
  readonly id: number;
  readonly project: string;
  connected: boolean;
  report?: ErrorReport;
}

/** Longest wait for the last output of a stopped game, milliseconds. */
const lastWords = 4000;
/** Longest wait for the answer to a start, milliseconds: longer than the longest queue. */
const startPatience = 90_000;
/** Presses closer together than this count as one, milliseconds: the last of them is run, after half of that. */
const hammering = 500;

/** Decides what follows from Run, from Stop and from the messages of the game's stream. Knows nothing of the page's elements. */
export class RunController {
  private current: Run | undefined;
  private phase: RunState = 'idle';
  private lastId = 0;
  private lastPress = -Infinity;
  private readonly departures: Departures;
  private readonly patience: Patience;
  private endTimer: ReturnType<typeof setTimeout> | undefined;
  private checking = false;

  constructor(private readonly parts: RunParts) {
    this.departures = new Departures(parts.server);
    this.patience = new Patience((what, hint) => parts.view.waitingFor(what, hint));
  }

  get state(): RunState {
    return this.phase;
  }

  /** True if a game runs, or will run soon. */
  get active(): boolean {
    return this.phase === 'saving' || this.phase === 'starting' || this.phase === 'playing';
  }

  /** Handles a press of Run. A game that plays is started again; of many presses the last one counts. */
  run(project: string): void {
    const { parts } = this;
    const previous = this.current;
    const hurried = this.active && performance.now() - this.lastPress < hammering;
    this.lastPress = performance.now();
    // A double click counts as one press.
    if (hurried && this.phase === 'starting' && previous?.project === project && !parts.unsaved()) return;
    if (previous !== undefined && this.active) void this.departures.leave(previous);
    const run: Run = { id: ++this.lastId, project, known: false, connected: false };
    this.current = run;
    clearTimeout(this.endTimer);
    // If nothing must come first, the request goes out before the page changes, so that server and page work in parallel.
    const atOnce = !hurried && this.departures.untold.length === 0 && !parts.unsaved();
    this.phase = atOnce ? 'starting' : 'saving';
    if (atOnce) this.ask(run);
    else parts.stream.close();
    parts.view.begin();
    this.patience.waitFor(atOnce ? 'session' : 'save');
    void this.start(run, hurried);
  }

  /** Handles a press of Stop: shows the end at once, and tells the server repeatedly. Resolves when the server knows, or is unreachable. */
  async stop(): Promise<void> {
    const run = this.current;
    if (run === undefined || !this.active) return;
    this.phase = 'stopping';
    this.patience.end();
    this.parts.view.ended({ reason: 'stopped', message: '' });
    if (run.session === undefined) {
      this.rest();
      return;
    }
    // The stream stays open for the game's last output, and closes itself with Ended.
    this.endTimer = setTimeout(() => this.rest(), lastWords);
    if (!(await this.departures.leave(run)) && run === this.current) this.parts.view.stopFailed();
  }

  /** Ends and forgets the runs of this game, because another game is shown. */
  forget(): void {
    if (this.current !== undefined && this.active) void this.departures.leave(this.current);
    this.current = undefined;
    this.patience.end();
    clearTimeout(this.endTimer);
    this.phase = 'idle';
    this.parts.stream.close();
  }

  /** Ends the games that run elsewhere, and then runs this one. */
  async stopOthers(project: string): Promise<void> {
    const press = this.lastId;
    const others = await this.parts.server.running();
    await Promise.all(
      others.map(async ({ id }) => {
        await stopSession(this.parts.server, id);
        await waitForEnd(this.parts.server, id, stopPatience);
      }),
    );
    if (press === this.lastId && !this.active) this.run(project);
  }

  /** Handles a page that closes. If the browser keeps the page (`kept`), it may return to its game, and then `returned` is called. */
  leavePage(kept: boolean): void {
    if (kept) return;
    const sessions = new Set(this.departures.untold);
    if (this.active && this.current?.session !== undefined) sessions.add(this.current.session);
    for (const session of sessions) this.parts.beacon(session);
  }

  /** Handles a kept page that is shown again. */
  returned(): void {
    if (!this.active) return;
    this.parts.stream.reconnect();
    void this.check();
  }

  handle(event: RunEvent): void {
    const run = this.current;
    if (run === undefined || event.run !== run.id || this.phase === 'ended') return;
    const { view } = this.parts;
    switch (event.type) {
      case 'status':
        this.onStatus(run, event.status === 'open', event.refusal);
        break;
      case 'size':
        view.size(event.width, event.height);
        break;
      case 'first':
        view.firstPicture(event.at);
        this.play();
        break;
      case 'hud':
        // Without a connection, the page cannot know whether the picture stands still.
        if (this.phase === 'playing' && run.connected) view.figures(event);
        break;
      case 'message':
        this.onMessage(run, event.message, event.payload);
        break;
    }
  }

  private ask(run: Run): void {
    run.session = this.parts.newId();
    const answer = Promise.race([
      this.parts.server.start(run.project, run.session),
      pause(startPatience).then(() => Promise.reject(new ApiError(0, ''))),
    ]);
    // The answer is awaited later; until then a refusal must not count as an unhandled error.
    answer.catch(() => undefined);
    run.answer = answer;
    run.connected = false;
    // The server holds the stream until the session exists.
    this.parts.stream.open(run.id, run.session);
  }

  private isLive(run: Run): boolean {
    return run === this.current && this.active;
  }

  private async start(run: Run, hurried: boolean): Promise<void> {
    const { parts } = this;
    try {
      if (run.session === undefined) {
        if (parts.unsaved()) await parts.save();
        if (hurried) await pause(hammering / 2);
        // One after the other: the server counts a game until it has been told to stop.
        await this.departures.told();
        if (!this.isLive(run)) return;
        this.phase = 'starting';
        this.patience.waitFor('session');
        this.ask(run);
      }
      const session = await this.answerOf(run);
      if (!this.isLive(run)) return;
      run.known = true;
      parts.view.started(session);
      if (!run.connected) this.patience.waitFor('stream');
      // A stream that was refused before the session existed tries again now, not later.
      parts.stream.reconnect();
    } catch (error) {
      if (!this.isLive(run)) return;
      if (isTooManyGames(error)) {
        const end = await readTooMany(parts.server, parts.messageOf(error));
        if (this.isLive(run)) this.end(end);
      } else {
        // The session may have started although its answer was lost.
        if (!(error instanceof ApiError) || error.status === 0) void this.departures.leave(run);
        this.end({ reason: 'not_started', message: parts.messageOf(error), translated: true });
      }
    }
  }

  /** Returns the server's answer. While a game that was told to stop still occupies its place, waits for its end and asks again. */
  private async answerOf(run: Run): Promise<StartedSession> {
    for (let again = false; ; again = true) {
      try {
        return await run.answer!;
      } catch (error) {
        if (!isTooManyGames(error) || !this.isLive(run)) throw error;
        const hasEnded = await this.departures.oneHasEnded();
        // The first time, a game may have ended between the refusal and this look.
        if (!this.isLive(run) || (again && !hasEnded)) throw error;
        this.ask(run);
      }
    }
  }

  private onStatus(run: Run, open: boolean, refusal?: Refusal): void {
    run.connected = open;
    if (open) {
      this.parts.view.connected(true);
      if (this.phase === 'starting') this.patience.waitFor('frame');
    } else if (this.active && run.known) {
      // Before the session exists, a stream may be refused.
      this.parts.view.connected(false, refusal);
      void this.check();
    }
  }

  private onMessage(run: Run, type: number, payload: Uint8Array): void {
    const { view } = this.parts;
    switch (type) {
      case MessageType.Error: {
        const report = decodeJson<ErrorReport>(payload);
        // A connection that came back repeats the error.
        if (run.report !== undefined && run.report.text === report.text) break;
        run.report = report;
        view.error(report);
        break;
      }
      case MessageType.Ended: {
        if (this.phase === 'stopping') {
          this.rest();
          break;
        }
        const { reason, message } = decodeJson<SessionEnded>(payload);
        this.end({ reason, message, ...(run.report !== undefined && { report: run.report }) });
        break;
      }
      case MessageType.InputRequest:
        if (!this.active) break;
        // The prompt is answered below the picture; a game without a picture waits too.
        this.play();
        view.message(type, payload);
        break;
      // A game that ends tells what is not kept of its files.
      case MessageType.NotSaved:
      case MessageType.Console:
        view.message(type, payload);
        break;
      default:
        // Of a stopped game, only its text matters.
        if (!this.active) break;
        // A start that waits for its turn does not wait for the game yet.
        if (type === MessageType.State && this.phase === 'starting') this.patience.waitFor('frame');
        view.message(type, payload);
    }
  }

  private play(): void {
    if (this.phase !== 'starting') return;
    this.patience.end();
    this.phase = 'playing';
    this.parts.view.playing();
  }

  private end(end: RunEnd): void {
    this.patience.end();
    this.rest();
    this.parts.view.ended(end);
  }

  private rest(): void {
    clearTimeout(this.endTimer);
    this.phase = 'ended';
    this.parts.stream.close();
  }

  /** Checks after a lost connection whether the session is lost, too. */
  private async check(): Promise<void> {
    const run = this.current;
    if (run?.session === undefined || this.checking) return;
    this.checking = true;
    const fate = await readFate(this.parts.server, run.session, this.parts.isSamePerson);
    this.checking = false;
    if (!this.isLive(run) || fate === undefined) return;
    this.end(fate);
    if (fate.reason === 'signed_out') this.parts.view.signedOut();
  }
}
