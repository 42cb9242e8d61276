import { kindOf, loadingCode } from '../project/fileKinds';
import { strings } from '../strings';
import { h } from './dom';
import { mascot } from './mascot';

/** A picture or sound instead of code: shown, heard, and with the line of Python that loads it. */
export function preview(path: string, url: string): HTMLElement {
  const kind = kindOf(path);
  const facts = h('p', { class: 'soft' });
  let content: HTMLElement;
  if (kind === 'image') {
    const image = h('img', { class: 'preview-image', alt: path, src: url });
    image.addEventListener('load', () => {
      facts.textContent = strings.files.picture(image.naturalWidth, image.naturalHeight);
      // Small sprites are shown large, in whole steps.
      const scale = Math.max(1, Math.floor(Math.min(256 / image.naturalWidth, 256 / image.naturalHeight)));
      image.style.width = `${image.naturalWidth * scale}px`;
    });
    content = image;
  } else if (kind === 'sound') {
    content = h('audio', { controls: true, src: url, preload: 'metadata' });
  } else {
    content = h('div', { class: 'preview-none' }, mascot('sleepy'), h('p', null, strings.files.noPreview));
  }
  const code = loadingCode(path);
  const copy = h(
    'button',
    {
      type: 'button',
      class: 'soft-button',
      onclick: () => {
        void navigator.clipboard?.writeText(code ?? '').then(() => {
          copy.textContent = strings.files.copied;
          setTimeout(() => (copy.textContent = strings.files.copy), 1500);
        });
      },
    },
    strings.files.copy,
  );
  return h(
    'div',
    { class: 'preview', 'data-testid': 'preview' },
    h('div', { class: 'preview-sheet' }, content),
    h('h3', null, path),
    facts,
    code !== null && h('div', { class: 'preview-code' }, h('span', { class: 'soft' }, strings.files.useIt), h('code', null, code), copy),
  );
}
