import { useSignal } from '@preact/signals';
import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { capturePointer } from './capture';
import { remembered } from './remembered';

export interface SplitterProps {
  /** `columns`: dragged sideways; `rows`: dragged up and down. */
  kind: 'columns' | 'rows';
  label: string;
  /** The CSS variable of the parent element that holds the share of the first part. */
  variable: string;
  /** Share of the first part, percent. */
  initial: number;
  min: number;
  max: number;
}

/** Draws a bar between two parts of its parent. It is dragged, or moved with the arrow keys; its place is remembered. */
export function Splitter({ kind, label, variable, initial, min, max }: SplitterProps): JSX.Element {
  const sideways = kind === 'columns';
  const key = `split.${kind}`;
  const bar = useRef<HTMLDivElement>(null);
  const dragging = useSignal(false);
  const share = useSignal(rememberedShare(key, min, max) ?? initial);
  useLayoutEffect(() => bar.current!.parentElement!.style.setProperty(variable, `${share.value.toFixed(2)}%`), [share.value]);

  const set = (value: number): void => {
    share.value = Math.min(max, Math.max(min, value));
  };
  const keep = (value: number): void => {
    set(value);
    remembered.set(key, share.value.toFixed(2));
  };
  const drag = (event: PointerEvent): void => {
    if (!bar.current!.hasPointerCapture(event.pointerId)) return;
    const box = bar.current!.parentElement!.getBoundingClientRect();
    set(sideways ? ((event.clientX - box.left) / box.width) * 100 : ((event.clientY - box.top) / box.height) * 100);
  };
  const end = (): void => {
    dragging.value = false;
    keep(share.value);
  };
  return (
    <div
      class={`splitter ${kind}${dragging.value ? ' dragging' : ''}`}
      role="separator"
      tabIndex={0}
      aria-orientation={sideways ? 'vertical' : 'horizontal'}
      aria-label={label}
      aria-valuemin={min}
      aria-valuemax={max}
      aria-valuenow={Math.round(share.value)}
      ref={bar}
      onPointerDown={(event) => {
        capturePointer(bar.current!, event.pointerId);
        dragging.value = true;
        event.preventDefault();
      }}
      onPointerMove={drag}
      onPointerUp={end}
      onPointerCancel={end}
      onDblClick={() => keep(initial)}
      onKeyDown={(event) => {
        const step =
          event.key === (sideways ? 'ArrowLeft' : 'ArrowUp') ? -2 : event.key === (sideways ? 'ArrowRight' : 'ArrowDown') ? 2 : 0;
        if (step === 0) return;
        event.preventDefault();
        keep(share.value + step);
      }}
    />
  );
}

function rememberedShare(key: string, min: number, max: number): number | undefined {
  const stored = Number(remembered.get(key));
  return stored >= min && stored <= max ? stored : undefined;
}
