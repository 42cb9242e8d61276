import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { TouchControls } from '../../../api/types';
import { capturePointer } from '../../../frame/capture';
import { IconButton } from '../../../frame/iconButton';
import { strings } from '../../../language';
import { directionKeys, directionsOf, padOf, signOf } from '../../../play/touchControls';

/** Size of the neutral middle of the cross, as a share of the cross on each side. */
const dead = 0.12;
const ways = ['up', 'down', 'left', 'right'] as const;
type Way = (typeof ways)[number];

export interface TouchPadProps {
  controls: TouchControls;
  press(code: string, down: boolean): void;
  /** Opens the choice of keys; missing: nobody may choose them here. */
  onChoose?(): void;
  /** Opens or closes the keyboard of the phone; missing: there is nothing to write. */
  onKeyboard?(): void;
  /** What buttons are called that do not have the name of their key. */
  names?: Readonly<Record<string, string>>;
}

/** Draws a cross or a stick and buttons for fingers. A thumb that slides over the cross changes direction without lifting. */
export function TouchPad({ controls, press, onChoose, onKeyboard, names }: TouchPadProps): JSX.Element {
  const held = useSignal<ReadonlySet<string>>(new Set());
  const keys = directionKeys[directionsOf(controls)];
  const pad = padOf(controls);
  const hold = (codes: readonly string[], among: readonly string[]): void => {
    const now = new Set(held.value);
    for (const code of among) {
      const down = codes.includes(code);
      if (down === now.has(code)) continue;
      if (down) now.add(code);
      else now.delete(code);
      press(code, down);
    }
    held.value = now;
  };
  const steer = (to: readonly Way[]): void =>
    hold(
      to.map((way) => keys[way]),
      Object.values(keys),
    );
  // Other controls lift what a thumb still holds.
  useLayoutEffect(() => () => hold([], [...held.value]), [controls]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps the long press of a thumb from opening a menu.
    <div class="touch-pad" data-testid="touch-pad" onContextMenu={(event) => event.preventDefault()}>
      {pad === 'none' ? <span /> : <Steering pad={pad} keys={keys} held={held.value} steer={steer} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a press on these buttons leaves the keyboard with the game. */}
      <div class="pad-tools" onMouseDown={(event) => event.preventDefault()}>
        {onChoose && <IconButton icon="pencil" label={strings.stage.controls.title} size="small" testId="pad-choose" onClick={onChoose} />}
        {onKeyboard && (
          <IconButton icon="keyboard" label={strings.stage.typeText} size="small" testId="pad-keyboard" onClick={onKeyboard} />
        )}
      </div>
      <div class={controls.buttons.length > 2 ? 'pad-buttons many' : 'pad-buttons'}>
        {controls.buttons.map((code) => (
          // biome-ignore lint/a11y/useFocusableInteractive: for fingers only; a real button would take the keyboard from the game.
          <span
            key={code}
            class={`pad-key round${held.value.has(code) ? ' held' : ''}`}
            data-code={code}
            role="button"
            onPointerDown={(event) => {
              capturePointer(event.currentTarget, event.pointerId);
              hold([code], [code]);
              event.preventDefault();
            }}
            onPointerUp={() => hold([], [code])}
            onPointerCancel={() => hold([], [code])}
          >
            {names?.[code] ?? keyName(code)}
          </span>
        ))}
      </div>
    </div>
  );
}

interface SteeringProps {
  pad: 'cross' | 'stick';
  keys: Readonly<Record<Way, string>>;
  held: ReadonlySet<string>;
  steer(to: readonly Way[]): void;
}

/** Draws what the left thumb has. */
function Steering({ pad, keys, held, steer }: SteeringProps): JSX.Element {
  const area = useRef<HTMLDivElement>(null);
  const knob = useSignal({ x: 0, y: 0 });
  const move = (event: PointerEvent): void => {
    const at = placeIn(event, area.current!);
    steer(waysAt(at));
    const far = Math.max(1, Math.hypot(at.x, at.y) / 0.32);
    knob.value = { x: at.x / far, y: at.y / far };
  };
  const letGo = (): void => {
    steer([]);
    knob.value = { x: 0, y: 0 };
  };
  return (
    <div
      class={`pad-${pad}`}
      ref={area}
      onPointerDown={(event) => {
        capturePointer(area.current!, event.pointerId);
        move(event);
        event.preventDefault();
      }}
      onPointerMove={(event) => {
        if (area.current!.hasPointerCapture(event.pointerId)) move(event);
      }}
      onPointerUp={letGo}
      onPointerCancel={letGo}
    >
      {ways.map((way) => (
        // biome-ignore lint/a11y/useFocusableInteractive: for fingers only.
        <span
          key={way}
          class={`pad-key pad-${way}${held.has(keys[way]) ? ' held' : ''}`}
          data-code={keys[way]}
          aria-label={strings.stage.pad[way]}
          role="button"
        />
      ))}
      {pad === 'stick' && <span class="pad-knob" style={{ translate: `${knob.value.x * 100}cqw ${knob.value.y * 100}cqw` }} />}
    </div>
  );
}

/** Returns the name of a key on a button. */
export function keyName(code: string): string {
  return signOf(code) ?? (strings.stage.keys as Readonly<Record<string, string>>)[code] ?? code;
}

/** Returns where a thumb is: 0, 0 is the middle and ±0.5 an edge. */
function placeIn(event: PointerEvent, area: HTMLElement): { x: number; y: number } {
  const box = area.getBoundingClientRect();
  return { x: (event.clientX - box.left) / box.width - 0.5, y: (event.clientY - box.top) / box.height - 0.5 };
}

/** Returns the directions of a thumb; two of them in the corners. */
function waysAt({ x, y }: { x: number; y: number }): Way[] {
  const to: Way[] = [];
  if (Math.abs(x) > dead && Math.abs(x) > Math.abs(y) * 0.5) to.push(x < 0 ? 'left' : 'right');
  if (Math.abs(y) > dead && Math.abs(y) > Math.abs(x) * 0.5) to.push(y < 0 ? 'up' : 'down');
  return to;
}
