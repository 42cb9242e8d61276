import { computed, signal } from '@preact/signals';
import { createRef } from 'preact';
import { api } from '../../api/api';
import { SoundOutput } from '../../audio/output';
import { attempt, messageOf } from '../../frame/attempt';
import { whoIsHere } from '../../frame/person';
import { GameInput } from '../../play/input';
import type { RunController } from '../../play/runController';
import { Player } from '../../stream/player';
import { ConsoleModel } from './console/consoleModel';
import { FileActions } from './fileActions';
import { listenToPage } from './pageEvents';
import type { SaveState } from './project/saver';
import { ProjectSwitch } from './projectSwitch';
import { makeRuns } from './runs';
import { StageModel } from './stage/stageModel';
import { Workspace } from './workspace';

export type Tab = 'code' | 'play' | 'console';

/**
 * The place where a game is written and played: one project, one editor, one game. Its parts hold what they show as signals; this class
 * knows what follows from what. Editor, canvas, stream and sound are no components: they are attached when the page is drawn.
 */
export class Studio {
  readonly tab = signal<Tab>('code');
  /** Somebody can press Run. */
  readonly ready = signal(false);
  /** A game runs, or will in a moment. */
  readonly playing = signal(false);
  /** The game of this address is not this person's. */
  readonly missing = signal(false);
  /** A new object at each change, also back to the same text: then what was typed in the field goes. */
  readonly projectName = signal({ text: '' });
  readonly saved = signal<{ state: SaveState; reason: string }>({ state: 'saved', reason: '' });
  readonly savedState = computed(() => this.saved.value.state);
  readonly runButton = createRef<HTMLButtonElement>();
  readonly stage = new StageModel();
  readonly console = new ConsoleModel();
  readonly workspace = new Workspace({ onSaveState: (state, reason) => this.setSaved(state, reason) });
  readonly fileActions = new FileActions(this.workspace);
  readonly sound = new SoundOutput((port) => this.player.setAudio(port));
  readonly runs: RunController = makeRuns(this);
  private readonly projects = new ProjectSwitch(this);
  readonly menu = this.projects.menu;
  /** Undefined until the canvas is there. */
  input!: GameInput;
  player!: Player;
  private canvas!: HTMLCanvasElement;
  private stageElement!: HTMLElement;
  private editorHost!: HTMLElement;

  attachStage(element: HTMLElement): void {
    this.stageElement = element;
  }

  attachEditorHost(host: HTMLElement): void {
    this.editorHost = host;
  }

  attachCanvas(canvas: HTMLCanvasElement): void {
    this.canvas = canvas;
    this.player = new Player(canvas, (event) => this.runs.handle(event));
    this.input = new GameInput({
      canvas,
      target: this.player,
      game: () => (this.runs.state === 'playing' ? this.stage.gameSize.value : null),
      onLeave: () => this.leaveGame(),
      onFocus: (focused) => this.stage.setKeyboard(focused, this.runs.state === 'playing'),
    });
    this.sound.setMuted(this.stage.muted.value);
  }

  /** Fills the page that has been drawn: who is here, which project (undefined: the last one), its first file. Returns what ends it. */
  start(project: string | undefined): () => void {
    const unlisten = listenToPage(this);
    // For tests and benchmarks: what a person would see. The canvas is drawn in a worker, so nobody else could read it.
    const probe = {
      readPixels: (x: number, y: number, width: number, height: number) => this.player.readPixels(x, y, width, height),
      takeSamples: () => this.player.takeSamples(),
    };
    Object.defineProperty(window, 'pixelgamedev', { value: Object.freeze(probe), configurable: true });
    void this.fill(project);
    return () => {
      unlisten();
      this.workspace.keepDrafts();
      void this.workspace.saver.flush().catch(() => undefined);
      this.runs.forget();
      this.sound.stop();
      this.player.dispose();
    };
  }

  private async fill(id: string | undefined): Promise<void> {
    // The editor is the largest part of the page; it loads beside the first answers of the server.
    const editor = import('./editor/editor');
    try {
      await whoIsHere();
      void api.info().then(
        (info) => this.stage.setSandbox(info.sandbox),
        () => undefined,
      );
      const project = await this.projects.first(id);
      if (project === undefined) {
        this.missing.value = true;
        return;
      }
      const { Editor } = await editor;
      this.workspace.attachEditor(new Editor(this.editorHost, { onEdit: (path, text) => this.workspace.edit(path, text) }));
      this.ready.value = true;
      await this.projects.show(project);
    } catch (error) {
      this.workspace.loadError.value = messageOf(error);
    }
  }

  /** Run was pressed. */
  run(): void {
    const { project } = this.workspace;
    if (project !== undefined && this.ready.value) this.runs.run(project.id);
  }

  /** Stop was pressed. */
  stop(): void {
    void this.runs.stop();
  }

  /** Stops the games that run elsewhere, and then runs this one. */
  stopOthers(): void {
    const { project } = this.workspace;
    if (project === undefined) return;
    this.stage.banner.value = { kind: 'stoppingOthers' };
    const stopped = this.runs.stopOthers(project.id).finally(() => {
      this.stage.banner.value = undefined;
    });
    void attempt(stopped);
  }

  /** The person has answered the game's question. */
  answer(line: string): void {
    this.console.answer(line);
    this.player.answer(line);
    this.showTab('play');
    if (this.runs.state === 'playing') this.focusGame();
  }

  /** Shows a place in the code. */
  jump(file: string, line: number, column?: number): void {
    if (!this.workspace.has(file)) return;
    this.showTab('code');
    void attempt(this.workspace.jump(file, line, column));
  }

  renameProject(name: string): void {
    void this.projects.rename(name);
  }

  showTab(tab: Tab): void {
    this.tab.value = tab;
    this.workspace.measure();
  }

  setMuted(muted: boolean): void {
    this.stage.setMuted(muted);
    this.sound.setMuted(muted);
  }

  setSaved(state: SaveState, reason = ''): void {
    // Not saved stays on view longer than the message that said why.
    this.saved.value = { state, reason: state === 'refused' && reason === '' ? this.saved.value.reason : reason };
  }

  get isPhone(): boolean {
    return matchMedia('(max-width: 700px), (max-height: 480px)').matches;
  }

  get gameHasKeyboard(): boolean {
    return document.activeElement === this.canvas;
  }

  focusGame(): void {
    this.canvas.focus({ preventScroll: true });
  }

  /** Gives the keyboard back to the code; on a phone that would only bring up its keyboard. */
  leaveGame(): void {
    this.canvas.blur();
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    const writes = !this.isPhone && !this.workspace.showsPreview.value && !matchMedia('(pointer: coarse)').matches;
    if (writes) this.workspace.focus();
    else this.runButton.current?.focus();
  }

  async toggleFullscreen(): Promise<void> {
    try {
      if (document.fullscreenElement !== null) await document.exitFullscreen();
      else await this.stageElement.requestFullscreen();
    } catch {
      // Not every device has one.
    }
  }
}

/** Pictures a second that are worth sending: in a tab that nobody sees, enough to have one at once when it is seen. */
export function viewRate(): number {
  return document.hidden ? 2 : 60;
}
