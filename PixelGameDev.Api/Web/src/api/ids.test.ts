import { describe, expect, it } from 'vitest';
import { newId } from './ids';

describe('ids of sessions', () => {
  it('are random UUIDs of version 4, each another', () => {
    const ids = Array.from({ length: 500 }, newId);
    for (const id of ids) expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
