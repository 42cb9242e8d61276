import { h, remembered } from './dom';

export interface SplitterOptions {
  /** `columns`: dragged sideways; `rows`: up and down. */
  kind: 'columns' | 'rows';
  label: string;
  /** The element whose CSS variable holds the share of the first part. */
  host: HTMLElement;
  variable: string;
  /** Share of the first part, percent. */
  initial: number;
  min: number;
  max: number;
  onChange(): void;
}

/** A bar between two parts of the page; dragged, or moved with the arrow keys; its place is remembered. */
export function splitter(options: SplitterOptions): HTMLElement {
  const key = `split.${options.kind}`;
  const stored = Number(remembered.get(key));
  let share = stored >= options.min && stored <= options.max ? stored : options.initial;
  const sideways = options.kind === 'columns';

  const bar = h('div', {
    class: `splitter ${options.kind}`,
    role: 'separator',
    tabIndex: 0,
    'aria-orientation': sideways ? 'vertical' : 'horizontal',
    'aria-label': options.label,
    'aria-valuemin': options.min,
    'aria-valuemax': options.max,
  });

  const set = (value: number, store: boolean): void => {
    share = Math.min(options.max, Math.max(options.min, value));
    options.host.style.setProperty(options.variable, `${share.toFixed(2)}%`);
    bar.setAttribute('aria-valuenow', String(Math.round(share)));
    if (store) remembered.set(key, share.toFixed(2));
    options.onChange();
  };

  bar.addEventListener('pointerdown', (event) => {
    bar.setPointerCapture(event.pointerId);
    bar.classList.add('dragging');
    event.preventDefault();
  });
  bar.addEventListener('pointermove', (event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const box = options.host.getBoundingClientRect();
    set(sideways ? ((event.clientX - box.left) / box.width) * 100 : ((event.clientY - box.top) / box.height) * 100, false);
  });
  const end = (): void => {
    bar.classList.remove('dragging');
    set(share, true);
  };
  bar.addEventListener('pointerup', end);
  bar.addEventListener('pointercancel', end);
  bar.addEventListener('dblclick', () => set(options.initial, true));
  bar.addEventListener('keydown', (event) => {
    const step = event.key === (sideways ? 'ArrowLeft' : 'ArrowUp') ? -2 : event.key === (sideways ? 'ArrowRight' : 'ArrowDown') ? 2 : 0;
    if (step === 0) return;
    event.preventDefault();
    set(share + step, true);
  });

  set(share, false);
  return bar;
}
