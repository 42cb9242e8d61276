import type { ExistingAnswer, ExistingChoice } from '../project/uploads';
import { strings } from '../strings';
import { h } from './dom';
import { openSheet } from './sheet';

/** Asks what happens to a new file whose name is taken. Closing the question is an answer, too: the file is not added. */
export function askExisting(path: string, freeName: string, others: number): Promise<ExistingAnswer> {
  return new Promise((resolve) => {
    const words = strings.files.existing;
    let answer: ExistingAnswer = { choice: 'cancel', forAll: false };
    const forAll = h('input', { type: 'checkbox', 'data-testid': 'existing-all' });
    openSheet(
      words.title,
      (close) => {
        const choose = (choice: ExistingChoice, label: string, kind: string): HTMLElement =>
          h(
            'button',
            {
              type: 'button',
              class: kind,
              autofocus: choice === 'both',
              'data-testid': `existing-${choice}`,
              onclick: () => {
                answer = { choice, forAll: forAll.checked };
                close();
              },
            },
            label,
          );
        return [
          h('p', null, words.ask(path)),
          ...(others > 0 ? [h('label', { class: 'check' }, forAll, h('span', null, words.forAll(others)))] : []),
          h(
            'div',
            { class: 'choices' },
            choose('both', words.both(freeName), 'soft-button'),
            choose('replace', words.replace, 'soft-button'),
            choose('cancel', words.cancel, 'soft-button'),
          ),
        ];
      },
      'existing-sheet',
      () => resolve(answer),
    );
  });
}
