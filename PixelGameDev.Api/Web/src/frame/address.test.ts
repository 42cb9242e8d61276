import { describe, expect, it } from 'vitest';
import { readAddress } from './address';

const id = '0190a5d2-7c1e-7abc-8def-0123456789ab';

describe('readAddress', () => {
  it.each(['/', '', '/index.html'])('%j is home', (path) => expect(readAddress(path)).toEqual({ kind: 'home' }));
  it.each([`/projects/${id}`, `/projects/${id}/`, `/projects/${id.toUpperCase()}`])('%j is a game', (path) => {
    expect(readAddress(path)).toMatchObject({ kind: 'project' });
  });
  it.each(['/projects', '/projects/'])('%j are all games', (path) => expect(readAddress(path)).toEqual({ kind: 'projects' }));
  it.each([
    ['/account', 'account'],
    ['/account/', 'account'],
    ['/admin', 'admin'],
    ['/set-up', 'set-up'],
    ['/gallery', 'gallery'],
  ])('%j is the page %s', (path, kind) => expect(readAddress(path)).toEqual({ kind }));
  it.each([
    '/help',
    '/account/more',
    '/admin/more',
    '/set-up/more',
    '/gallery/more',
    '/projects/42',
    `/projects/${id}/more`,
    `/games/${id}`,
  ])('%j is nowhere', (path) => {
    expect(readAddress(path)).toEqual({ kind: 'nowhere' });
  });
});
