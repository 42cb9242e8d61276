import type { JSX } from 'preact';

/** The page's own icons, drawn on a grid of 20 with round ends; they take the colour of their text. */
const shapes = {
  run: (
    <>
      <path d="M6 4.2v11.6a.8.8 0 0 0 1.2.7l9-5.8a.8.8 0 0 0 0-1.4l-9-5.8a.8.8 0 0 0-1.2.7z" fill="currentColor" stroke="none" />
    </>
  ),
  stop: (
    <>
      <rect x="4.5" y="4.5" width="11" height="11" rx="2" fill="currentColor" stroke="none" />
    </>
  ),
  record: (
    <>
      <circle cx="10" cy="10" r="5.5" fill="currentColor" stroke="none" />
    </>
  ),
  restart: (
    <>
      <path d="M15.5 10a5.5 5.5 0 1 1-1.7-4M14.5 2.8v3.6h-3.6" />
    </>
  ),
  menu: (
    <>
      <path d="M4 6h12M4 10h12M4 14h12" />
    </>
  ),
  plus: (
    <>
      <path d="M10 4.5v11M4.5 10h11" />
    </>
  ),
  upload: (
    <>
      <path d="M10 13V4.5M6.5 7.5 10 4l3.5 3.5M4 13.5V15a1.5 1.5 0 0 0 1.5 1.5h9A1.5 1.5 0 0 0 16 15v-1.5" />
    </>
  ),
  pencil: (
    <>
      <path d="m12.5 4.5 3 3L7.5 15.5 4 16l.5-3.5z" />
    </>
  ),
  bin: (
    <>
      <path d="M4 6h12M8 6V4.5h4V6M5.5 6l.8 9.5h7.4l.8-9.5" />
    </>
  ),
  unbin: (
    <>
      <path d="M4 6h12M8 6V4.5h4V6M5.5 6l.8 9.5h7.4l.8-9.5M10 13.2V9M8.2 10.6 10 8.8l1.8 1.8" />
    </>
  ),
  folder: (
    <>
      <path d="M3.5 5.5v10h13v-8H9.7l-2-2z" />
    </>
  ),
  disk: (
    <>
      <path d="M4.5 4.5h9l2 2v9h-11zM7 4.5v4h5.5v-4M7.5 15.5v-4h5v4" />
    </>
  ),
  close: (
    <>
      <path d="m5.5 5.5 9 9M14.5 5.5l-9 9" />
    </>
  ),
  python: (
    <>
      <path d="M7 3.5h6.5L16 6v9.5a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM9 9l-1 1.5L9 12M13 9l1 1.5-1 1.5" />
    </>
  ),
  text: (
    <>
      <path d="M7 3.5h6.5L16 6v9.5a1 1 0 0 1-1 1H7a1 1 0 0 1-1-1v-11a1 1 0 0 1 1-1zM9 9h4M9 12h4" />
    </>
  ),
  image: (
    <>
      <rect x="3.5" y="4.5" width="13" height="11" rx="1.5" />
      <path d="m4 14 3.5-3.5 2.5 2.3 2.5-3 3.5 4" />
      <circle cx="7.5" cy="7.8" r=".8" fill="currentColor" />
    </>
  ),
  sound: (
    <>
      <path d="M4 8v4h2.5L10 15V5L6.5 8zM13 7.5a3.5 3.5 0 0 1 0 5M15 5.5a6.3 6.3 0 0 1 0 9" />
    </>
  ),
  mute: (
    <>
      <path d="M4 8v4h2.5L10 15V5L6.5 8zM13 8l4 4M17 8l-4 4" />
    </>
  ),
  fullscreen: (
    <>
      <path d="M4 7.5V4h3.5M12.5 4H16v3.5M16 12.5V16h-3.5M7.5 16H4v-3.5" />
    </>
  ),
  hud: (
    <>
      <path d="M4 15.5V11M8 15.5V7M12 15.5V9.5M16 15.5v-11" />
    </>
  ),
  shield: (
    <>
      <path d="M10 3 4.5 5v4.5c0 3.5 2.3 6 5.5 7.5 3.2-1.5 5.5-4 5.5-7.5V5z" />
      <path d="m7.5 10 1.8 1.8L12.7 8" />
    </>
  ),
  warning: (
    <>
      <path d="M10 3.5 17 16H3zM10 8.5v3.2M10 13.8v.1" />
    </>
  ),
  check: (
    <>
      <path d="m4.5 10.5 3.5 3.5 7.5-8" />
    </>
  ),
  cloud: (
    <>
      <path d="M6 15.5a3.3 3.3 0 0 1-.3-6.6 4.5 4.5 0 0 1 8.7-.4 3.5 3.5 0 0 1-.4 7z" />
    </>
  ),
  keyboard: (
    <>
      <rect x="2.5" y="5.5" width="15" height="9" rx="1.8" />
      <path d="M5.5 8.5h0M8.5 8.5h0M11.5 8.5h0M14.5 8.5h0M7 11.7h6" />
    </>
  ),
  view: (
    <>
      <path d="M3 15.5 7 5l4 10.5M4.5 12h5M12.5 15.5 15 9l2.5 6.5M13.5 13.2h3" />
    </>
  ),
  theme: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M10 3.5v13a6.5 6.5 0 0 0 0-13z" fill="currentColor" />
    </>
  ),
  language: (
    <>
      <circle cx="10" cy="10" r="6.5" />
      <path d="M3.5 10h13M10 3.5c-4 4-4 9 0 13M10 3.5c4 4 4 9 0 13" />
    </>
  ),
  games: (
    <>
      <rect x="3.5" y="3.5" width="5.2" height="5.2" rx="1.2" />
      <rect x="11.3" y="3.5" width="5.2" height="5.2" rx="1.2" />
      <rect x="3.5" y="11.3" width="5.2" height="5.2" rx="1.2" />
      <rect x="11.3" y="11.3" width="5.2" height="5.2" rx="1.2" />
    </>
  ),
  code: (
    <>
      <path d="M7 6 3 10l4 4M13 6l4 4-4 4" />
    </>
  ),
  play: (
    <>
      <path d="M7 5.5v9l7.5-4.5z" />
    </>
  ),
  console: (
    <>
      <path d="m4 6 4 4-4 4M10.5 14H16" />
    </>
  ),
  person: (
    <>
      <circle cx="10" cy="7" r="3.2" />
      <path d="M4 16.5a6 6 0 0 1 12 0" />
    </>
  ),
  eye: (
    <>
      <path d="M2.5 10c2-3.3 4.5-5 7.5-5s5.5 1.7 7.5 5c-2 3.3-4.5 5-7.5 5s-5.5-1.7-7.5-5z" />
      <circle cx="10" cy="10" r="2" />
    </>
  ),
  eyeOff: (
    <>
      <path d="M2.5 10c2-3.3 4.5-5 7.5-5s5.5 1.7 7.5 5c-2 3.3-4.5 5-7.5 5s-5.5-1.7-7.5-5zM4 3.5l12 13" />
    </>
  ),
  share: (
    <>
      <path d="M7.2 8.8l5.6-3M7.2 11.2l5.6 3" />
      <circle cx="5" cy="10" r="2.2" />
      <circle cx="15" cy="5" r="2.2" />
      <circle cx="15" cy="15" r="2.2" />
    </>
  ),
  heart: (
    <>
      <path d="M10 16.5 3.8 10a3.9 3.9 0 0 1 0-5.4 3.7 3.7 0 0 1 5.4 0l.8.9.8-.9a3.7 3.7 0 0 1 5.4 0 3.9 3.9 0 0 1 0 5.4Z" />
    </>
  ),
  flag: (
    <>
      <path d="M5 17V4M5 4.5h9l-2 3 2 3H5" />
    </>
  ),
} satisfies Record<string, JSX.Element>;

export type IconName = keyof typeof shapes;

/** Draws an icon. Screen readers get its meaning from the text next to it. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return (
    <svg
      class="icon"
      viewBox="0 0 20 20"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
    >
      {shapes[name]}
    </svg>
  );
}
