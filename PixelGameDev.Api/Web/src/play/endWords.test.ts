import { afterEach, describe, expect, it } from 'vitest';
import { setLanguage } from '../language';
import { endWords } from './endWords';

afterEach(() => setLanguage('en'));

describe('the words of an end', () => {
  const fromStream = { reason: 'not_started', message: 'Your game could not be started: no place is free.' };
  const fromProblem = { reason: 'not_started', message: 'Gerade sind alle Plätze belegt.', translated: true };

  it('are the sentence of the server where the page speaks English', () => {
    expect(endWords(fromStream, []).text).toBe(fromStream.message);
  });

  it('are the own ones in another language, for the stream speaks English', async () => {
    await setLanguage('de');
    expect(endWords(fromStream, []).text).toContain('konnte nicht gestartet werden');
    expect(endWords({ reason: 'memory_limit', message: 'It used too much memory.' }, []).text).toContain('Speicher');
  });

  it('are the sentence of a problem, which is translated already', async () => {
    await setLanguage('de');
    expect(endWords(fromProblem, []).text).toBe(fromProblem.message);
  });

  it('are the own ones where the server says none', () => {
    expect(endWords({ reason: 'idle', message: '' }, []).title).not.toBe('');
  });
});
