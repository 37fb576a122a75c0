// Numbers, times and digests as people read them.

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

export function bytes(count) {
  let value = count;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

export const rate = (bytesPerSecond) => `${bytes(bytesPerSecond)}/s`;

export const number = (count) => count.toLocaleString('en-US');

/** Rounded down: 100 % is all of it. */
export const percent = (part, whole) => `${whole > 0 ? Math.floor((100 * part) / whole) : 0} %`;

export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/** 42 s, 3 min, 2 h, 5 d. */
export function span(seconds) {
  if (seconds < 60) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} d`;
}

export const ago = (time, now) => {
  const seconds = (now - new Date(time).getTime()) / 1000;
  return seconds < 5 ? 'just now' : `${span(seconds)} ago`;
};

export const clock = (time) => new Date(time).toLocaleTimeString('en-GB');

export const moment = (time) => `${new Date(time).toLocaleDateString('sv-SE')} ${clock(time)}`;

/** sha256:0123456789ab… */
export const shortDigest = (digest) => (digest.startsWith('sha256:') ? `${digest.slice(0, 19)}…` : digest);
