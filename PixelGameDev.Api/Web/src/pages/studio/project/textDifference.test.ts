import { expect, it } from 'vitest';
import { differingLines } from './textDifference';

it('shows what two texts do not share', () => {
  expect(differingLines('a\nb\nc', 'a\nx\ny\nc')).toEqual({ line: 2, mine: ['b'], theirs: ['x', 'y'] });
  expect(differingLines('a\nb', 'a')).toEqual({ line: 2, mine: ['b'], theirs: [] });
  expect(differingLines('a\na', 'a')).toEqual({ line: 2, mine: ['a'], theirs: [] });
  expect(differingLines('same', 'same')).toEqual({ line: 2, mine: [], theirs: [] });
});
