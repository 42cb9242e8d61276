import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import { strings } from '../../../language';

const arrows = { up: 'ArrowUp', down: 'ArrowDown', left: 'ArrowLeft', right: 'ArrowRight' } as const;
const arrowNames = Object.keys(arrows) as (keyof typeof arrows)[];
const arrowCodes = Object.values(arrows);
/** Size of the neutral middle of the cross, as a share of the cross on each side. */
const dead = 0.12;

/** Draws arrows, Space and Enter for fingers. A thumb that slides over the cross changes direction without lifting. */
export function TouchPad({ press }: { press(code: string, down: boolean): void }): JSX.Element {
  const held = useSignal<ReadonlySet<string>>(new Set());
  const cross = useRef<HTMLDivElement>(null);
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
  const steer = (event: PointerEvent): void => hold(arrowsAt(event, cross.current!), arrowCodes);
  const letGo = (): void => hold([], arrowCodes);
  const look = (code: string): string => (held.value.has(code) ? ' held' : '');
  const button = (code: string, label: string): JSX.Element => (
    // biome-ignore lint/a11y/useFocusableInteractive: for fingers only; a real button would take the keyboard from the game.
    <span
      class={`pad-key round${look(code)}`}
      data-code={code}
      role="button"
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        hold([code], [code]);
        event.preventDefault();
      }}
      onPointerUp={() => hold([], [code])}
      onPointerCancel={() => hold([], [code])}
    >
      {label}
    </span>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only keeps the long press of a thumb from opening a menu.
    <div class="touch-pad" data-testid="touch-pad" onContextMenu={(event) => event.preventDefault()}>
      <div
        class="pad-cross"
        ref={cross}
        onPointerDown={(event) => {
          cross.current!.setPointerCapture(event.pointerId);
          steer(event);
          event.preventDefault();
        }}
        onPointerMove={(event) => {
          if (cross.current!.hasPointerCapture(event.pointerId)) steer(event);
        }}
        onPointerUp={letGo}
        onPointerCancel={letGo}
      >
        {arrowNames.map((name) => (
          // biome-ignore lint/a11y/useFocusableInteractive: for fingers only.
          <span
            key={name}
            class={`pad-key pad-${name}${look(arrows[name])}`}
            data-code={arrows[name]}
            aria-label={strings.stage.pad[name]}
            role="button"
          />
        ))}
      </div>
      <div class="pad-buttons">
        {button('Enter', strings.stage.pad.enter)}
        {button('Space', strings.stage.pad.space)}
      </div>
    </div>
  );
}

/** Returns the arrows under a thumb; two of them in the corners. */
function arrowsAt(event: PointerEvent, cross: HTMLElement): string[] {
  const box = cross.getBoundingClientRect();
  const x = (event.clientX - box.left) / box.width - 0.5;
  const y = (event.clientY - box.top) / box.height - 0.5;
  const codes: string[] = [];
  if (Math.abs(x) > dead && Math.abs(x) > Math.abs(y) * 0.5) codes.push(x < 0 ? arrows.left : arrows.right);
  if (Math.abs(y) > dead && Math.abs(y) > Math.abs(x) * 0.5) codes.push(y < 0 ? arrows.up : arrows.down);
  return codes;
}
