import { computed, effect, signal } from '@preact/signals';
import { remembered } from './remembered';

/** Sizes of the code, rem. */
export const codeSizes = [0.75, 0.875, 1, 1.125, 1.25, 1.5, 1.75, 2] as const;

/** The chosen size of the code in this browser, rem; undefined: as it suits the screen. */
export const codeSize = signal<number | undefined>(undefined);
/** Whether long lines of code go on in the next line of the screen. */
export const wrapLines = signal(true);
/** Whether everything is large and in strong colours, for a projector. */
export const projector = signal(false);

/** Whether the person has folded the list of files away. */
export const foldedFiles = signal(false);
const small = matchMedia('(max-width: 1100px), (max-height: 480px)');
const smallScreen = signal(small.matches);
/** Whether the files are a row above the code instead of a list beside it. */
export const filesInRow = computed(() => foldedFiles.value || projector.value || smallScreen.value);

/** Applies the choices of this browser, now and at each change. */
export function startView(): void {
  const size = Number(remembered.get('codeSize'));
  codeSize.value = (codeSizes as readonly number[]).includes(size) ? size : undefined;
  wrapLines.value = remembered.get('wrap') !== 'off';
  projector.value = remembered.get('projector') === 'on';
  foldedFiles.value = remembered.get('files') === 'folded';
  small.addEventListener('change', () => {
    smallScreen.value = small.matches;
  });
  const { style, dataset } = document.documentElement;
  effect(() => {
    if (codeSize.value === undefined) style.removeProperty('--text-code');
    else style.setProperty('--text-code', `${codeSize.value}rem`);
  });
  effect(() => {
    if (projector.value) dataset['projector'] = '';
    else delete dataset['projector'];
  });
}

/** Chooses the size of the code; undefined: as it suits the screen. */
export function setCodeSize(size: number | undefined): void {
  codeSize.value = size;
  if (size === undefined) remembered.remove('codeSize');
  else remembered.set('codeSize', String(size));
}

export function setWrapLines(wrap: boolean): void {
  wrapLines.value = wrap;
  remembered.set('wrap', wrap ? 'on' : 'off');
}

export function setProjector(on: boolean): void {
  projector.value = on;
  remembered.set('projector', on ? 'on' : 'off');
}

export function foldFiles(fold: boolean): void {
  foldedFiles.value = fold;
  remembered.set('files', fold ? 'folded' : 'open');
}
