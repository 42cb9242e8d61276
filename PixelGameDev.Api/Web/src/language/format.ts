import { language } from '.';

/** A number in the way of the person's language, with so many digits behind the point. */
export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString(language(), { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
}

/** Milliseconds; small ones with one digit behind the point. */
export function formatMilliseconds(time: number): string {
  return formatNumber(time, time < 10 ? 1 : 0);
}

/** Bytes as `0.1 MB`, `12 MB` or, from 1000 MB on, `1.2 GB`; never rounded down to nothing. */
export function formatSize(bytes: number): string {
  // What would be shown as 1000 MB is shown as 1 GB.
  return bytes < 999_500_000 ? `${shortNumber(bytes / 1_000_000)} MB` : `${shortNumber(bytes / 1_000_000_000)} GB`;
}

function shortNumber(value: number): string {
  if (value >= 9.95 || value === 0) return formatNumber(value);
  const rounded = Math.max(0.1, Math.round(value * 10) / 10);
  return formatNumber(rounded, Number.isInteger(rounded) ? 0 : 1);
}

/** How long ago something was, in words. */
export function formatAgo(time: string): string {
  const seconds = (Date.parse(time) - Date.now()) / 1000;
  const words = new Intl.RelativeTimeFormat(language(), { numeric: 'auto' });
  for (const [unit, size] of [
    ['day', 86400],
    ['hour', 3600],
    ['minute', 60],
  ] as const) {
    if (Math.abs(seconds) >= size) return words.format(Math.round(seconds / size), unit);
  }
  return words.format(0, 'minute');
}
