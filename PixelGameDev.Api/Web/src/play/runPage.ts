import type { SoundOutput } from '../audio/output';
import { type Explanation, explain } from '../console/explain';
import { Replay } from '../console/replay';
import type { Session } from '../project/api';
import type { Workbench } from '../project/workbench';
import type { HudFigures } from '../stream/events';
import {
  decodeConsole,
  decodeCursor,
  decodeJson,
  decodeText,
  type ErrorReport,
  MessageType,
  type SandboxStats,
  type SessionStateMessage,
} from '../stream/protocol';
import type { Refusal } from '../stream/refusal';
import { strings } from '../strings';
import type { ConsoleView } from '../ui/consoleView';
import { h } from '../ui/dom';
import type { Stage } from '../ui/stage';
import { toast } from '../ui/toast';
import type { TopBar } from '../ui/topBar';
import type { RunEnd, RunView, Wait } from './run';

/** The parts of the page that a run shows itself on, and what it asks of the page around them. */
export interface RunPageParts {
  stage: Stage;
  console: ConsoleView;
  topBar: TopBar;
  bench: Workbench;
  sound: SoundOutput;
  /** A game begins: it gets the screen of a phone, the keyboard, and no key that was held for another. */
  takeOver(): void;
  /** Gives the keyboard back to the code. */
  leaveGame(): void;
  /** A phone shows the console instead of the picture. */
  showConsole(): void;
  jump(file: string, line: number, column?: number): void;
  stopOthers(): void;
  signedOut(): void;
}

/** Ends that the stage alone speaks of. */
const quietEnds = new Set(['finished', 'stopped', 'too_many_games', 'signed_out']);

/** Of a start: when Run was pressed, when the server had answered, when the picture was there (milliseconds), and what the sandbox says. */
interface StartTimes {
  run: number;
  asked?: number;
  shown?: number;
  phases?: Record<string, number>;
}

/** Shows a run: its picture, its console, its errors, its end. Everything starts anew with `begin`. */
export class RunPage implements RunView {
  private times: StartTimes = { run: 0 };
  private connections = 0;
  private turn: number | undefined;
  private readonly replay = new Replay();

  constructor(private readonly parts: RunPageParts) {}

  begin(): void {
    const { stage, console, topBar, bench, sound } = this.parts;
    for (const mark of ['asked', 'stream', 'first-frame']) performance.clearMarks(`pixel:${mark}`);
    performance.mark('pixel:run');
    this.times = { run: performance.now() };
    this.connections = 0;
    this.turn = undefined;
    this.replay.begin();
    stage.hud.reset();
    stage.starting();
    console.begin();
    bench.setMark(undefined);
    topBar.setPlaying(true);
    this.parts.takeOver();
    sound.start();
  }

  waitingFor(what: Wait, hint: boolean): void {
    if (this.turn !== undefined) return;
    this.parts.stage.waitingFor(what, hint ? strings.stage.noFrameHint : undefined);
  }

  /** The server says how many starts come before this one; undefined: its turn has come. */
  private showTurn(before: number | undefined): void {
    const waited = this.turn !== undefined;
    this.turn = before;
    if (before !== undefined) this.parts.stage.waitingTurn(before);
    else if (waited) this.parts.stage.waitingFor('frame');
  }

  started(session: Session): void {
    performance.mark('pixel:asked');
    this.times.asked = performance.now();
    this.parts.stage.setSandbox(session.sandbox);
    this.showStart();
  }

  connected(open: boolean, refusal?: Refusal): void {
    const { stage } = this.parts;
    stage.setBanner(open ? null : refusal === undefined ? strings.stage.lost : strings.stage.refused[refusal]);
    if (!open) {
      stage.setFigures(null);
      return;
    }
    performance.mark('pixel:stream');
    if (++this.connections > 1) this.replay.reconnected();
  }

  playing(): void {
    const { stage } = this.parts;
    stage.playing();
    stage.setKeyboard(document.activeElement === stage.canvas, true);
  }

  firstPicture(at: number): void {
    performance.mark('pixel:first-frame', { startTime: at - performance.timeOrigin });
    this.parts.stage.setPicture();
    this.times.shown ??= at - performance.timeOrigin;
    this.showStart();
  }

  size(width: number, height: number): void {
    this.parts.stage.setGameSize({ width, height });
  }

  figures(figures: HudFigures): void {
    this.parts.stage.setFigures(figures);
  }

  message(type: number, payload: Uint8Array): void {
    const { stage, console, bench } = this.parts;
    switch (type) {
      case MessageType.Console: {
        const { stream, text } = decodeConsole(payload);
        console.append(stream, this.replay.take(text));
        break;
      }
      case MessageType.InputRequest:
        this.parts.showConsole();
        // Who is writing code right now is not interrupted.
        console.ask(decodeText(payload), !bench.typing);
        break;
      case MessageType.Caption:
        stage.setCaption(decodeText(payload));
        break;
      case MessageType.Stats:
        stage.hud.setStats(decodeJson<SandboxStats>(payload));
        break;
      case MessageType.State: {
        const { phases, waiting } = decodeJson<SessionStateMessage>(payload);
        this.showTurn(waiting);
        if (phases?.['firstFrame'] === undefined) break;
        this.times.phases = phases;
        this.showStart();
        break;
      }
      case MessageType.Cursor:
        stage.setCursor(decodeCursor(payload).visible);
        break;
    }
  }

  error(report: ErrorReport): void {
    const { bench, console } = this.parts;
    const explanation = this.explain(report);
    console.showError(report, explanation);
    const { file, line } = report;
    if (file === undefined || line === undefined || !bench.has(file)) return;
    bench.setMark({ file, mark: { line, title: explanation.title, hint: explanation.hint } });
  }

  ended(end: RunEnd): void {
    const { stage, console, topBar, sound } = this.parts;
    const hadKeyboard = document.activeElement === stage.canvas;
    sound.stop();
    console.closeQuestion();
    topBar.setPlaying(false);
    const { title, text } = this.wordsOf(end);
    stage.ended(end.reason, title, text, this.buttonsOf(end));
    stage.setKeyboard(false, false);
    if (hadKeyboard) this.parts.leaveGame();
    if (end.reason === 'not_started') console.showNotice(strings.errors.run, text);
    else if (!quietEnds.has(end.reason) && end.report === undefined) console.append('system', `${text}\n`);
  }

  stopFailed(): void {
    toast(strings.errors.stop, { kind: 'bad' });
  }

  signedOut(): void {
    this.parts.signedOut();
  }

  private wordsOf(end: RunEnd): { title: string; text: string } {
    if (end.reason === 'crashed' && end.report !== undefined) {
      const { title, hint } = this.explain(end.report);
      return { title, text: hint };
    }
    const known = strings.ends[end.reason] ?? strings.ends['unknown']!;
    if (end.running !== undefined)
      return { title: known.title, text: strings.runningElsewhere([...new Set(end.running.map(({ projectName }) => projectName))]) };
    return { title: known.title, text: end.message || known.text };
  }

  private explain(report: ErrorReport): Explanation {
    return explain(
      report,
      this.parts.bench.project?.files.map(({ path }) => path),
    );
  }

  private buttonsOf(end: RunEnd): HTMLElement[] {
    const button = (label: string, testId: string, onclick: () => void, look = 'soft-button'): HTMLElement =>
      h('button', { type: 'button', class: look, 'data-testid': testId, onclick }, label);
    const { file, line, column } = end.report ?? {};
    if (end.reason === 'too_many_games')
      return [button(strings.stage.stopOthers, 'stop-others', () => this.parts.stopOthers(), 'run-button big')];
    if (end.reason !== 'crashed' || file === undefined || line === undefined || !this.parts.bench.has(file)) return [];
    return [button(strings.stage.showError, 'show-error', () => this.parts.jump(file, line, column))];
  }

  /** The sandbox counts from the first file it got, in microseconds; the page from the press of Run, in milliseconds. */
  private showStart(): void {
    const { run, asked, shown, phases } = this.times;
    if (shown === undefined) return;
    const code = phases?.['code'];
    const first = phases?.['firstFrame'];
    const game = code === undefined || first === undefined ? undefined : Math.max(0, first - code) / 1000;
    this.parts.stage.hud.setStart(
      {
        ...(asked !== undefined && { asked: asked - run, shown: Math.max(0, shown - asked) }),
        ...(game !== undefined && { game }),
      },
      shown - run,
    );
  }
}
