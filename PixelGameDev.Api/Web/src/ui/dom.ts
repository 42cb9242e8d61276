type Child = Node | string | null | undefined | false;
type Props = Record<string, unknown>;

/**
 * Makes an element: `on…` props are listeners, `class`/`data-*`/`aria-*` and other dashed ones are attributes, the rest are
 * properties. Text is always text, never markup.
 */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props?: Props | null, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on') && typeof value === 'function') {
      element.addEventListener(name.slice(2).toLowerCase(), value as EventListener);
    } else if (name === 'class' || name === 'role' || name === 'for' || name.includes('-')) {
      element.setAttribute(name, String(value));
    } else {
      (element as unknown as Props)[name] = value;
    }
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return element;
}

/** One of our own drawings (constant markup). */
export function svg(markup: string): SVGElement {
  const holder = document.createElement('template');
  holder.innerHTML = markup;
  return holder.content.firstElementChild as SVGElement;
}

export interface IconButtonOptions {
  icon: string;
  label: string;
  class?: string;
  testId?: string;
  onClick(event: MouseEvent): void;
}

/** A button that shows only an icon; its name is said and shown on hover. */
export function iconButton(options: IconButtonOptions): HTMLButtonElement {
  return h(
    'button',
    {
      type: 'button',
      class: `icon-button ${options.class ?? ''}`,
      title: options.label,
      'aria-label': options.label,
      'data-testid': options.testId,
      onclick: options.onClick,
    },
    svg(options.icon),
  );
}

/** localStorage that never throws (private windows, full storage). */
export const remembered = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(`pixel.${key}`);
    } catch {
      return null;
    }
  },
  remove(key: string): void {
    try {
      localStorage.removeItem(`pixel.${key}`);
    } catch {
      // Nothing was kept either.
    }
  },
  set(key: string, value: string): void {
    try {
      localStorage.setItem(`pixel.${key}`, value);
    } catch {
      // Only a comfort is lost.
    }
  },
};

/** How long ago something was, in words. */
export function ago(time: string): string {
  const seconds = (Date.parse(time) - Date.now()) / 1000;
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'auto' });
  for (const [unit, size] of [
    ['day', 86400],
    ['hour', 3600],
    ['minute', 60],
  ] as const) {
    if (Math.abs(seconds) >= size) return words.format(Math.round(seconds / size), unit);
  }
  return words.format(0, 'minute');
}
