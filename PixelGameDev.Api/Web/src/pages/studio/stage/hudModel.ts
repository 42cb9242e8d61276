import { batch, signal } from '@preact/signals';
import { remembered } from '../../../frame/remembered';
import { strings } from '../../../language';
import { formatMilliseconds } from '../../../language/format';
import type { HudFigures } from '../../../stream/events';
import type { Step } from '../../../stream/figures';
import type { SandboxStats } from '../../../stream/protocol';

/** Tenths of a second that the graph shows. */
export const shownSteps = 100;

/** How the time of a start was spent, milliseconds each; unknown times are missing. The game's own time overlaps with the others. */
export interface StartPhases {
  /** From the press to the server's answer. */
  asked?: number;
  /** From there to the first picture on the canvas. */
  shown?: number;
  /** From the game's first line to its first picture. */
  game?: number;
}

/** The stages of a picture, in the order in which it passes them. */
export const pipelineStages = ['game', 'encode', 'travel', 'decode'] as const;
export type PipelineStage = (typeof pipelineStages)[number];

/** The rows of the panel. */
export type HudRow = 'fps' | 'age' | 'left' | 'data' | PipelineStage;

/** How long one picture takes in each stage, milliseconds. */
export function stageTimes(figures: HudFigures, stats: SandboxStats | undefined): Record<PipelineStage, number | null> {
  const { age, encode, decode, roundTrip } = figures;
  const travel = age === null ? (roundTrip === null ? null : roundTrip / 2) : Math.max(0, age - encode - decode);
  return { game: stats === undefined ? null : stats.gameMicros / 1000, encode, travel, decode };
}

/** Returns pictures shown, of those that the game drew. A game that draws the same picture repeatedly is still, not slow. */
export function shownOf(fps: number, stats: SandboxStats | undefined): string {
  const words = strings.hud;
  const game = Math.round(stats?.fps ?? 0);
  if (fps === 0) return game > 0 ? words.stillOf(game) : words.still;
  return stats === undefined ? words.fps(fps) : words.fpsOf(fps, game);
}

/** Holds the numbers of the game: how smooth it is, how old the picture is, where its time goes. */
export class HudModel {
  readonly visible = signal(remembered.get('hudPanel') === '1');
  /** The newest figures of this run, and the sandbox's figures at that time. */
  readonly latest = signal<{ figures: HudFigures; stats: SandboxStats | undefined } | undefined>(undefined);
  readonly start = signal<{ phases: StartPhases; total: number } | undefined>(undefined);
  /** The last ten seconds. */
  readonly steps: Step[] = [];
  private stats: SandboxStats | undefined;

  show(visible: boolean): void {
    this.visible.value = visible;
    remembered.set('hudPanel', visible ? '1' : '0');
  }

  /** Removes everything of the last run. */
  reset(): void {
    batch(() => {
      this.steps.length = 0;
      this.stats = undefined;
      this.latest.value = undefined;
      this.start.value = undefined;
    });
  }

  setStats(stats: SandboxStats): void {
    this.stats = stats;
  }

  setStart(phases: StartPhases, total: number): void {
    this.start.value = { phases, total };
  }

  /** Takes new figures, twice per second. */
  update(figures: HudFigures): void {
    this.steps.push(...figures.steps);
    if (this.steps.length > shownSteps) this.steps.splice(0, this.steps.length - shownSteps);
    this.latest.value = { figures, stats: this.stats };
  }
}

/** Returns the texts of the rows; a dash if nothing is known. */
export function rowTexts(latest: HudModel['latest']['value']): Record<HudRow, string> {
  const unknown = '–';
  if (latest === undefined) {
    return { fps: unknown, age: unknown, left: unknown, data: unknown, game: unknown, encode: unknown, travel: unknown, decode: unknown };
  }
  const { figures, stats } = latest;
  const words = strings.hud;
  const time = (milliseconds: number | null): string =>
    milliseconds === null ? unknown : words.milliseconds(formatMilliseconds(milliseconds));
  const times = stageTimes(figures, stats);
  return {
    fps: shownOf(figures.fps, stats),
    age: time(figures.age),
    left: String((stats?.dropped ?? 0) + figures.lost),
    data: words.bytes(Math.round(figures.bytes / 1024)),
    game: time(times.game),
    encode: time(times.encode),
    travel: time(times.travel),
    decode: time(times.decode),
  };
}

/** Returns one line about the time of the start: `Start: 412 ms (getting a box 280 · getting the picture 132)`. */
export function startText({ phases, total }: { phases: StartPhases; total: number }): string {
  const { start, startParts } = strings.hud;
  const parts = (Object.keys(startParts) as (keyof StartPhases)[])
    .filter((name) => phases[name] !== undefined)
    .map((name) => startParts[name](Math.round(phases[name]!)));
  return parts.length === 0 ? start(Math.round(total)) : `${start(Math.round(total))} (${parts.join(' · ')})`;
}
