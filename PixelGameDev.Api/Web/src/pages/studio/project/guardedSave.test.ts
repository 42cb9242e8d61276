import { describe, expect, it } from 'vitest';
import { GuardedSave, SaveConflict } from './guardedSave';

class Changed extends Error {}

/** Returns a server with one file; `loseAnswer` stores the next save, but the answer never arrives. */
function server(text: string) {
  const state = { text: text as string | undefined, revision: 1, loseAnswer: false };
  const save = new GuardedSave<{ revision: number }>(
    {
      write: (_path, next, revision) => {
        if (revision === 'new' ? state.text !== undefined : state.text === undefined || revision !== state.revision)
          return Promise.reject(new Changed());
        state.text = next;
        state.revision += 1;
        if (!state.loseAnswer) return Promise.resolve({ revision: state.revision });
        state.loseAnswer = false;
        return Promise.reject(new Error('no answer'));
      },
      read: () => Promise.resolve(state.text === undefined ? undefined : { text: state.text, revision: state.revision }),
      isChangedElsewhere: (error) => error instanceof Changed,
    },
    (path) => `${path} changed`,
  );
  return { state, save };
}

describe('a guarded save', () => {
  it('stores over what it knows', async () => {
    const { state, save } = server('a');
    expect(await save.put('main.py', 'b', 1)).toEqual({ revision: 2 });
    expect(state.text).toBe('b');
  });

  it('never overwrites what another window saved', async () => {
    const { state, save } = server('a');
    state.text = 'theirs';
    state.revision = 5;
    const failure = await save.put('main.py', 'mine', 1).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SaveConflict);
    expect((failure as SaveConflict).theirs).toEqual({ text: 'theirs', revision: 5 });
    expect(state.text).toBe('theirs');
  });

  it('knows its own save again when only the answer was lost', async () => {
    const { state, save } = server('a');
    state.loseAnswer = true;
    await expect(save.put('main.py', 'first', 1)).rejects.toThrow('no answer');
    expect(await save.put('main.py', 'first and more', 1)).toEqual({ revision: 3 });
    expect(state.text).toBe('first and more');
  });

  it('does not take another window for itself after a conflict', async () => {
    const { state, save } = server('a');
    state.revision = 5;
    state.text = 'theirs';
    await expect(save.put('main.py', 'mine', 1)).rejects.toBeInstanceOf(SaveConflict);
    state.text = 'mine';
    state.revision = 6;
    await expect(save.put('main.py', 'mine, longer', 1)).rejects.toBeInstanceOf(SaveConflict);
  });

  it('keeps what is typed when the file was deleted elsewhere', async () => {
    const { state, save } = server('a');
    state.text = undefined;
    await save.put('main.py', 'mine', 1);
    expect(state.text).toBe('mine');
  });

  it('does not make a file over one that another window made meanwhile', async () => {
    const { state, save } = server('theirs');
    await expect(save.put('main.py', 'mine', undefined)).rejects.toBeInstanceOf(SaveConflict);
    expect(state.text).toBe('theirs');
  });
});
