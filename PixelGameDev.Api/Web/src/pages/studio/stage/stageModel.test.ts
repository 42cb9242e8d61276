import { describe, expect, it } from 'vitest';
import { setLanguage } from '../../../language';
import { endWords } from '../../../play/endWords';
import { StageModel } from './stageModel';

describe('StageModel', () => {
  const end = { reason: 'finished', message: 'Your game finished.' };

  it('keeps the last picture free of words', () => {
    const stage = new StageModel();
    stage.starting();
    stage.setPicture();
    stage.playing();
    stage.ended(end);
    expect(stage.cover.value).toBeUndefined();
    expect(stage.reason.value).toBe('finished');
  });

  it('speaks over the room where there is no picture', () => {
    const stage = new StageModel();
    stage.starting();
    stage.playing();
    stage.ended(end);
    expect(stage.cover.value).toEqual({ kind: 'end' });
  });

  it('forgets the run before', () => {
    const stage = new StageModel();
    stage.setPicture();
    stage.caption.value = 'Old';
    stage.ended(end);
    stage.starting();
    expect(stage.hasPicture.value).toBe(false);
    expect(stage.end.value).toBeUndefined();
    expect(stage.caption.value).toBeUndefined();
    expect(stage.cover.value).toEqual({ kind: 'waiting', hint: false });
  });
});

describe('endWords', () => {
  it('takes the sentence of the server, in English', () => {
    expect(endWords({ reason: 'time_limit', message: 'After 30 minutes.' }, []).text).toBe('After 30 minutes.');
    expect(endWords({ reason: 'time_limit', message: '' }, []).text).toContain('ran for a long time');
    expect(endWords({ reason: 'of_tomorrow', message: 'New.' }, []).text).toBe('New.');
  });

  it('has words of its own in another language', async () => {
    await setLanguage('de');
    expect(endWords({ reason: 'time_limit', message: 'After 30 minutes.' }, []).text).toContain('sehr lange');
    expect(endWords({ reason: 'of_tomorrow', message: 'New.' }, []).text).toBe('New.');
    await setLanguage('en');
  });

  it('names the games that run elsewhere', () => {
    const running = ['Owl', 'Fox', 'Owl', 'Bat'].map((projectName) => ({ id: projectName, projectName, state: 'running', sandbox: null }));
    expect(endWords({ reason: 'too_many_games', message: '', running }, []).text).toMatch(/^“Owl”, “Fox” and “Bat” run in/);
    expect(endWords({ reason: 'too_many_games', message: '', running: running.slice(0, 1) }, []).text).toMatch(/^“Owl” runs in/);
  });
});
