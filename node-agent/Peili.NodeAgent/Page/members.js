import { byId, h, render, renderList, setAttribute, setText } from './dom.js';
import { number, plural } from './format.js';
import { openMember, refreshMember } from './member-dialog.js';
import { describe, order, stateOf } from './member-states.js';
import { node } from './node.js';

/** Up to so many nodes have room for their names. */
const mostNamed = 40;

/** node-2 stands before node-10. */
const byName = new Intl.Collator('en', { numeric: true });

let members = [];

/** The other nodes; this one stands among them on the map. */
export function showMembers(others) {
  const self = { ...node, state: 'alive', status: 'ready', condition: null, self: true };
  members = [self, ...others.toSorted((a, b) => byName.compare(a.name, b.name))];
  show();
  refreshMember(members);
}

byId('members-filter').addEventListener('input', show);
byId('members-state').addEventListener('change', show);

function show() {
  const counts = new Map();
  for (const member of members) {
    const { name } = stateOf(member);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const legend = order.filter((name) => counts.has(name)).map((name) => [name, counts.get(name)]);
  const filtered = members.filter(takes);
  const zoned = new Set(members.map((member) => member.zone).filter(Boolean)).size;
  setText(byId('members-summary'), plural(members.length, 'node') + (zoned ? ` in ${plural(zoned, 'zone')}` : ''));
  byId('members-controls').hidden = members.length < 8;
  render(byId('members-legend'), legend, (entries) => entries.map(drawLegend));
  const zones = Object.entries(Object.groupBy(filtered, (member) => member.zone)).map(([zone, list]) => ({ zone, members: list }));
  zones.sort((a, b) => byName.compare(a.zone, b.zone));
  renderList(byId('members-map'), zones, (zone) => zone.zone, makeZone, updateZone);
  const empty = byId('members-empty');
  empty.hidden = members.length > 1 && filtered.length > 0;
  setText(empty, members.length === 1
    ? `${node.name || 'This node'} knows no other node. It serves what it has, and goes on looking: is --seed right, and are UDP and TCP of the peer port open?`
    : 'No node is like that.');
}

function takes(member) {
  const text = byId('members-filter').value.trim().toLowerCase();
  const all = byId('members-state').value === 'all';
  return (all || stateOf(member).trouble)
    && (!text || [member.name, member.address, member.version].some((value) => value.toLowerCase().includes(text)));
}

const drawLegend = ([name, count]) => {
  const state = describe(name);
  return h('li', {}, h('span', { class: `dot ${name}`, 'aria-hidden': 'true' }, state.sign), `${number(count)} ${state.title}`);
};

function makeZone({ zone }) {
  const title = zone === '' ? 'no zone' : zone;
  const tiles = h('div', { class: 'tiles', role: 'toolbar', 'aria-label': `Nodes of zone ${title}. Arrow keys move, Enter opens.` });
  tiles.addEventListener('keydown', move);
  tiles.addEventListener('click', (event) => {
    const tile = event.target.closest('button');
    if (tile) openMember(tile.member);
  });
  return h('section', { class: 'zone' }, h('h3', {}, title, h('span', { class: 'muted zone-count' })), tiles);
}

function updateZone(section, { members: list }) {
  const tiles = section.lastElementChild;
  setText(section.querySelector('.zone-count'), plural(list.length, 'node'));
  tiles.classList.toggle('named', members.length <= mostNamed);
  renderList(tiles, list, (member) => member.name, () => h('button', { type: 'button', tabindex: '-1' }, h('span'), h('span', { class: 'tile-name' })), updateTile);
  if (!tiles.querySelector('[tabindex="0"]')) tiles.firstElementChild?.setAttribute('tabindex', '0');
}

function updateTile(tile, member) {
  const state = stateOf(member);
  tile.member = member;
  tile.firstElementChild.className = `dot ${state.name}`;
  setText(tile.firstElementChild, state.sign);
  tile.classList.toggle('self', member.self === true);
  setText(tile.lastElementChild, member.self ? `${member.name} (this node)` : member.name);
  setAttribute(tile, 'aria-label', `${member.name}, ${member.self ? 'this node' : state.title}`);
  setAttribute(tile, 'title', `${member.name}: ${member.self ? 'this node' : state.title}`);
}

/** One stop for Tab in each zone; inside it the arrows move (ARIA practices, toolbar). */
function move(event) {
  const tiles = [...event.currentTarget.children];
  const at = tiles.indexOf(document.activeElement);
  const row = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length;
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row, Home: -at, End: tiles.length - 1 - at };
  const to = tiles[at + steps[event.key]];
  if (at < 0 || !(event.key in steps)) return;
  event.preventDefault();
  if (!to) return;
  tiles[at].setAttribute('tabindex', '-1');
  to.setAttribute('tabindex', '0');
  to.focus();
}
