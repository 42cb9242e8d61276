import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { strings } from '../../../language';
import type { Step } from '../../../stream/figures';
import { type HudModel, type HudRow, pipelineStages, rowTexts, shownSteps, stageTimes, startText } from './hudModel';

/** The graph's upper limits: pictures per tenth of a second, and milliseconds. */
const mostFrames = 8;
const mostAge = 100;

/** Draws the panel over the picture that shows how well the game runs. */
export function HudPanel({ hud }: { hud: HudModel }): JSX.Element {
  const words = strings.hud;
  const visible = hud.visible.value;
  const latest = visible ? hud.latest.value : undefined;
  const texts = rowTexts(latest);
  const row = (name: HudRow): JSX.Element => <Row name={name} text={texts[name]} />;
  return (
    <div id="hud-panel" class="hud-panel" role="group" aria-label={words.title} hidden={!visible} data-testid="hud-panel">
      <h3>{words.smooth}</h3>
      <Graph steps={hud.steps} drawnFor={latest} />
      <p class="hud-key">
        <span class="hud-key-frames">{words.keyFrames}</span>
        <span class="hud-key-age">{words.keyAge}</span>
      </p>
      <dl>
        {row('fps')}
        {row('age')}
        {row('left')}
      </dl>
      <h3>{words.stages}</h3>
      <StageBar latest={latest} />
      <dl>
        {pipelineStages.map(row)}
        {row('data')}
      </dl>
      <p class="hud-start" data-testid="hud-start" title={hud.start.value && words.startHint}>
        {hud.start.value && startText(hud.start.value)}
      </p>
    </div>
  );
}

function Row({ name, text }: { name: HudRow; text: string }): JSX.Element {
  const { label, hint } = strings.hud.rows[name];
  const isStage = (pipelineStages as readonly string[]).includes(name);
  return (
    <div class={`hud-row hud-row-${name}`} title={hint}>
      <dt>
        {isStage && <span class={`hud-dot hud-stage-${name}`} aria-hidden="true" />}
        {label}
      </dt>
      <dd data-testid={`hud-${name}`}>{text}</dd>
    </div>
  );
}

/** Draws each stage's share of the time of one picture. */
function StageBar({ latest }: { latest: HudModel['latest']['value'] }): JSX.Element {
  const times = latest === undefined ? undefined : stageTimes(latest.figures, latest.stats);
  const sum = pipelineStages.reduce((all, name) => all + (times?.[name] ?? 0), 0);
  return (
    <div class="hud-stages" aria-hidden="true">
      {pipelineStages.map((name) => (
        <span key={name} class={`hud-stage-${name}`} style={{ width: `${sum > 0 ? (100 * (times?.[name] ?? 0)) / sum : 0}%` }} />
      ))}
    </div>
  );
}

/** Draws pictures and their age in the last ten seconds, again for each new `drawnFor`. */
function Graph({ steps, drawnFor }: { steps: readonly Step[]; drawnFor: unknown }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => drawGraph(canvas.current!, steps), [drawnFor]);
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing focuses it; the rows say the same.
  return <canvas class="hud-graph" width={2 * shownSteps} height={56} aria-hidden="true" ref={canvas} />;
}

function drawGraph(canvas: HTMLCanvasElement, steps: readonly Step[]): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  const colours = getComputedStyle(canvas);
  context.clearRect(0, 0, width, height);
  context.fillStyle = colours.getPropertyValue('--teal');
  const first = shownSteps - steps.length;
  steps.forEach(({ frames }, i) => {
    const tall = Math.min(1, frames / mostFrames) * height;
    context.fillRect((first + i) * 2, height - tall, 1.4, tall);
  });
  context.strokeStyle = colours.getPropertyValue('--coral');
  context.lineWidth = 1.5;
  context.beginPath();
  let drawing = false;
  steps.forEach(({ frames, age }, i) => {
    if (frames === 0) return;
    const [x, y] = [(first + i) * 2 + 0.7, height - 1 - Math.min(1, age / mostAge) * (height - 2)];
    if (drawing) context.lineTo(x, y);
    else context.moveTo(x, y);
    drawing = true;
  });
  context.stroke();
}
