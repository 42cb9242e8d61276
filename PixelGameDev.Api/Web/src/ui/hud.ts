import type { HudFigures } from '../stream/events';
import type { Step } from '../stream/figures';
import type { SandboxStats } from '../stream/protocol';
import { strings } from '../strings';
import { h } from './dom';

/** Tenths of a second that the graph shows. */
const shown = 100;
/** The graph's top: pictures in a tenth of a second, and milliseconds. */
const mostFrames = 8;
const mostAge = 100;

/** Where the time of Run went, milliseconds each; what is not known is left out. The game runs while the others wait. */
export interface StartPhases {
  /** From the press to the server's answer. */
  asked?: number;
  /** From there to the first picture on the canvas. */
  shown?: number;
  /** From the game's first line to its first picture. */
  game?: number;
}

/** The ways of a picture, in the order in which it goes them. */
const ways = ['game', 'encode', 'travel', 'decode'] as const;
type Way = (typeof ways)[number];

/** How long one picture takes on each part of its way, milliseconds. */
export function wayOf(figures: HudFigures, stats: SandboxStats | undefined): Record<Way, number | null> {
  const { age, encode, decode, roundTrip } = figures;
  const travel = age === null ? (roundTrip === null ? null : roundTrip / 2) : Math.max(0, age - encode - decode);
  return { game: stats === undefined ? null : stats.gameMicros / 1000, encode, travel, decode };
}

/** Pictures shown, of those that the game drew. One that draws the same again and again is not slow, its picture is still. */
export function shownOf(fps: number, stats: SandboxStats | undefined): string {
  const words = strings.hud;
  const game = Math.round(stats?.fps ?? 0);
  if (fps === 0) return game > 0 ? words.stillOf(game) : words.still;
  return stats === undefined ? words.fps(fps) : words.fpsOf(fps, game);
}

/** The numbers of the game: how smooth, how old the picture is, where its time goes. */
export class Hud {
  readonly element: HTMLElement;
  private readonly graph = h('canvas', { class: 'hud-graph', width: 2 * shown, height: 56, 'aria-hidden': 'true' });
  private readonly values = new Map<string, HTMLElement>();
  private readonly bars = new Map<Way, HTMLElement>();
  private readonly start = h('p', { class: 'hud-start', 'data-testid': 'hud-start' });
  private readonly steps: Step[] = [];
  private stats: SandboxStats | undefined;
  private visible = false;

  constructor() {
    const words = strings.hud;
    const row = (name: keyof typeof words.rows, ...more: Node[]): HTMLElement => {
      const [label, hint] = words.rows[name];
      const value = h('dd', { 'data-testid': `hud-${name}` }, '–');
      this.values.set(name, value);
      return h('div', { class: `hud-row hud-row-${name}`, title: hint }, h('dt', null, ...more, label), value);
    };
    const way = ways.map((name) => {
      const bar = h('span', { class: `hud-way-${name}` });
      this.bars.set(name, bar);
      return bar;
    });
    const dot = (name: Way): HTMLElement => h('span', { class: `hud-dot hud-way-${name}`, 'aria-hidden': 'true' });
    this.element = h(
      'div',
      { id: 'hud-panel', class: 'hud-panel', role: 'group', 'aria-label': words.title, hidden: true, 'data-testid': 'hud-panel' },
      h('h3', null, words.smooth),
      this.graph,
      h(
        'p',
        { class: 'hud-key' },
        h('span', { class: 'hud-key-frames' }, words.keyFrames),
        h('span', { class: 'hud-key-age' }, words.keyAge),
      ),
      h('dl', null, row('fps'), row('age'), row('left')),
      h('h3', null, words.way),
      h('div', { class: 'hud-way', 'aria-hidden': 'true' }, ...way),
      h('dl', null, ...ways.map((name) => row(name, dot(name))), row('data')),
      this.start,
    );
  }

  get isVisible(): boolean {
    return this.visible;
  }

  show(visible: boolean): void {
    this.visible = visible;
    this.element.hidden = !visible;
    this.draw();
  }

  /** A new Run: nothing of the last one stays. */
  reset(): void {
    this.steps.length = 0;
    this.stats = undefined;
    for (const value of this.values.values()) value.textContent = '–';
    this.start.textContent = '';
    this.draw();
  }

  setStats(stats: SandboxStats): void {
    this.stats = stats;
  }

  setStart(phases: StartPhases, total: number): void {
    const parts = strings.hud.startParts;
    const known = (Object.keys(parts) as (keyof StartPhases)[]).filter((name) => phases[name] !== undefined);
    this.start.title = strings.hud.startHint;
    this.start.textContent = strings.hud.start(Math.round(total), known.map((name) => parts[name](Math.round(phases[name]!))).join(' · '));
  }

  /** Twice a second. */
  update(figures: HudFigures): void {
    this.steps.push(...figures.steps);
    if (this.steps.length > shown) this.steps.splice(0, this.steps.length - shown);
    if (!this.visible) return;
    const words = strings.hud;
    const way = wayOf(figures, this.stats);
    this.say('fps', shownOf(figures.fps, this.stats));
    this.say('age', figures.age === null ? '–' : words.millis(figures.age));
    this.say('left', String((this.stats?.dropped ?? 0) + figures.lost));
    this.say('data', words.bytes(Math.round(figures.bytes / 1024)));
    const sum = ways.reduce((all, name) => all + (way[name] ?? 0), 0);
    for (const name of ways) {
      const time = way[name];
      this.say(name, time === null ? '–' : words.millis(time));
      this.bars.get(name)!.style.width = `${sum > 0 ? (100 * (time ?? 0)) / sum : 0}%`;
    }
    this.draw();
  }

  private say(name: string, text: string): void {
    const value = this.values.get(name)!;
    if (value.textContent !== text) value.textContent = text;
  }

  private draw(): void {
    const context = this.visible ? this.graph.getContext('2d') : null;
    if (context === null) return;
    const { width, height } = this.graph;
    const colours = getComputedStyle(this.element);
    context.clearRect(0, 0, width, height);
    context.fillStyle = colours.getPropertyValue('--teal');
    const first = shown - this.steps.length;
    this.steps.forEach(({ frames }, i) => {
      const tall = Math.min(1, frames / mostFrames) * height;
      context.fillRect((first + i) * 2, height - tall, 1.4, tall);
    });
    context.strokeStyle = colours.getPropertyValue('--coral');
    context.lineWidth = 1.5;
    context.beginPath();
    let drawing = false;
    this.steps.forEach(({ frames, age }, i) => {
      if (frames === 0) return;
      const [x, y] = [(first + i) * 2 + 0.7, height - 1 - Math.min(1, age / mostAge) * (height - 2)];
      if (drawing) context.lineTo(x, y);
      else context.moveTo(x, y);
      drawing = true;
    });
    context.stroke();
  }
}
