import { SoundOutput } from './audio/output';
import { GameInput } from './play/input';
import { RunController } from './play/runController';
import { RunPage } from './play/runPage';
import { pause } from './play/runServer';
import { ApiError, api, type Me, newId, type Project, type ProjectSummary, type Template } from './project/api';
import { onChangeElsewhere, tellOtherWindows } from './project/otherWindows';
import { Workbench } from './project/workbench';
import { Player } from './stream/player';
import { strings } from './strings';
import { openAccountSheet } from './ui/accountSheet';
import { readAddress } from './ui/address';
import { ConsoleView } from './ui/consoleView';
import { h, remembered, svg } from './ui/dom';
import { icons } from './ui/icons';
import { mascot } from './ui/mascot';
import { openMenu } from './ui/menu';
import { notFound } from './ui/notFound';
import { openKeysSheet } from './ui/sheet';
import { splitter } from './ui/splitter';
import { Stage } from './ui/stage';
import { attempt, messageOf, toast } from './ui/toast';
import { TopBar } from './ui/topBar';
import { touchPad } from './ui/touchPad';

type Tab = 'code' | 'play' | 'console';

/** Longest wait for a game to be told to stop before its page is left, milliseconds. */
const stopTime = 2000;

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

  private readonly runs: RunController;
  /** Counts projects that were asked for: an older one that arrives late is not shown. */
  private switches = 0;

  constructor() {
    this.topBar = new TopBar({
      onRun: () => this.run(),
      onStop: () => void this.runs.stop(),
      onRename: (name) => void this.renameProject(name),
      onMenu: (button) =>
        openMenu(button, {
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
            toast(strings.trash.restored(project.name), { kind: 'good', key: `trash-${id}` });
            void attempt(this.openProject(id));
          },
          removeProject: async (id) => {
            await api.removeProject(id);
            this.bench.saver.retryNow();
          },
          storage: async () => (await api.me()).storage,
        }),
    });
    this.bench = new Workbench({ onSaveState: (state, reason) => this.topBar.setSaved(state, reason) });
    this.console = new ConsoleView({
      onAnswer: (line) => {
        this.player.answer(line);
        this.showTab('play');
        if (this.runs.state === 'playing') this.focusGame();
      },
      onJump: (file, line, column) => void attempt(this.jump(file, line, column)),
    });
    const pad = touchPad((code, down) => this.input.pad(code, down));
    this.stage = new Stage(
      {
        onRun: () => this.run(),
        onFullscreen: () => void this.toggleFullscreen(),
        onMute: (muted) => this.sound.setMuted(muted),
      },
      pad,
    );
    this.player = new Player(this.stage.canvas, (event) => this.runs.handle(event));
    this.input = new GameInput({
      canvas: this.stage.canvas,
      target: this.player,
      game: () => (this.runs.state === 'playing' ? this.stage.gameSize : null),
      onLeave: () => this.leaveGame(),
      onFocus: (focused) => this.stage.setKeyboard(focused, this.runs.state === 'playing'),
    });
    this.runs = this.newRuns();
    this.build();
    this.listen();
  }

  /** Draws the page at once, then fills it: who is here, which project, its first file. */
  async start(): Promise<void> {
    const address = readAddress(location.pathname);
    if (address.kind === 'nowhere') {
      this.showInstead(notFound('page'));
      return;
    }
    document.querySelector('#app')!.replaceChildren(this.root);
    // The editor is the largest part of the page; it loads beside the first answers of the server.
    const editor = import('./editor/editor');
    try {
      this.me = await api.me();
      void api.info().then(
        (info) => this.stage.setSandbox(info.sandbox),
        () => undefined,
      );
      const project = address.kind === 'project' ? await this.findProject(address.id) : await this.homeProject(remembered.get('project'));
      if (project === undefined) {
        this.showInstead(notFound('game', this.me.guest ? [this.signInButton()] : []));
        return;
      }
      const { Editor } = await editor;
      this.bench.equip((host, onEdit) => new Editor(host, { onEdit }));
      this.topBar.run.disabled = false;
      await this.show(project);
    } catch (error) {
      this.bench.apologize(
        h(
          'div',
          { class: 'load-error' },
          mascot('oops'),
          h('h3', null, strings.errors.loading),
          h('p', null, messageOf(error)),
          h('button', { type: 'button', class: 'soft-button', onclick: () => location.reload() }, strings.errors.tryAgain),
        ),
      );
    }
  }

  /** For tests and benchmarks: what a person would see. */
  readonly probe = {
    readPixels: (x: number, y: number, width: number, height: number) => this.player.readPixels(x, y, width, height),
    takeSamples: () => this.player.takeSamples(),
  };

  // --- page ---------------------------------------------------------------------------------------------------------

  /** The page has nothing of its own to show. */
  private showInstead(element: HTMLElement): void {
    document.querySelector('#app')!.replaceChildren(element);
  }

  private signInButton(): HTMLElement {
    return h(
      'button',
      {
        type: 'button',
        class: 'soft-button',
        'data-testid': 'not-found-sign-in',
        onclick: () =>
          openAccountSheet('signIn', {
            signUp: (name, password) => this.signUp(name, password),
            // The address stays: the game may be this person's.
            signIn: async (name, password) => {
              await api.signIn(name, password);
              tellOtherWindows();
              location.reload();
            },
          }),
      },
      strings.notFound.signIn,
    );
  }

  private build(): void {
    this.topBar.run.disabled = true;
    const right = h('div', { class: 'right' });
    const work = h('div', { class: 'work' });
    const relayout = (): void => this.stage?.layout();
    right.append(
      this.stage.element,
      splitter({
        kind: 'rows',
        label: strings.splitters.rows,
        host: right,
        variable: '--split-rows',
        initial: initialRows(),
        min: 25,
        max: 90,
        onChange: relayout,
      }),
      this.console.element,
    );
    work.append(
      this.bench.element,
      splitter({
        kind: 'columns',
        label: strings.splitters.columns,
        host: work,
        variable: '--split-columns',
        initial: 50,
        min: 25,
        max: 75,
        onChange: relayout,
      }),
      right,
    );

    const tab = (name: Tab, icon: string, label: string): HTMLElement => {
      const button = h(
        'button',
        {
          type: 'button',
          class: 'tab',
          role: 'tab',
          'data-testid': `tab-${name}`,
          onclick: () => this.showTab(name),
        },
        svg(icon),
        h('span', null, label),
      );
      this.tabs.set(name, button);
      return button;
    };
    const tabBar = h(
      'div',
      { class: 'tabs', role: 'tablist', 'aria-label': strings.tabs.label },
      tab('code', icons.code, strings.tabs.code),
      tab('play', icons.play, strings.tabs.play),
      tab('console', icons.console, strings.tabs.console),
    );
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
        this.bench.catchUp().catch((error: unknown) => this.suspectSignOut(error));
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
    addEventListener('pagehide', (event) => {
      this.bench.keepDrafts();
      this.runs.leavePage(event.persisted);
    });
    addEventListener('pageshow', (event) => {
      if (event.persisted) this.runs.returned();
    });
    onChangeElsewhere(() => this.showSignedOut());
    document.addEventListener('fullscreenchange', () => {
      this.stage.layout();
      if (document.fullscreenElement === null) return;
      // Where the browser can, one Escape is the game's in full screen, too.
      void (navigator as Navigator & { keyboard?: { lock?(keys: string[]): Promise<void> } }).keyboard
        ?.lock?.(['Escape'])
        .catch(() => undefined);
      if (this.runs.state === 'playing') this.focusGame();
    });
    this.listenForDrops();
  }

  private listenForDrops(): void {
    const veil = h(
      'div',
      { class: 'drop-veil', hidden: true, 'data-testid': 'drop-veil' },
      h('div', { class: 'drop-card' }, mascot('proud'), h('p', null, strings.files.drop)),
    );
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
    addEventListener(
      'drop',
      (event) => {
        veil.hidden = true;
        if (!hasFiles(event)) return;
        event.preventDefault();
        void this.bench.upload([...(event.dataTransfer?.files ?? [])]);
      },
      { capture: true },
    );
  }

  private onKey(event: KeyboardEvent): void {
    const command = event.ctrlKey || event.metaKey;
    const act = (action: () => void): void => {
      event.preventDefault();
      event.stopPropagation();
      if (!event.repeat) action();
    };
    if (command && event.key === 'Enter') act(() => this.run());
    else if (command && event.key === '.') act(() => void this.runs.stop());
    else if (command && !event.shiftKey && event.key.toLowerCase() === 's') act(() => this.onSaveKey());
    else if (event.key === 'F11' && !command) act(() => void this.toggleFullscreen());
    else if (event.key === '?' && !isTyping(event) && !this.gameHasKeyboard) act(openKeysSheet);
  }

  private onSaveKey(): void {
    if (!this.bench.saver.pending) {
      toast(strings.saved.already, { kind: 'good', key: 'save' });
      return;
    }
    this.bench.saver.flush().then(
      () => toast(strings.saved.already, { kind: 'good', key: 'save' }),
      () => undefined,
    );
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

  /** The person's project of that id; undefined: it is somebody else's, or there is none. */
  private async findProject(id: string): Promise<Project | undefined> {
    try {
      return await api.project(id);
    } catch (error) {
      if (error instanceof ApiError && (error.status === 404 || error.status === 400)) return undefined;
      throw error;
    }
  }

  /** Where somebody starts who asks for no game: with the last one here, else with the newest, else with a new one. */
  private async homeProject(last: string | null): Promise<Project> {
    const known = last === null ? undefined : await this.findProject(last);
    if (known !== undefined) return known;
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
      tellOtherWindows();
      // Another person, other games: the page starts anew, with this game if it came along.
      location.assign('/');
    });
  }

  private async signOut(): Promise<void> {
    await this.bench.whileLocked(async () => {
      await this.bench.saver.flush();
      await this.leaveProject();
      await api.signOut();
      tellOtherWindows();
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

  /** Nothing typed is left behind: rejects when something cannot be saved now. The game is told to stop while it is still this person's. */
  private async leaveProject(): Promise<void> {
    await this.bench.leave();
    await Promise.race([this.runs.stop(), pause(stopTime)]);
  }

  private async deleteProject(project: ProjectSummary): Promise<void> {
    try {
      if (project.id === this.bench.project?.id) {
        await this.bench.whileLocked(async () => {
          void this.runs.stop();
          // What was typed just before comes back with the game.
          await this.bench.leave().catch(() => undefined);
          await api.deleteProject(project.id);
          this.bench.abandon();
          await this.show(await this.homeProject(null));
        });
      } else {
        await api.deleteProject(project.id);
      }
      toast(strings.menu.deleted(project.name), {
        key: `trash-${project.id}`,
        action: {
          label: strings.files.undo,
          run: () => void attempt(api.restoreProject(project.id).then(() => this.openProject(project.id))),
        },
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
    this.runs.forget();
    this.console.begin();
    this.stage.idle();
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

  private get gameHasKeyboard(): boolean {
    return this.runs.state === 'playing' && document.activeElement === this.stage.canvas;
  }

  private run(): void {
    const { project } = this.bench;
    if (project !== undefined && !this.topBar.run.disabled) this.runs.run(project.id);
  }

  private newRuns(): RunController {
    const { stage, topBar, bench, sound } = this;
    const page = new RunPage({
      stage,
      console: this.console,
      topBar,
      bench,
      sound,
      takeOver: () => {
        this.showTab('play');
        this.focusGame();
        this.input.reset();
      },
      leaveGame: () => this.leaveGame(),
      showConsole: () => {
        if (this.isPhone) this.showTab('console');
      },
      jump: (file, line, column) => void attempt(this.jump(file, line, column)),
      stopOthers: () => this.stopOthers(),
      signedOut: () => this.showSignedOut(),
    });
    return new RunController({
      server: { start: api.startSession, stop: api.stopSession, read: api.session, running: api.runningSessions },
      stream: {
        open: (run, session) => {
          this.player.open(run, api.streamUrl(session));
          this.player.setView(true, viewRate());
          this.input.resend();
        },
        close: () => this.player.close(),
        reconnect: () => this.player.reconnect(),
      },
      view: page,
      unsaved: () => bench.saver.pending,
      save: () => bench.saver.flush(),
      newId,
      isSamePerson: () => this.isSamePerson(),
      beacon: (session) => void navigator.sendBeacon(`/api/sessions/${session}/stop`),
      messageOf,
    });
  }

  private stopOthers(): void {
    const { project } = this.bench;
    if (project === undefined) return;
    this.stage.setBanner(strings.stage.stoppingOthers);
    void attempt(this.runs.stopOthers(project.id).finally(() => this.stage.setBanner(null)));
  }

  /** The server no longer shows this person's things to this browser: who speaks for it now? */
  private async suspectSignOut(error: unknown): Promise<void> {
    if (!(error instanceof ApiError)) return;
    if (error.status === 401) this.showSignedOut();
    else if (error.status === 404 && !(await this.isSamePerson().catch(() => true))) this.showSignedOut();
  }

  private async isSamePerson(): Promise<boolean> {
    return (await api.me()).id === this.me?.id;
  }

  /** Whoever uses this browser now is not who this page was made for: it can neither save nor play. */
  private showSignedOut(): void {
    if (document.querySelector('[data-testid="signed-out"]') !== null) return;
    this.root.before(
      h(
        'div',
        { class: 'page-bar', role: 'alert', 'data-testid': 'signed-out' },
        mascot('oops'),
        h('span', null, strings.errors.signedOut),
        h('button', { type: 'button', class: 'soft-button', onclick: () => location.reload() }, strings.errors.loadAgain),
      ),
    );
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
}

/** The game's share of the height: a picture of 640 × 480 whole where it fits, and always some console, percent. */
function initialRows(): number {
  const bars = 60 + 12;
  const aroundPicture = 36 + 44 + 2;
  return Math.min(82, Math.max(60, ((480 + aroundPicture) / (innerHeight - bars)) * 100 + 0.1));
}

/** Pictures a second that are worth sending: in a tab that nobody sees, enough to have one at once when it is seen. */
function viewRate(): number {
  return document.hidden ? 2 : 60;
}

function isTyping(event: Event): boolean {
  const target = event.composedPath()[0];
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement)
  );
}
