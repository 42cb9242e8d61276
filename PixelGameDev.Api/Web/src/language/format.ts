import { language } from '.';

/** A number in the way of the person's language, with so many digits behind the point. */
export function formatNumber(value: number, digits = 0): string {
  return value.toLocaleString(language(), { minimumFractionDigits: digits, maximumFractionDigits: digits, useGrouping: false });
}

/** Milliseconds; small ones with one digit behind the point. */
export function formatMilliseconds(time: number): string {
  return formatNumber(time, time < 10 ? 1 : 0);
}

/** Bytes as megabytes; never rounded down to nothing. */
export function formatMegabytes(bytes: number): string {
  const megabytes = bytes / 1_000_000;
  if (megabytes >= 10 || megabytes === 0) return formatNumber(megabytes);
  const rounded = Math.max(0.1, Math.round(megabytes * 10) / 10);
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
