import { fitCanvas, type Size } from '../play/layout';
import type { HudFigures } from '../stream/events';
import { strings } from '../strings';
import { h, iconButton, remembered, svg } from './dom';
import { Hud } from './hud';
import { icons } from './icons';
import { type Mood, mascot } from './mascot';

export interface StageEvents {
  onRun(): void;
  onFullscreen(): void;
  onMute(muted: boolean): void;
}

export type Waiting = keyof typeof strings.stage.waitingFor;

/** The game's half of the page: its picture, what stands over it while there is none, and the small figures. */
export class Stage {
  readonly element: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  private readonly room: HTMLElement;
  private readonly overlay = h('div', { class: 'stage-overlay', 'data-testid': 'stage-overlay' });
  private readonly banner = h('div', { class: 'stage-banner', role: 'status', hidden: true, 'data-testid': 'stage-banner' });
  private readonly caption = h('h2', { class: 'stage-caption' }, strings.stage.heading);
  private readonly figures = h('span', { class: 'hud', 'data-testid': 'hud' });
  readonly hud = new Hud();
  private readonly hint = h('span', { class: 'stage-hint' });
  /** Words about the end of a game that left a picture: below it, never over it. */
  private readonly end = h('div', { class: 'stage-end', role: 'status', hidden: true, 'data-testid': 'stage-end' });
  private readonly sandbox = h('span', { class: 'sandbox', hidden: true, 'data-testid': 'sandbox' });
  private readonly muteButton: HTMLButtonElement;
  private readonly hudButton: HTMLButtonElement;
  private game: Size = { width: 640, height: 480 };
  private muted = remembered.get('muted') === '1';

  constructor(
    private readonly events: StageEvents,
    below: HTMLElement,
  ) {
    this.canvas = h('canvas', {
      class: 'game',
      width: 640,
      height: 480,
      tabIndex: 0,
      role: 'application',
      'aria-label': strings.stage.canvas,
      'data-testid': 'game',
    });
    this.room = h('div', { class: 'stage-room' }, this.canvas, this.overlay, this.hud.element, this.banner);
    this.muteButton = iconButton({
      icon: icons.sound,
      label: strings.stage.mute,
      testId: 'mute',
      onClick: () => this.setMuted(!this.muted),
    });
    this.hudButton = iconButton({
      icon: icons.hud,
      label: strings.stage.hud,
      testId: 'hud-button',
      onClick: () => this.setHud(!this.hud.isVisible),
    });
    this.hudButton.setAttribute('aria-controls', this.hud.element.id);
    this.element = h(
      'section',
      { class: 'stage', 'aria-label': strings.stage.heading },
      h(
        'div',
        { class: 'panel-head' },
        this.caption,
        this.figures,
        this.hudButton,
        this.muteButton,
        iconButton({ icon: icons.fullscreen, label: strings.stage.fullscreen, testId: 'fullscreen', onClick: () => events.onFullscreen() }),
      ),
      this.room,
      below,
      h('div', { class: 'stage-foot' }, this.sandbox, this.hint, this.end),
    );
    this.setMuted(this.muted);
    this.setHud(remembered.get('hudPanel') === '1');
    this.layout();
    new ResizeObserver(() => this.layout()).observe(this.room);
    // A window dragged to a screen with other pixels.
    addEventListener('resize', () => this.layout());
    this.idle();
  }

  get gameSize(): Size {
    return this.game;
  }

  setGameSize(size: Size): void {
    this.game = size;
    this.layout();
  }

  layout(): void {
    const room = { width: this.room.clientWidth, height: this.room.clientHeight };
    const fill = document.fullscreenElement !== null;
    const shown = fitCanvas(this.game, room, devicePixelRatio, fill);
    this.canvas.style.width = `${shown.width}px`;
    this.canvas.style.height = `${shown.height}px`;
    // Whole screen pixels, so that no square of the game is blurred over two of them.
    const snap = (value: number): number => Math.round(value * devicePixelRatio) / devicePixelRatio;
    this.canvas.style.left = `${snap((room.width - shown.width) / 2)}px`;
    this.canvas.style.top = `${snap((room.height - shown.height) / 2)}px`;
  }

  idle(): void {
    this.begin('idle');
    this.setCaption(null);
    this.setFigures(null);
    this.cover('happy', strings.stage.idleTitle, strings.stage.idleText, [this.runButton(strings.topBar.run, icons.run)]);
  }

  /** A run begins: no picture, caption or word of the one before is left. */
  starting(): void {
    this.begin('starting');
    this.setCaption(null);
    this.setFigures(null);
    this.waitingFor();
  }

  /** Over the room while there is no picture yet. */
  waitingFor(waiting?: Waiting, hint?: string): void {
    this.cover(
      'busy',
      strings.stage.starting,
      waiting ? strings.stage.waitingFor[waiting] : '',
      hint ? [h('p', { class: 'soft' }, hint)] : [],
    );
  }

  /** The start waits for its turn; the line is read out when it changes. */
  waitingTurn(before: number): void {
    this.element.dataset['state'] = 'starting';
    this.cover('busy', strings.stage.starting, strings.stage.waitingTurn(before), []);
  }

  playing(): void {
    this.element.dataset['state'] = 'playing';
    this.overlay.hidden = true;
  }

  /** The first picture of this run is on the canvas. */
  setPicture(): void {
    this.element.dataset['picture'] = '';
    this.canvas.dataset['frames'] = '1';
  }

  get hasPicture(): boolean {
    return this.element.dataset['picture'] !== undefined;
  }

  ended(reason: string, title: string, text: string, more: HTMLElement[] = []): void {
    this.element.dataset['state'] = 'ended';
    this.element.dataset['reason'] = reason;
    this.setBanner(null);
    this.setFigures(null);
    this.setCursor(true);
    const mood: Mood = reason === 'finished' ? 'proud' : reason === 'stopped' || reason === 'idle' ? 'sleepy' : 'oops';
    const again = this.runButton(
      reason === 'not_started' || reason === 'too_many_games' ? strings.errors.tryAgain : strings.stage.again,
      icons.restart,
    );
    // Where something else helps, that is the large button.
    if (reason === 'too_many_games') again.className = 'soft-button';
    const buttons = [...more, again];
    if (!this.hasPicture) {
      this.cover(mood, title, text, buttons);
      return;
    }
    this.overlay.hidden = true;
    this.end.hidden = false;
    this.end.replaceChildren(
      mascot(mood),
      h('div', { class: 'stage-end-words', title: `${title} ${text}` }, h('strong', null, title), ' ', h('span', null, text)),
      h('div', { class: 'stage-end-buttons' }, ...buttons),
    );
    this.layout();
  }

  setBanner(text: string | null): void {
    this.banner.hidden = text === null;
    this.banner.replaceChildren(...(text === null ? [] : [mascot('busy'), h('span', null, text)]));
  }

  setCaption(text: string | null): void {
    this.caption.textContent = text === null || text.trim() === '' ? strings.stage.heading : text;
    this.caption.title = this.caption.textContent;
  }

  setKeyboard(focused: boolean, playing: boolean): void {
    this.room.classList.toggle('has-keyboard', focused && playing);
    this.hint.replaceChildren(
      ...(playing ? [svg(icons.keyboard), h('span', null, focused ? strings.stage.keyboardOn : strings.stage.clickToPlay)] : []),
    );
  }

  setCursor(visible: boolean): void {
    this.canvas.classList.toggle('no-cursor', !visible);
  }

  setSandbox(kind: string | null): void {
    const known = kind === 'docker' || kind === 'bubblewrap' || kind === 'subprocess' ? kind : null;
    this.sandbox.hidden = known === null;
    if (known === null) return;
    const safe = known !== 'subprocess';
    this.sandbox.className = `sandbox ${safe ? 'safe' : 'unsafe'}`;
    this.sandbox.title = strings.sandbox[`${known}Hint`];
    this.sandbox.replaceChildren(svg(safe ? icons.shield : icons.warning), h('span', null, strings.sandbox[known]));
  }

  /** The small numbers beside the caption; a program that has shown no picture has none. */
  setFigures(figures: HudFigures | null): void {
    if (figures === null || figures.frames === 0) {
      this.figures.replaceChildren();
      return;
    }
    // Updated twice a second: enough for tests and benchmarks to follow, too rare to cost anything.
    this.canvas.dataset['frames'] = String(figures.frames);
    this.hud.update(figures);
    const latency = figures.latency ?? figures.roundTrip;
    const still = figures.fps === 0;
    this.figures.replaceChildren(
      h('span', { title: still ? strings.hud.stillHint : strings.hud.fpsHint }, still ? strings.hud.still : strings.hud.fps(figures.fps)),
      ...(latency === null ? [] : [h('span', { title: strings.hud.latencyHint }, strings.hud.latency(Math.round(latency)))]),
      h('span', { class: 'hud-bytes', title: strings.hud.bytesHint }, strings.hud.bytes(Math.round(figures.bytes / 1024))),
    );
  }

  private setMuted(muted: boolean): void {
    this.muted = muted;
    remembered.set('muted', muted ? '1' : '0');
    const label = muted ? strings.stage.unmute : strings.stage.mute;
    this.muteButton.replaceChildren(svg(muted ? icons.mute : icons.sound));
    this.muteButton.title = label;
    this.muteButton.setAttribute('aria-label', label);
    this.events.onMute(muted);
  }

  private setHud(shown: boolean): void {
    remembered.set('hudPanel', shown ? '1' : '0');
    this.hudButton.setAttribute('aria-expanded', String(shown));
    this.hud.show(shown);
  }

  private begin(state: 'idle' | 'starting'): void {
    this.element.dataset['state'] = state;
    delete this.element.dataset['reason'];
    delete this.element.dataset['picture'];
    this.canvas.dataset['frames'] = '0';
    this.end.hidden = true;
    this.end.replaceChildren();
    this.setBanner(null);
    this.setCursor(true);
    this.setKeyboard(false, false);
  }

  private runButton(label: string, icon: string): HTMLElement {
    return h(
      'button',
      { type: 'button', class: 'run-button big', 'data-testid': 'stage-run', onclick: () => this.events.onRun() },
      svg(icon),
      h('span', null, label),
    );
  }

  private cover(mood: Mood, title: string, text: string, more: HTMLElement[]): void {
    this.overlay.hidden = false;
    this.overlay.replaceChildren(
      h(
        'div',
        { class: 'stage-card' },
        mascot(mood),
        h('h3', null, title),
        h('p', null, text),
        more.length > 0 && h('div', { class: 'stage-more' }, ...more),
      ),
    );
  }
}
