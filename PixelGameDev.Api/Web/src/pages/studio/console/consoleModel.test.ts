import { describe, expect, it } from 'vitest';
import { ConsoleModel } from './consoleModel';

describe('ConsoleModel', () => {
  it('keeps a question with its answer among the lines', () => {
    const console = new ConsoleModel();
    console.ask('Your name? ', true);
    console.answer('Mia');
    expect(console.question.value).toBeUndefined();
    expect(console.buffer.all.at(-1)).toMatchObject({ text: 'Your name? ', answer: 'Mia' });
  });

  it('asks a question once, also when a new connection tells it again', () => {
    const console = new ConsoleModel();
    console.ask('Age? ', true);
    const asked = console.question.value;
    console.ask('Age? ', true);
    expect(console.question.value).toBe(asked);
  });

  it('begins a run with nothing of the one before', () => {
    const console = new ConsoleModel();
    console.append('out', 'old\n');
    console.showNotStarted('No.');
    console.ask('Old? ', false);
    console.begin();
    expect(console.buffer.all).toHaveLength(0);
    expect(console.cards.value).toHaveLength(0);
    expect(console.question.value).toBeUndefined();
  });
});
