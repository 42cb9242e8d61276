import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { capturePointer } from './capture';

it('survives a browser that refuses because the mouse is being locked or the pointer has gone', () => {
  for (const name of ['InvalidStateError', 'NotFoundError']) {
    const element = {
      setPointerCapture: () => {
        throw new DOMException(name, name);
      },
    };
    expect(() => capturePointer(element as unknown as Element, 1)).not.toThrow();
  }
});

it('is the only place that captures a pointer', () => {
  const folder = new URL('..', import.meta.url).pathname;
  const capturing = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file) && !file.includes('.test.'))
    .filter((file) => readFileSync(join(folder, file), 'utf8').includes('.setPointerCapture('));
  expect(capturing).toEqual(['frame/capture.ts']);
});
