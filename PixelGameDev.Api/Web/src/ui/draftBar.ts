import type { Draft } from '../project/drafts';
import { strings } from '../strings';
import { h, svg } from './dom';
import { icons } from './icons';

/** Characters of a draft that are shown to recognise it. */
const maxShown = 2000;

export interface DraftOffer {
  draft: Draft;
  /** The file of the draft is gone; else a newer text stands there. */
  gone: boolean;
  /** The name under which it would be kept. */
  name: string;
}

/** Offers texts of an earlier visit that were never saved and have no file of their own, one after the other. */
export class DraftBar {
  readonly element = h('div', { class: 'conflict', role: 'alert', hidden: true, 'data-testid': 'draft-offer' });
  private offers: DraftOffer[] = [];

  constructor(private readonly onChoice: (offer: DraftOffer, keep: boolean) => void) {}

  add(offers: DraftOffer[]): void {
    this.offers.push(...offers);
    this.draw();
  }

  clear(): void {
    this.offers = [];
    this.draw();
  }

  private draw(): void {
    const [offer] = this.offers;
    this.element.hidden = offer === undefined;
    if (offer === undefined) return;
    const words = strings.drafts;
    const { draft, gone, name } = offer;
    const choose = (label: string, keep: boolean): HTMLElement =>
      h(
        'button',
        {
          type: 'button',
          class: 'soft-button',
          'data-testid': keep ? 'draft-keep' : 'draft-drop',
          onclick: () => {
            this.offers.shift();
            this.draw();
            this.onChoice(offer, keep);
          },
        },
        label,
      );
    this.element.replaceChildren(
      h(
        'div',
        { class: 'conflict-ask' },
        svg(icons.flag),
        h('span', null, gone ? words.gone(draft.path) : words.older(draft.path)),
        h('div', { class: 'row' }, choose(words.keep(name), true), choose(words.drop, false)),
      ),
      h(
        'div',
        { class: 'conflict-texts' },
        h('div', { class: 'conflict-text' }, h('pre', { tabIndex: 0, 'aria-label': draft.path }, draft.text.slice(0, maxShown))),
      ),
    );
  }
}
