import type { ComponentChildren, JSX, RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { strings } from '../../../language';
import { keepLaidOut } from './canvasLayout';
import type { StageModel } from './stageModel';

interface GameCanvasProps {
  stage: StageModel;
  label: string;
  /** Called once, with the canvas and the element that has the keyboard. */
  attach(canvas: HTMLCanvasElement, field: HTMLTextAreaElement): void;
  /** True if the person only watches: nothing takes the keyboard. */
  watchOnly?: boolean;
  /** What lies over the picture. */
  children: ComponentChildren;
}

/** Draws the room of a game and its canvas. The stream's worker draws into the canvas; this only places it. */
export function GameCanvas({ stage, label, attach, watchOnly, children }: GameCanvasProps): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => attach(canvas.current!, field.current!), []);
  useLayoutEffect(() => keepLaidOut(canvas.current!, room.current!, () => stage.gameSize.value), [stage.gameSize.value]);
  // Not in the JSX: the place of the canvas is set from outside, and the class that hides the cursor must win.
  useLayoutEffect(() => {
    canvas.current!.style.cursor = stage.cursorVisible.value ? stage.cursor.value : '';
  }, [stage.cursorVisible.value, stage.cursor.value]);
  const { focused, playing } = stage.keyboard.value;
  return (
    <div class={focused && playing ? 'stage-room has-keyboard' : 'stage-room'} ref={room}>
      <canvas
        class={stage.cursorVisible.value ? 'game' : 'game no-cursor'}
        width={640}
        height={480}
        role="img"
        aria-label={label}
        data-testid="game"
        data-frames={stage.frames}
        ref={canvas}
      />
      {watchOnly !== true && <KeyField field={field} />}
      {children}
    </div>
  );
}

/**
 * Draws the element that has the keyboard while a game plays. Nobody sees it. It can be edited, because browsers make text of dead keys and
 * input methods only where text can be edited. A phone shows no keyboard for it.
 */
function KeyField({ field }: { field: RefObject<HTMLTextAreaElement | null> }): JSX.Element {
  return (
    <textarea
      class="game-keys"
      aria-label={strings.stage.canvas}
      inputMode={matchMedia('(pointer: coarse)').matches ? 'none' : undefined}
      autocapitalize="off"
      autocomplete="off"
      autocorrect="off"
      spellcheck={false}
      rows={1}
      data-testid="game-keys"
      ref={field}
    />
  );
}
