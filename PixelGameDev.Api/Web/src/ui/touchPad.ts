import { strings } from '../strings';
import { h } from './dom';

const arrows = { up: 'ArrowUp', down: 'ArrowDown', left: 'ArrowLeft', right: 'ArrowRight' } as const;

/** Arrows, Space and Enter for fingers. A thumb that slides over the cross changes direction without lifting. */
export function touchPad(press: (code: string, down: boolean) => void): HTMLElement {
  const held = new Set<string>();
  const set = (codes: readonly string[], among: readonly string[]): void => {
    for (const code of among) {
      const down = codes.includes(code);
      if (down === held.has(code)) continue;
      if (down) held.add(code);
      else held.delete(code);
      press(code, down);
      element.querySelector(`[data-code="${code}"]`)?.classList.toggle('held', down);
    }
  };

  const cross = h(
    'div',
    { class: 'pad-cross' },
    ...Object.entries(arrows).map(([name, code]) =>
      h('span', {
        class: `pad-key pad-${name}`,
        'data-code': code,
        'aria-label': strings.stage.pad[name as keyof typeof arrows],
        role: 'button',
      }),
    ),
  );
  const steer = (event: PointerEvent): void => {
    const box = cross.getBoundingClientRect();
    const x = (event.clientX - box.left) / box.width - 0.5;
    const y = (event.clientY - box.top) / box.height - 0.5;
    const dead = 0.12;
    const codes: string[] = [];
    // Both of two arrows in the corners between them.
    if (Math.abs(x) > dead && Math.abs(x) > Math.abs(y) * 0.5) codes.push(x < 0 ? arrows.left : arrows.right);
    if (Math.abs(y) > dead && Math.abs(y) > Math.abs(x) * 0.5) codes.push(y < 0 ? arrows.up : arrows.down);
    set(codes, Object.values(arrows));
  };
  cross.addEventListener('pointerdown', (event) => {
    cross.setPointerCapture(event.pointerId);
    steer(event);
    event.preventDefault();
  });
  cross.addEventListener('pointermove', (event) => {
    if (cross.hasPointerCapture(event.pointerId)) steer(event);
  });
  for (const end of ['pointerup', 'pointercancel'] as const) cross.addEventListener(end, () => set([], Object.values(arrows)));

  const button = (code: string, label: string): HTMLElement => {
    const key = h('span', { class: 'pad-key round', 'data-code': code, role: 'button' }, label);
    key.addEventListener('pointerdown', (event) => {
      key.setPointerCapture(event.pointerId);
      set([code], [code]);
      event.preventDefault();
    });
    for (const end of ['pointerup', 'pointercancel'] as const) key.addEventListener(end, () => set([], [code]));
    return key;
  };

  const element = h(
    'div',
    { class: 'touch-pad', 'data-testid': 'touch-pad' },
    cross,
    h('div', { class: 'pad-buttons' }, button('Enter', strings.stage.pad.enter), button('Space', strings.stage.pad.space)),
  );
  element.addEventListener('contextmenu', (event) => event.preventDefault());
  return element;
}
