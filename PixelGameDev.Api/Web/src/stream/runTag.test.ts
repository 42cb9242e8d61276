import { expect, it } from 'vitest';
import { RunTag } from './runTag';

it('marks what was made before a run was opened with the run before', () => {
  const tag = new RunTag();
  tag.note({ t: 'open', run: 1, url: '' });
  const waiting = tag.mark({ t: 'first', at: 1 });
  tag.note({ t: 'close' });
  tag.note({ t: 'open', run: 2, url: '' });
  expect([waiting.run, tag.mark({ t: 'first', at: 2 }).run]).toEqual([1, 2]);
});
