import { describe, expect, it } from 'vitest';
import { readAddress } from './address';

const id = '0190a5d2-7c1e-7abc-8def-0123456789ab';

describe('readAddress', () => {
  it.each(['/', '', '/index.html'])('%j is home', (path) => expect(readAddress(path)).toEqual({ kind: 'home' }));
  it.each([`/projects/${id}`, `/projects/${id}/`, `/projects/${id.toUpperCase()}`])('%j is a game', (path) => {
    expect(readAddress(path)).toMatchObject({ kind: 'project' });
  });
  it.each(['/help', '/admin', '/projects', '/projects/42', `/projects/${id}/more`, `/games/${id}`])('%j is nowhere', (path) => {
    expect(readAddress(path)).toEqual({ kind: 'nowhere' });
  });
});
