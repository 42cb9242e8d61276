import { computed, signal } from '@preact/signals';
import { createRef } from 'preact';
import { api } from '../../api/api';
import { ApiError } from '../../api/apiError';
import type { SessionInvitation, TouchControls } from '../../api/types';
import { attempt, messageOf } from '../../frame/attempt';
import { hasGallery, person, signUpMode, whoIsHere } from '../../frame/person';
import { remembered } from '../../frame/remembered';
import { withDialogs } from '../../frame/withDialogs';
import type { PlayInput } from '../../play/playInput';
import type { RunController } from '../../play/runController';
import { ConsoleModel } from './console/consoleModel';
import { FileActions } from './fileActions';
import { listenToPage } from './pageEvents';
import type { SaveState } from './project/saver';
import { ProjectSwitch } from './projectSwitch';
import { makeRuns } from './runs';
import { StageGame } from './stage/stageGame';
import { StageModel } from './stage/stageModel';
import { TouchControlsModel } from './touchControlsModel';
import { Workspace } from './workspace';

export type Tab = 'code' | 'play' | 'console';

/**
 * Connects one project, one editor and one game. Its parts hold what they show as signals; this class holds the rules between them.
 * Editor, canvas, stream and sound are not components: they are attached when the page is drawn.
 */
export class Studio {
  readonly tab = signal<Tab>('code');
  /** True if Run can be pressed. */
  readonly ready = signal(false);
  /** True if a game runs, or will run soon. */
  readonly playing = signal(false);
  /** True if the game of this address belongs to another account. */
  readonly missing = signal(false);
  /** A new object at each change, even to the same text: the field then drops what was typed. */
  readonly projectName = signal({ text: '' });
  readonly saved = signal<{ state: SaveState; reason: string }>({ state: 'saved', reason: '' });
  readonly savedState = computed(() => this.saved.value.state);
  /** The session of the last run of this project on this page. */
  readonly session = signal<string | undefined>(undefined);
  /** The open invitation to that session and to the next ones of this project. */
  readonly invitation = signal<SessionInvitation | undefined>(undefined);
  /** Length of a recording; 0: this server records nothing. */
  readonly recordSeconds = signal(0);
  readonly runButton = createRef<HTMLButtonElement>();
  readonly stage = new StageModel();
  readonly touch = new TouchControlsModel();
  readonly console = new ConsoleModel();
  readonly workspace = new Workspace({ onSaveState: (state, reason) => this.setSaved(state, reason) });
  readonly fileActions = new FileActions(this.workspace, (id) => this.menu.openProject(id));
  readonly game = new StageGame({
    stage: this.stage,
    runs: () => this.runs,
    streamUrl: (session) => api.streamUrl(session),
    onLeave: () => this.leaveGame(),
    seats: () => this.workspace.project?.seats,
  });
  readonly runs: RunController = makeRuns(this);
  private readonly projects = new ProjectSwitch(this);
  readonly menu = this.projects.menu;
  private field!: HTMLTextAreaElement;
  private stageElement!: HTMLElement;
  private editorHost!: HTMLElement;

  attachStage(element: HTMLElement): void {
    this.stageElement = element;
  }

  attachEditorHost(host: HTMLElement): void {
    this.editorHost = host;
  }

  /** `field`: the element that has the keyboard while a game plays. */
  attachCanvas(canvas: HTMLCanvasElement, field: HTMLTextAreaElement): void {
    this.field = field;
    this.game.attach(canvas, field);
  }

  /** Undefined until the canvas exists. */
  get input(): PlayInput {
    return this.game.input;
  }

  /** Fills the drawn page: account, project (undefined: the last one), its first file. Returns a function that ends that. */
  start(project: string | undefined): () => void {
    const unlisten = listenToPage(this);
    void this.fill(project);
    return () => {
      unlisten();
      this.workspace.keepDrafts();
      void this.workspace.saver.flush().catch(() => undefined);
      this.game.dispose();
    };
  }

  private async fill(id: string | undefined): Promise<void> {
    // The editor is the largest part of the page; it loads in parallel with the first answers of the server.
    const editor = import('./editor/editor');
    try {
      await whoIsHere();
      void api.info().then(
        (info) => {
          this.stage.setSandbox(info.sandbox);
          signUpMode.value = info.signUp;
          hasGallery.value = (info.gallery ?? 'off') !== 'off';
          this.recordSeconds.value = info.limits?.recordingSeconds ?? 0;
        },
        () => undefined,
      );
      const project = await this.projects.first(id);
      if (project === undefined) {
        this.missing.value = true;
        return;
      }
      const { Editor } = await editor;
      const { workspace } = this;
      const files = (): { path: string; url: string }[] =>
        workspace.files.value.map(({ path, revision }) => ({
          path,
          url: `${api.fileUrl(workspace.projectId.value ?? '', path)}?v=${revision}`,
        }));
      workspace.attachEditor(new Editor(this.editorHost, { onEdit: (path, text) => workspace.edit(path, text), files }));
      this.ready.value = true;
      await this.projects.show(project);
      this.remindGuest();
    } catch (error) {
      // Where guests are switched off, everything begins with the sign-in.
      if (error instanceof ApiError && error.code === 'guests_off') location.replace('/account');
      else this.workspace.loadError.value = messageOf(error);
    }
  }

  /** Tells a guest once that its games hang on this browser. */
  private remindGuest(): void {
    if (person.value?.guest !== true || remembered.get('guestTold') !== null) return;
    const isSaved = computed(() => this.savedState.value === 'saved');
    const openAccount = (action: 'signUp' | 'signIn'): void => withDialogs((dialogs) => dialogs.openAccountDialog(action, this.menu));
    void import('./guestNote').then(
      ({ tellGuestLater }) => tellGuestLater(isSaved, openAccount),
      () => undefined,
    );
  }

  /** Handles a press of Run. */
  run(): void {
    const { project } = this.workspace;
    if (project !== undefined && this.ready.value) this.runs.run(project.id);
  }

  /** Handles a press of Stop. */
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

  /** Sends the person's answer to the game's question. */
  answer(line: string): void {
    this.console.answer(line);
    this.game.player.answer(line);
    this.showTab('play');
    if (this.runs.state === 'playing') this.focusGame();
  }

  /** Shows a place in the code. */
  jump(file: string, line: number, column?: number): void {
    if (!this.workspace.has(file)) return;
    this.showTab('code');
    void attempt(this.workspace.jump(file, line, column));
  }

  /** Lets the person choose what the touch controls press. */
  chooseControls(): void {
    const { touch, workspace } = this;
    const { project } = workspace;
    if (project === undefined) return;
    const save = (controls: TouchControls): void => {
      void touch.choose(project, controls);
      if (this.runs.state === 'playing') this.focusGame();
    };
    // Loaded at its first use, so that the page stays small.
    const dialog = import('./stage/controlsDialog');
    void attempt(dialog.then(({ openControlsDialog }) => openControlsDialog(touch.controls.value, () => touch.guess, save)));
  }

  /** Shows the earlier states of the project. */
  openHistory(): void {
    const { workspace } = this;
    const { opened } = workspace;
    if (opened === undefined) return;
    void attempt(import('./history/historyDialog').then(({ openHistoryDialog }) => openHistoryDialog(workspace, opened)));
  }

  /** Shows the recordings of the project. */
  openRecordings(): void {
    const project = this.workspace.projectId.value;
    if (project === undefined) return;
    const options = { project, session: this.session.value, seconds: this.recordSeconds.value };
    void attempt(import('./recordings/recordingsDialog').then(({ openRecordingsDialog }) => openRecordingsDialog(options)));
  }

  /** Shows the links of the project. */
  openShare(): void {
    const { opened } = this.workspace;
    if (opened !== undefined) void attempt(import('./share/shareDialog').then(({ openShareDialog }) => openShareDialog(opened)));
  }

  renameProject(name: string): void {
    void this.projects.rename(name);
  }

  showTab(tab: Tab): void {
    if (tab === 'console' || this.tab.value === 'console') this.console.unseen.value = false;
    this.tab.value = tab;
    this.workspace.measure();
  }

  setMuted(muted: boolean): void {
    this.game.setMuted(muted);
  }

  setSaved(state: SaveState, reason = ''): void {
    // "Not saved" stays longer than the message with the reason.
    this.saved.value = { state, reason: state === 'refused' && reason === '' ? this.saved.value.reason : reason };
  }

  get isPhone(): boolean {
    return matchMedia('(max-width: 700px), (max-height: 480px)').matches;
  }

  get gameHasKeyboard(): boolean {
    return this.input.hasFocus;
  }

  focusGame(): void {
    this.input.focus();
  }

  /** Returns the keyboard to the code, except on a phone, where that would only open the on-screen keyboard. */
  leaveGame(): void {
    this.field.blur();
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    if (document.pointerLockElement !== null) document.exitPointerLock();
    const writes = !this.isPhone && !this.workspace.showsPreview.value && !matchMedia('(pointer: coarse)').matches;
    if (writes) this.workspace.focus();
    else this.runButton.current?.focus();
  }

  async toggleFullscreen(): Promise<void> {
    try {
      if (document.fullscreenElement !== null) await document.exitFullscreen();
      else await this.stageElement.requestFullscreen();
    } catch {
      // Not every device supports this.
    }
  }
}
