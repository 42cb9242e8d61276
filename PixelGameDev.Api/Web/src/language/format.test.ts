import { afterEach, describe, expect, it } from 'vitest';
import { setLanguage } from '.';
import { loadErrorWords } from './errorWords';
import { formatSize } from './format';
import { sentenceOf } from './problems';

afterEach(() => setLanguage('en'));

describe('a size', () => {
  it.each([
    [0, '0 MB', '0 MB'],
    [1, '0.1 MB', '0,1 MB'],
    [1_000_000, '1 MB', '1 MB'],
    [1_250_000, '1.3 MB', '1,3 MB'],
    [9_960_000, '10 MB', '10 MB'],
    [750_400_000, '750 MB', '750 MB'],
    [999_600_000, '1 GB', '1 GB'],
    [1_200_000_000, '1.2 GB', '1,2 GB'],
    [50_000_000_000, '50 GB', '50 GB'],
  ])('of %i bytes is %s', async (bytes, english, german) => {
    expect(formatSize(bytes)).toBe(english);
    await setLanguage('de');
    expect(formatSize(bytes)).toBe(german);
  });

  it('is the same in a problem of the server', async () => {
    await loadErrorWords('en');
    expect(sentenceOf('storage_full', { kind: 'guest', megabytes: 50, more: 1200 })).toMatch(/can be 50 MB\. .* holds 1\.2 GB\./);
  });
});
