import { expect, it } from 'vitest';
import { RunTag } from './runTag';

it('marks what was made before a run was opened with the run before', () => {
  const tag = new RunTag();
  tag.note({ type: 'open', run: 1, url: '' });
  const waiting = tag.mark({ type: 'first', at: 1 });
  tag.note({ type: 'close' });
  tag.note({ type: 'open', run: 2, url: '' });
  expect([waiting.run, tag.mark({ type: 'first', at: 2 }).run]).toEqual([1, 2]);
});
