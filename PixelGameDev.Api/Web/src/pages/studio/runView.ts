import type { StartedSession } from '../../api/types';
import { explanationOf, loadExplanations } from '../../console/explanation';
import { Replay } from '../../console/replay';
import { personChanged } from '../../frame/person';
import { toast } from '../../frame/toasts';
import { strings } from '../../language';
import { endWords } from '../../play/endWords';
import type { RunEnd, RunView, Wait } from '../../play/run';
import type { HudFigures } from '../../stream/events';
import {
  decodeConsole,
  decodeJson,
  decodeText,
  type ErrorReport,
  MessageType,
  type NotSavedMessage,
  type SandboxStats,
  type SessionStateMessage,
} from '../../stream/protocol';
import type { Refusal } from '../../stream/refusal';
import type { Studio } from './studio';

/** Ends that only the stage shows. */
const quietEnds = new Set(['finished', 'stopped', 'too_many_games', 'signed_out']);

/** Times of a start, milliseconds: Run was pressed, the server had answered, the picture was there; and the sandbox's phases. */
interface StartTimes {
  run: number;
  asked?: number;
  shown?: number;
  phases?: Record<string, number>;
}

/** Shows a run: its picture, its console, its errors, its end. `begin` resets everything. */
export class StudioRunView implements RunView {
  private times: StartTimes = { run: 0 };
  private connections = 0;
  private readonly replay = new Replay();
  /** Files about which the console has said that they are not kept. */
  private toldFiles = new Set<string>();

  constructor(private readonly studio: Studio) {}

  begin(): void {
    const { studio } = this;
    const { stage, console, workspace } = studio;
    for (const mark of ['asked', 'stream', 'first-frame']) performance.clearMarks(`pixel:${mark}`);
    performance.mark('pixel:run');
    this.times = { run: performance.now() };
    this.connections = 0;
    this.replay.begin();
    this.toldFiles = new Set();
    stage.hud.reset();
    stage.starting();
    console.begin();
    workspace.setMark(undefined);
    studio.playing.value = true;
    // The game gets the screen of a phone and the keyboard. Keys held for another game are released.
    studio.showTab('play');
    studio.focusGame();
    studio.input.with((input) => input.reset());
    studio.touch.read(workspace.entryText);
    studio.game.sound.start();
  }

  waitingFor(what: Wait, hint: boolean): void {
    this.studio.stage.waitingFor(what, hint);
  }

  started(session: StartedSession): void {
    performance.mark('pixel:asked');
    this.times.asked = performance.now();
    void loadExplanations().catch(() => undefined);
    this.studio.stage.setSandbox(session.sandbox);
    this.studio.session.value = session.id;
    const { invitation } = session;
    this.studio.invitation.value = invitation == null ? undefined : { code: invitation, watchers: 0 };
    this.showStart();
  }

  connected(open: boolean, refusal?: Refusal): void {
    const { stage } = this.studio;
    stage.banner.value = open ? undefined : refusal === undefined ? { kind: 'lost' } : { kind: 'refused', refusal };
    if (!open) {
      stage.setFigures(undefined);
      return;
    }
    performance.mark('pixel:stream');
    if (++this.connections > 1) this.replay.reconnected();
  }

  playing(): void {
    this.studio.game.playing();
  }

  firstPicture(at: number): void {
    performance.mark('pixel:first-frame', { startTime: at - performance.timeOrigin });
    this.studio.stage.setPicture();
    this.times.shown ??= at - performance.timeOrigin;
    this.showStart();
  }

  size(width: number, height: number): void {
    this.studio.stage.gameSize.value = { width, height };
  }

  figures(figures: HudFigures): void {
    this.studio.stage.setFigures(figures);
  }

  message(type: number, payload: Uint8Array): void {
    const { stage, console, workspace } = this.studio;
    switch (type) {
      case MessageType.Console: {
        const { stream, text } = decodeConsole(payload);
        console.append(stream, this.replay.take(text));
        break;
      }
      case MessageType.InputRequest:
        if (this.studio.isPhone) this.studio.showTab('console');
        // A person who is writing code is not interrupted.
        console.ask(decodeText(payload), !workspace.typing);
        break;
      case MessageType.Stats:
        stage.hud.setStats(decodeJson<SandboxStats>(payload));
        break;
      case MessageType.State: {
        const { phases } = decodeJson<SessionStateMessage>(payload);
        this.studio.game.message(type, payload);
        if (phases?.['firstFrame'] === undefined) break;
        this.times.phases = phases;
        this.showStart();
        break;
      }
      case MessageType.NotSaved:
        this.tellNotSaved(decodeJson(payload));
        break;
      default:
        this.studio.game.message(type, payload);
    }
  }

  private tellNotSaved(message: NotSavedMessage): void {
    const told = this.toldFiles;
    const words = Promise.all([import('./console/notSaved'), loadExplanations()]);
    // The next run may have begun meanwhile.
    const tell = words.then(([{ tellNotSaved }]) => told === this.toldFiles && tellNotSaved(this.studio.console, message, told));
    void tell.catch(() => undefined);
  }

  error(report: ErrorReport): void {
    const { workspace, console } = this.studio;
    console.showError(report);
    const { file, line } = report;
    if (file === undefined || line === undefined || !workspace.has(file)) return;
    const run = this.times;
    const { opened } = workspace;
    const mark = (): void => {
      if (run === this.times && opened === workspace.opened)
        workspace.setMark({ file, mark: { line, ...explanationOf(report, workspace.paths) } });
    };
    void loadExplanations().then(mark, mark);
  }

  ended(end: RunEnd): void {
    const { studio } = this;
    const { stage, console, workspace } = studio;
    const hadKeyboard = studio.gameHasKeyboard;
    console.closeQuestion();
    studio.playing.value = false;
    stage.ended(end);
    studio.game.ended();
    if (hadKeyboard) studio.leaveGame();
    const { text } = endWords(end, workspace.paths);
    if (end.reason === 'not_started') console.showNotStarted(text);
    else if (!quietEnds.has(end.reason) && end.report === undefined) console.append('system', `${text}\n`);
  }

  stopFailed(): void {
    toast(strings.stage.stopFailed, { kind: 'bad' });
  }

  signedOut(): void {
    personChanged.value = true;
  }

  /** The sandbox counts from the first file, in microseconds; the page counts from the press of Run, in milliseconds. */
  private showStart(): void {
    const { run, asked, shown, phases } = this.times;
    if (shown === undefined) return;
    const code = phases?.['code'];
    const first = phases?.['firstFrame'];
    const game = code === undefined || first === undefined ? undefined : Math.max(0, first - code) / 1000;
    this.studio.stage.hud.setStart(
      {
        ...(asked !== undefined && { asked: asked - run, shown: Math.max(0, shown - asked) }),
        ...(game !== undefined && { game }),
      },
      shown - run,
    );
  }
}
