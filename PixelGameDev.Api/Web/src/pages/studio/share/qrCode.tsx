import type { JSX } from 'preact';
import encodeQR from 'qr';

/** Quiet squares around the code, which readers need. */
const border = 4;

/** Draws a text as a QR code, dark on light in every theme, because readers expect that. */
export function QrCode({ text, label }: { text: string; label: string }): JSX.Element {
  const squares = encodeQR(text, 'raw', { border });
  const path = squares.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  const size = squares.length;
  return (
    <svg class="share-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shape-rendering="crispEdges" data-testid="share-qr">
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
