import type { JSX } from 'preact';

export type Mood = 'happy' | 'sleepy' | 'oops' | 'busy' | 'proud';

const eyes: Record<Mood, JSX.Element> = {
  happy: (
    <>
      <rect x="4" y="6" width="3" height="4" class="eye" />
      <rect x="9" y="6" width="3" height="4" class="eye" />
      <rect x="5" y="7" width="2" height="2" class="pupil" />
      <rect x="10" y="7" width="2" height="2" class="pupil" />
    </>
  ),
  proud: <path d="M4 8h1V7h1v1h1v1H6V8H5v1H4zM9 8h1V7h1v1h1v1h-1V8h-1v1H9z" class="pupil" />,
  sleepy: (
    <>
      <rect x="4" y="8" width="3" height="1" class="pupil" />
      <rect x="9" y="8" width="3" height="1" class="pupil" />
    </>
  ),
  oops: (
    <>
      <rect x="4" y="6" width="3" height="4" class="eye" />
      <rect x="9" y="6" width="3" height="4" class="eye" />
      <rect x="4" y="8" width="1" height="1" class="pupil" />
      <rect x="5" y="8" width="1" height="2" class="pupil" />
      <rect x="10" y="8" width="1" height="2" class="pupil" />
      <rect x="4" y="5" width="2" height="1" class="pupil" />
      <rect x="10" y="5" width="2" height="1" class="pupil" />
    </>
  ),
  busy: (
    <>
      <rect x="4" y="6" width="3" height="4" class="eye" />
      <rect x="9" y="6" width="3" height="4" class="eye" />
      <rect x="4" y="6" width="2" height="2" class="pupil" />
      <rect x="9" y="6" width="2" height="2" class="pupil" />
    </>
  ),
};

const mouths: Record<Mood, JSX.Element> = {
  happy: <path d="M6 11h4v1H9v1H7v-1H6z" class="pupil" />,
  proud: <path d="M5 11h6v1h-1v1H6v-1H5z" class="pupil" />,
  sleepy: <rect x="7" y="11" width="2" height="1" class="pupil" />,
  oops: <path d="M6 12h1v-1h2v1h1v1H9v-1H7v1H6z" class="pupil" />,
  busy: <rect x="7" y="11" width="2" height="1" class="pupil" />,
};

/** Draws Pixel, a small square creature, in squares of a 16 × 16 grid. Colours come from the tokens. */
export function Mascot({ mood }: { mood: Mood }): JSX.Element {
  return (
    <svg class={`mascot ${mood}`} viewBox="0 0 16 16" aria-hidden="true" shape-rendering="crispEdges">
      <rect x="7" y="0" width="2" height="2" class="cheek" />
      <rect x="7.5" y="2" width="1" height="1" class="shade" />
      <path d="M3 3h10v1h1v9h-1v1H3v-1H2V4h1z" class="body" />
      <path d="M3 3h10v1H4v1H3v7H2V4h1z" class="light" />
      <path d="M14 5v8h-1v1H3v-1h9v-1h1V5z" class="shade" />
      <rect x="4" y="14" width="2" height="2" class="shade" />
      <rect x="10" y="14" width="2" height="2" class="shade" />
      {eyes[mood]}
      {mouths[mood]}
      <rect x="3" y="10" width="2" height="1" class="cheek" />
      <rect x="11" y="10" width="2" height="1" class="cheek" />
      {mood === 'sleepy' && <path d="M13 0h3v1h-1v1h1v1h-3V2h1V1h-1z" class="pupil-soft" />}
    </svg>
  );
}
