import { SoundOutput } from './audio/output';
import { explain } from './console/explain';
import { GameInput } from './play/input';
import { type Me, type Project, type ProjectSummary, type Session, type Template, ApiError, api, newId } from './project/api';
import { Workbench } from './project/workbench';
import type { StreamEvent } from './stream/events';
import { Player } from './stream/player';
import {
  type ErrorReport, type SandboxStats, type SessionEnded, type SessionStateMessage, MessageType, decodeConsole, decodeCursor, decodeJson, decodeText,
} from './stream/protocol';
import { strings } from './strings';
import { ConsoleView } from './ui/consoleView';
import { h, remembered, svg } from './ui/dom';
import { icons } from './ui/icons';
import { mascot } from './ui/mascot';
import { openMenu } from './ui/menu';
import { openKeysSheet } from './ui/sheet';
import { splitter } from './ui/splitter';
import { Stage } from './ui/stage';
import { attempt, messageOf, toast } from './ui/toast';
import { TopBar } from './ui/topBar';
import { touchPad } from './ui/touchPad';

type Tab = 'code' | 'play' | 'console';
type PlayState = 'idle' | 'starting' | 'playing' | 'ended';

/** A stopped game has this long to say its last words, milliseconds. */
const stopGrace = 4000;

/** The page: one project, one editor, one game. Parts draw themselves; this class knows what follows from what. */
export class App {
  private readonly root = h('div', { class: 'app' });
  private readonly topBar: TopBar;
  private readonly bench: Workbench;
  private readonly console: ConsoleView;
  private readonly stage: Stage;
  private readonly sound = new SoundOutput((port) => this.player.setAudio(port));
  private readonly player: Player;
  private readonly input: GameInput;
  private readonly tabs = new Map<Tab, HTMLButtonElement>();
  private me: Me | undefined;

  private play: PlayState = 'idle';
  private session: Session | undefined;
  /** Counts presses of Run and Stop: what an older one started is ignored when it arrives. */
  private turn = 0;
  /** Counts projects that were asked for: an older one that arrives late is not shown. */
  private switches = 0;
  private lastError: ErrorReport | undefined;
  /** Of the start under way: when Run was pressed and when the server had answered, and what the sandbox says of itself. */
  private startTimes: { run: number; asked?: number; shown?: number; phases?: Record<string, number> } = { run: 0 };
  private connected = false;
  private slowTimer: ReturnType<typeof setTimeout> | undefined;
  private checking = false;

  constructor() {
    this.topBar = new TopBar({
      onRun: () => void this.run(),
      onStop: () => void this.stop(),
      onRename: (name) => void this.renameProject(name),
      onMenu: (button) => openMenu(button, {
        person: () => this.me,
        account: {
          signUp: (name, password) => this.signUp(name, password),
          signIn: (name, password) => this.signIn(name, password),
        },
        signOut: () => void attempt(this.signOut()),
        currentProject: () => this.bench.project?.id,
        listProjects: () => api.projects(),
        listTemplates: () => api.templates(),
        openProject: (id) => void attempt(this.openProject(id)),
        createProject: (template) => void attempt(this.createProject(template)),
        deleteProject: (project) => this.deleteProject(project),
        listTrash: () => api.trash(),
        restoreProject: async (id) => {
          const project = await api.restoreProject(id);
          toast(strings.trash.restored(project.name), { kind: 'good' });
          void attempt(this.openProject(id));
        },
        removeProject: async (id) => void await api.removeProject(id),
        storage: async () => (await api.me()).storage,
      }),
    });
    this.bench = new Workbench({ onSaveState: (state) => this.topBar.setSaved(state) });
    this.console = new ConsoleView({
      onAnswer: (line) => {
        this.player.answer(line);
        this.showTab('play');
        if (this.play === 'playing') this.focusGame();
      },
      onJump: (file, line, column) => void attempt(this.jump(file, line, column)),
    });
    const pad = touchPad((code, down) => this.input.pad(code, down));
    this.stage = new Stage({
      onRun: () => void this.run(),
      onFullscreen: () => void this.toggleFullscreen(),
      onMute: (muted) => this.sound.setMuted(muted),
    }, pad);
    this.player = new Player(this.stage.canvas, (event) => this.onStream(event));
    this.input = new GameInput({
      canvas: this.stage.canvas,
      target: this.player,
      game: () => (this.play === 'playing' ? this.stage.gameSize : null),
      onLeave: () => this.leaveGame(),
      onFocus: (focused) => this.stage.setKeyboard(focused, this.play === 'playing'),
    });
    this.build();
    this.listen();
  }

  /** Draws the page at once, then fills it: who is here, which project, its first file. */
  async start(): Promise<void> {
    document.querySelector('#app')!.replaceChildren(this.root);
    // The editor is the largest part of the page; it loads beside the first answers of the server.
    const editor = import('./editor/editor');
    try {
      this.me = await api.me();
      void api.info().then((info) => this.stage.setSandbox(info.sandbox), () => undefined);
      const wanted = /^\/projects\/([\w-]+)/.exec(location.pathname)?.[1] ?? remembered.get('project');
      const project = await this.findProject(wanted ?? undefined);
      const { Editor } = await editor;
      this.bench.equip((host, onEdit) => new Editor(host, { onEdit }));
      this.topBar.run.disabled = false;
      await this.show(project);
    } catch (error) {
      this.bench.apologize(h('div', { class: 'load-error' }, mascot('oops'), h('h3', null, strings.errors.loading),
        h('p', null, messageOf(error)),
        h('button', { type: 'button', class: 'soft-button', onclick: () => location.reload() }, strings.errors.tryAgain)));
    }
  }

  /** For tests and benchmarks: what a person would see. */
  readonly probe = {
    readPixels: (x: number, y: number, width: number, height: number) => this.player.readPixels(x, y, width, height),
    takeSamples: () => this.player.takeSamples(),
  };

  // --- page ---------------------------------------------------------------------------------------------------------

  private build(): void {
    this.topBar.run.disabled = true;
    const right = h('div', { class: 'right' });
    const work = h('div', { class: 'work' });
    const relayout = (): void => this.stage?.layout();
    right.append(this.stage.element, splitter({
      kind: 'rows', label: strings.splitters.rows, host: right, variable: '--split-rows', initial: initialRows(), min: 25, max: 90, onChange: relayout,
    }), this.console.element);
    work.append(this.bench.element, splitter({
      kind: 'columns', label: strings.splitters.columns, host: work, variable: '--split-columns', initial: 50, min: 25, max: 75, onChange: relayout,
    }), right);

    const tab = (name: Tab, icon: string, label: string): HTMLElement => {
      const button = h('button', {
        type: 'button', class: 'tab', role: 'tab', 'data-testid': `tab-${name}`, onclick: () => this.showTab(name),
      }, svg(icon), h('span', null, label));
      this.tabs.set(name, button);
      return button;
    };
    const tabBar = h('div', { class: 'tabs', role: 'tablist', 'aria-label': strings.tabs.label },
      tab('code', icons.code, strings.tabs.code), tab('play', icons.play, strings.tabs.play), tab('console', icons.console, strings.tabs.console));
    this.root.append(this.topBar.element, work, tabBar);
    this.showTab('code');
  }

  private listen(): void {
    addEventListener('keydown', (event) => this.onKey(event), { capture: true });
    addEventListener('online', () => {
      this.bench.saver.retryNow();
      this.player.reconnect();
    });
    document.addEventListener('visibilitychange', () => {
      this.player.setView(true, viewRate());
      if (!document.hidden) {
        this.bench.catchUp().catch(() => undefined);
        return;
      }
      // A phone may never come back to this page.
      this.bench.keepDrafts();
      if (this.bench.saver.pending) void this.bench.saver.flush().catch(() => undefined);
    });
    addEventListener('beforeunload', (event) => {
      if (!this.bench.saver.pending) return;
      void this.bench.saver.flush().catch(() => undefined);
      event.preventDefault();
    });
    addEventListener('pagehide', () => {
      this.bench.keepDrafts();
      if (this.session !== undefined && this.active) navigator.sendBeacon(`/api/sessions/${this.session.id}/stop`);
    });
    document.addEventListener('fullscreenchange', () => {
      this.stage.layout();
      if (document.fullscreenElement === null) return;
      // Where the browser can, one Escape is the game's in full screen, too.
      void (navigator as Navigator & { keyboard?: { lock?(keys: string[]): Promise<void> } }).keyboard?.lock?.(['Escape']).catch(() => undefined);
      if (this.play === 'playing') this.focusGame();
    });
    this.listenForDrops();
  }

  private listenForDrops(): void {
    const veil = h('div', { class: 'drop-veil', hidden: true, 'data-testid': 'drop-veil' },
      h('div', { class: 'drop-card' }, mascot('proud'), h('p', null, strings.files.drop)));
    document.body.append(veil);
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    addEventListener('dragenter', (event) => {
      if (hasFiles(event)) veil.hidden = false;
    });
    addEventListener('dragover', (event) => {
      if (hasFiles(event)) event.preventDefault();
    });
    addEventListener('dragleave', (event) => {
      if (event.relatedTarget === null) veil.hidden = true;
    });
    addEventListener('drop', (event) => {
      veil.hidden = true;
      if (!hasFiles(event)) return;
      event.preventDefault();
      void this.bench.upload([...(event.dataTransfer?.files ?? [])]);
    }, { capture: true });
  }

  private onKey(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    const act = (action: () => void): void => {
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) action();
    };
    if (command && event.key === 'Enter') act(() => void this.run());
    else if (command && event.key === '.') act(() => void this.stop());
    else if (command && !event.shiftKey && event.key.toLowerCase() === 's') act(() => this.onSaveKey());
    else if (event.key === 'F11' && !command) act(() => void this.toggleFullscreen());
    else if (event.key === '?' && !isTyping(event) && !this.gameHasKeyboard) act(openKeysSheet);
  }

  private onSaveKey(): void {
    if (!this.bench.saver.pending) {
      toast(strings.saved.already, { kind: 'good', key: 'save' });
      return;
    }
    this.bench.saver.flush().then(() => toast(strings.saved.already, { kind: 'good', key: 'save' }), () => undefined);
  }

  private showTab(tab: Tab): void {
    this.root.dataset['tab'] = tab;
    for (const [name, button] of this.tabs) button.setAttribute('aria-selected', String(name === tab));
    this.stage.layout();
    this.bench?.measure();
  }

  private get isPhone(): boolean {
    return matchMedia('(max-width: 700px), (max-height: 480px)').matches;
  }

  // --- projects -----------------------------------------------------------------------------------------------------

  private async findProject(wanted: string | undefined): Promise<Project> {
    if (wanted !== undefined) {
      try {
        return await api.project(wanted);
      } catch (error) {
        if (!(error instanceof ApiError) || (error.status !== 404 && error.status !== 400)) throw error;
      }
    }
    const [newest] = await api.projects();
    return newest === undefined ? api.createProject(undefined, 'starter') : api.project(newest.id);
  }

  /** The guest becomes an account where it stands: nothing on the page changes. */
  private async signUp(name: string, password: string): Promise<void> {
    await this.bench.saver.flush();
    this.me = await api.signUp(name, password);
    toast(strings.account.kept(this.me.name), { kind: 'good' });
  }

  private async signIn(name: string, password: string): Promise<void> {
    await this.bench.whileLocked(async () => {
      await this.bench.saver.flush();
      await this.leaveProject();
      this.me = await api.signIn(name, password);
      // Another person, other games: the page starts anew, with this game if it came along.
      location.reload();
    });
  }

  private async signOut(): Promise<void> {
    await this.bench.whileLocked(async () => {
      await this.bench.saver.flush();
      await this.leaveProject();
      await api.signOut();
      location.assign('/');
    });
  }

  private async openProject(id: string): Promise<void> {
    if (id === this.bench.project?.id) return;
    await this.switchTo(() => api.project(id));
  }

  private async createProject(template: Template): Promise<void> {
    await this.switchTo(() => api.createProject(template.title, template.name));
  }

  /** Leaves this project for another one. Of several asked for at once the last one is shown. */
  private async switchTo(load: () => Promise<Project>): Promise<void> {
    const turn = ++this.switches;
    await this.bench.whileLocked(async () => {
      await this.leaveProject();
      const project = await load();
      if (turn === this.switches) await this.show(project);
    });
  }

  /** Nothing typed is left behind: rejects when something cannot be saved now. */
  private async leaveProject(): Promise<void> {
    await this.bench.leave();
    if (this.active) await this.stop();
  }

  private async deleteProject(project: ProjectSummary): Promise<void> {
    try {
      if (project.id === this.bench.project?.id) {
        await this.bench.whileLocked(async () => {
          if (this.active) await this.stop();
          // What was typed just before comes back with the game.
          await this.bench.leave().catch(() => undefined);
          await api.deleteProject(project.id);
          this.bench.abandon();
          await this.show(await this.findProject(undefined));
        });
      } else {
        await api.deleteProject(project.id);
      }
      toast(strings.menu.deleted(project.name), {
        action: { label: strings.files.undo, run: () => void attempt(api.restoreProject(project.id).then(() => this.openProject(project.id))) },
      });
    } catch (error) {
      toast(messageOf(error), { kind: 'bad' });
    }
  }

  private async show(project: Project): Promise<void> {
    this.topBar.setSaved('saved');
    this.topBar.setName(project.name);
    remembered.set('project', project.id);
    history.replaceState(null, '', `/projects/${project.id}`);
    this.console.clear();
    this.console.closeQuestion();
    this.play = 'idle';
    this.session = undefined;
    this.player.close();
    this.stage.idle();
    this.stage.setCaption(null);
    this.stage.setFigures(null);
    this.topBar.setPlaying(false);
    await this.bench.show(project);
  }

  private async renameProject(name: string): Promise<void> {
    const { project } = this.bench;
    if (project === undefined) return;
    try {
      await api.patchProject(project.id, { name });
      project.name = name;
    } catch (error) {
      toast(messageOf(error), { kind: 'bad' });
    }
    if (project === this.bench.project) this.topBar.setName(project.name);
  }

  private async jump(file: string, line: number, column?: number): Promise<void> {
    if (!this.bench.has(file)) return;
    this.showTab('code');
    await this.bench.jump(file, line, column);
  }

  // --- play ---------------------------------------------------------------------------------------------------------

  private get active(): boolean {
    return this.play === 'starting' || this.play === 'playing';
  }

  private get gameHasKeyboard(): boolean {
    return this.play === 'playing' && document.activeElement === this.stage.canvas;
  }

  /**
   * Run: answer at once → save what is not saved → start a session and open its stream → first picture. Pressed while a
   * game plays, it starts anew.
   */
  private async run(): Promise<void> {
    const { project } = this.bench;
    if (project === undefined || this.topBar.run.disabled) return;
    const turn = ++this.turn;
    for (const mark of ['asked', 'stream', 'first-frame']) performance.clearMarks(`pixel:${mark}`);
    performance.mark('pixel:run');
    this.startTimes = { run: performance.now() };
    this.stage.hud.reset();
    const previous = this.active ? this.session : undefined;
    // Asked before the page changes, where nothing has to come first: the server works while the page does.
    const asked = this.bench.saver.pending || previous !== undefined ? undefined : this.ask(project);

    this.play = 'starting';
    this.session = undefined;
    this.lastError = undefined;
    this.console.clear();
    this.console.closeQuestion();
    this.bench.setMark(undefined);
    this.stage.starting();
    this.stage.setBanner(null);
    this.stage.setCaption(null);
    this.stage.setCursor(true);
    this.stage.canvas.dataset['frames'] = '0';
    this.topBar.setPlaying(true);
    this.showTab('play');
    this.focusGame();
    this.input.reset();
    this.sound.start();
    this.waitFor(asked === undefined ? 'save' : 'session', turn);

    try {
      if (asked === undefined) {
        await this.bench.saver.flush();
        this.waitFor('session', turn);
      }
      if (previous !== undefined) await api.stopSession(previous.id).catch(() => undefined);
      if (turn !== this.turn && asked === undefined) return;
      const session = await (asked ?? this.ask(project));
      if (turn !== this.turn) {
        // Stopped or started again meanwhile: nobody will watch this one.
        void api.stopSession(session.id).catch(() => undefined);
        return;
      }
      performance.mark('pixel:asked');
      this.session = session;
      this.startTimes.asked = performance.now();
      this.stage.setSandbox(session.sandbox);
      if (!this.connected) this.waitFor('stream', turn);
      // A stream that was refused before the session was there tries again now, not after a while.
      this.player.reconnect();
      this.showStart();
    } catch (error) {
      if (turn !== this.turn) return;
      this.player.close();
      this.finish('not_started', strings.errors.startTitle, messageOf(error));
      this.console.showNotice(strings.errors.run, messageOf(error));
    }
  }

  /** Asks for a session, and opens its stream at the same time: the server holds it until the session is there. */
  private ask(project: Project): Promise<Session> {
    const id = newId();
    const session = api.startSession(project.id, id);
    // Awaited by the caller later; until then a refusal is no error that nobody handles.
    session.catch(() => undefined);
    this.connected = false;
    this.player.open(api.streamUrl(id));
    this.player.setView(true, viewRate());
    this.input.resend();
    return session;
  }

  private async stop(): Promise<void> {
    if (!this.active) return;
    const turn = ++this.turn;
    const { session } = this;
    this.finish('stopped', strings.ends['stopped']!.title, strings.ends['stopped']!.text);
    if (session === undefined) {
      this.player.close();
      return;
    }
    try {
      await api.stopSession(session.id);
    } catch (error) {
      toast(messageOf(error), { kind: 'bad' });
    }
    // The stream stays open for the game's last words, and closes itself with Ended.
    setTimeout(() => {
      if (turn === this.turn) this.player.close();
    }, stopGrace);
  }

  /** After a second of waiting the page says what for; after some more without a picture, what may be missing. */
  private waitFor(what: 'save' | 'session' | 'stream' | 'frame', turn: number): void {
    clearTimeout(this.slowTimer);
    this.slowTimer = setTimeout(() => {
      if (turn !== this.turn || this.play !== 'starting') return;
      this.stage.starting(what);
      if (what !== 'frame') return;
      this.slowTimer = setTimeout(() => {
        if (turn === this.turn && this.play === 'starting') this.stage.starting(what, strings.stage.noFrameHint);
      }, 4000);
    }, 900);
  }

  private finish(reason: string, title: string, text: string, more: HTMLElement[] = []): void {
    clearTimeout(this.slowTimer);
    const hadKeyboard = document.activeElement === this.stage.canvas;
    this.play = 'ended';
    this.sound.stop();
    this.console.closeQuestion();
    this.topBar.setPlaying(false);
    this.stage.ended(reason, title, text, more);
    this.stage.setFigures(null);
    this.stage.setCursor(true);
    this.stage.setKeyboard(false, false);
    if (hadKeyboard) this.leaveGame();
  }

  private focusGame(): void {
    this.stage.canvas.focus({ preventScroll: true });
  }

  /** Gives the keyboard back to the code; on a phone that would only bring up its keyboard. */
  private leaveGame(): void {
    this.stage.canvas.blur();
    if (document.fullscreenElement !== null) void document.exitFullscreen();
    if (!this.isPhone && this.bench.showsCode && !matchMedia('(pointer: coarse)').matches) this.bench.focus();
    else this.topBar.run.focus();
  }

  private async toggleFullscreen(): Promise<void> {
    try {
      if (document.fullscreenElement !== null) await document.exitFullscreen();
      else await this.stage.element.requestFullscreen();
    } catch {
      // Not every device has one.
    }
  }

  private onStream(event: StreamEvent): void {
    switch (event.t) {
      case 'status':
        this.connected = event.status === 'open';
        if (this.connected) {
          performance.mark('pixel:stream');
          this.stage.setBanner(null);
          if (this.play === 'starting') this.waitFor('frame', this.turn);
        } else if (this.active && this.session !== undefined) {
          // Before the session is there a stream may well be refused.
          this.stage.setBanner(strings.stage.lost);
          void this.checkSession();
        }
        break;
      case 'size':
        this.stage.setGameSize({ width: event.width, height: event.height });
        break;
      case 'first':
        performance.mark('pixel:first-frame', { startTime: event.at - performance.timeOrigin });
        this.stage.canvas.dataset['frames'] = '1';
        this.startTimes.shown ??= event.at - performance.timeOrigin;
        this.showStart();
        if (this.play === 'starting') this.onPlaying();
        break;
      case 'hud':
        if (this.play === 'playing') this.stage.setFigures(event);
        break;
      case 'message':
        this.onMessage(event.type, event.payload);
        break;
    }
  }

  private onPlaying(): void {
    clearTimeout(this.slowTimer);
    this.play = 'playing';
    this.stage.playing();
    this.stage.setKeyboard(document.activeElement === this.stage.canvas, true);
  }

  /** The sandbox counts from the first file it got, in microseconds; the page from the press of Run, in milliseconds. */
  private showStart(): void {
    const { run, asked, shown, phases } = this.startTimes;
    if (shown === undefined) return;
    const code = phases?.['code'];
    const first = phases?.['firstFrame'];
    const game = code === undefined || first === undefined ? undefined : Math.max(0, first - code) / 1000;
    this.stage.hud.setStart({ ...(asked !== undefined && { asked: asked - run, shown: Math.max(0, shown - asked) }), ...(game !== undefined && { game }) }, shown - run);
  }

  private onMessage(type: number, payload: Uint8Array): void {
    switch (type) {
      case MessageType.Console: {
        const { stream, text } = decodeConsole(payload);
        this.console.append(stream, text);
        break;
      }
      case MessageType.InputRequest:
        if (!this.active) break;
        // The prompt is answered below the picture; a game without a picture yet is waiting too.
        if (this.play === 'starting') this.onPlaying();
        if (this.isPhone) this.showTab('console');
        // Who is writing code right now is not interrupted.
        this.console.ask(decodeText(payload), !this.bench.typing);
        break;
      case MessageType.Caption:
        this.stage.setCaption(decodeText(payload));
        break;
      case MessageType.Stats:
        this.stage.hud.setStats(decodeJson<SandboxStats>(payload));
        break;
      case MessageType.State: {
        const { phases } = decodeJson<SessionStateMessage>(payload);
        if (phases?.['firstFrame'] !== undefined) {
          this.startTimes.phases = phases;
          this.showStart();
        }
        break;
      }
      case MessageType.Cursor:
        this.stage.setCursor(decodeCursor(payload).visible);
        break;
      case MessageType.Error:
        this.onError(decodeJson<ErrorReport>(payload));
        break;
      case MessageType.Ended:
        this.onEnded(decodeJson<SessionEnded>(payload));
        break;
    }
  }

  private onError(report: ErrorReport): void {
    this.lastError = report;
    const explanation = explain(report);
    this.console.showError(report, explanation);
    const { file, line } = report;
    if (file === undefined || line === undefined || !this.bench.has(file)) return;
    this.bench.setMark({ file, mark: { line, title: explanation.title, hint: explanation.hint } });
  }

  private onEnded(end: SessionEnded): void {
    // Stop was answered before the game had ended.
    if (!this.active) return;
    const known = strings.ends[end.reason];
    const report = this.lastError;
    if (end.reason === 'crashed' && report !== undefined) {
      const { title, hint } = explain(report);
      const { file, line } = report;
      const where = file !== undefined && line !== undefined && this.bench.has(file)
        ? [h('button', {
          type: 'button', class: 'soft-button', 'data-testid': 'show-error', onclick: () => void attempt(this.jump(file, line, report.column)),
        }, strings.stage.showError)]
        : [];
      this.finish(end.reason, title, hint, where);
    } else {
      this.finish(end.reason, known?.title ?? strings.ends['sandbox_lost']!.title, end.message || (known?.text ?? ''));
    }
    if (end.reason !== 'finished' && end.reason !== 'stopped' && report === undefined) {
      this.console.append('system', `${end.message || (known?.text ?? end.reason)}\n`);
    }
  }

  /** The connection is gone: is the session, too? */
  private async checkSession(): Promise<void> {
    const { session, turn } = this;
    if (session === undefined || this.checking) return;
    this.checking = true;
    try {
      const now = await api.session(session.id);
      if (turn === this.turn && now.state === 'ended') {
        this.player.close();
        this.onEnded({ reason: now.endReason ?? 'sandbox_lost', message: now.endMessage ?? '' });
      }
    } catch (error) {
      if (turn === this.turn && error instanceof ApiError && error.status === 404) {
        this.player.close();
        this.onEnded({ reason: 'sandbox_lost', message: '' });
      }
      // Otherwise the server cannot be reached either; the stream keeps trying.
    } finally {
      this.checking = false;
    }
  }
}

/** The game's share of the height: a picture of 640 × 480 whole where it fits, and always some console, percent. */
function initialRows(): number {
  const bars = 60 + 12;
  const aroundPicture = 44 + 34 + 2;
  return Math.min(82, Math.max(60, ((480 + aroundPicture) / (innerHeight - bars)) * 100 + 0.1));
}

/** Pictures a second that are worth sending: in a tab that nobody sees, enough to have one at once when it is seen. */
function viewRate(): number {
  return document.hidden ? 2 : 60;
}

function isTyping(event: Event): boolean {
  const target = event.composedPath()[0];
  return target instanceof HTMLElement && (target.isContentEditable || target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement);
}
