import { signal } from '@preact/signals';
import type { JSX } from 'preact';
import { strings } from '../language';
import { Icon } from './icons';

export interface ToastOptions {
  kind?: 'plain' | 'good' | 'bad';
  action?: { label: string; run(): void };
  /** Time on the page, milliseconds. */
  time?: number;
  /** A newer toast with the same key replaces it. */
  key?: string;
}

interface Toast extends ToastOptions {
  id: number;
  text: string;
}

/** Most toasts at the same time; the oldest is removed. */
const most = 3;

const shown = signal<readonly Toast[]>([]);
let lastId = 0;

/** Shows a short message at the edge of the page, where it covers nothing important. */
export function toast(text: string, options: ToastOptions = {}): void {
  const { key } = options;
  const id = ++lastId;
  const others = shown.value.filter((other) => key === undefined || other.key !== key);
  shown.value = [...others, { ...options, id, text }].slice(-most);
  setTimeout(() => remove(id), options.time ?? (options.action ? 8000 : 4000));
}

function remove(id: number): void {
  shown.value = shown.value.filter((toast) => toast.id !== id);
}

/** Draws the toasts, once on every page. */
export function Toasts(): JSX.Element {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.value.map(({ id, text, kind = 'plain', key, action }) => (
        <div key={id} class={`toast ${kind}`} data-key={key} data-testid="toast">
          <span>{text}</span>
          {action !== undefined && (
            <button
              type="button"
              class="toast-action"
              onClick={() => {
                remove(id);
                action.run();
              }}
            >
              {action.label}
            </button>
          )}
          <button type="button" class="icon-button small" aria-label={strings.toast.close} onClick={() => remove(id)}>
            <Icon name="close" />
          </button>
        </div>
      ))}
    </div>
  );
}
