import { byId, setText } from './dom.js';
import { clock } from './format.js';

/** Shows whether the page is live: a word at the top, and a bar when what it shows is old. */
export function showConnection({ live, since, reason }) {
  document.documentElement.dataset.connection = live ? 'live' : 'stale';
  setText(byId('connection'), live ? 'Live' : 'Stale');
  byId('stale').hidden = live;
  setText(byId('stale-text'), live ? '' : `Stale: ${reason}. What you see is from ${clock(since)}; trying again by itself.`);
}
