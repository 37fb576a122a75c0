import { byId, h, renderList, setAttribute, setText } from './dom.js';
import { copyable } from './copy.js';
import { bytes, plural, rate, shortDigest, span } from './format.js';
import { showRelay } from './relay.js';

/** Bytes of each transfer at the last word, for its rate just now. */
let before = new Map();

export function showTransfers({ count, active, relay }) {
  setText(byId('transfers-summary'), count === 0 ? '' : `${plural(count, 'transfer')} going on${count > active.length ? `, the ${active.length} oldest shown` : ''}`);
  byId('transfers-table').hidden = count === 0;
  byId('transfers-empty').hidden = count > 0;
  const now = new Map(active.map((transfer) => [keyOf(transfer), transfer]));
  renderList(byId('transfers-rows'), active, keyOf, makeRow, updateRow);
  before = now;
  showRelay(relay);
}

const keyOf = (transfer) => `${transfer.id} ${transfer.digest} ${transfer.to}`;

function makeRow(transfer) {
  return h('tr', {},
    h('th', { scope: 'row', 'data-label': 'Content' }, copyable(transfer.digest, shortDigest(transfer.digest), 'the digest')),
    h('td', { 'data-label': 'From and to' }),
    h('td', { 'data-label': 'Progress', class: 'progress' }, h('div', {}, h('progress', { 'aria-label': `Progress of ${shortDigest(transfer.digest)}` }), h('small'))),
    h('td', { 'data-label': 'Rate', class: 'count' }),
    h('td', { 'data-label': 'For', class: 'count' }));
}

function updateRow(row, transfer) {
  const [, way, progress, speed, duration] = row.children;
  const bar = progress.querySelector('progress');
  setText(way, wayOf(transfer));
  if (transfer.total > 0) {
    setAttribute(bar, 'max', transfer.total);
    setAttribute(bar, 'value', transfer.bytes);
  }
  setText(progress.querySelector('small'), transfer.total > 0
    ? `${bytes(transfer.bytes)} of ${bytes(transfer.total)}, ${Math.floor((100 * transfer.bytes) / transfer.total)} %`
    : bytes(transfer.bytes));
  setText(speed, rate(rateOf(transfer)));
  setText(duration, span(transfer.seconds));
}

function wayOf({ to, node }) {
  if (to === 'peer') return `this node → ${node ?? 'another node'}`;
  return node ? `${node} → this node’s containerd` : 'this node’s store → its containerd';
}

function rateOf(transfer) {
  const last = before.get(keyOf(transfer));
  const seconds = last ? transfer.seconds - last.seconds : transfer.seconds;
  const moved = last ? transfer.bytes - last.bytes : transfer.bytes;
  return seconds > 0.2 ? moved / seconds : 0;
}
