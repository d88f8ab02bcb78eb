/** Quantities as people read them at a glance: two or three digits and a unit. */

const KIB = 1_024;
const BYTE_UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number of bytes, such as `512 B`, `1.5 KiB` or `20 MiB`. */
export function bytesText(bytes: number): string {
  if (bytes < KIB) return `${bytes} B`;
  let size = bytes / KIB;
  let unit = 0;
  // 1,023.6 KiB would be rounded to 1024 KiB.
  while (Math.round(size) >= KIB && unit < BYTE_UNITS.length - 1) {
    size /= KIB;
    unit++;
  }
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${BYTE_UNITS[unit]}`;
}

/** How long something has lasted, in the largest unit that still tells it apart: `95 s`, `12 min`, `30 h`, `9 d`. */
export function ageText(milliseconds: number): string {
  const seconds = Math.max(Math.floor(milliseconds / 1_000), 0);
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 48 * 3_600) return `${Math.floor(seconds / 3_600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** A rate: `0/s`, `0.5/s`, `120/s`. */
export function rateText(perSecond: number): string {
  if (perSecond === 0) return '0/s';
  return perSecond < 9.95 ? `${Math.max(perSecond, 0.1).toFixed(1)}/s` : `${Math.round(perSecond)}/s`;
}
