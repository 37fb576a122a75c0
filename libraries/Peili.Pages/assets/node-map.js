import { h, render, renderList, setAttribute, setText } from './dom.js';
import { number, plural } from './format.js';

/** Up to so many nodes have room for their names. */
const mostNamed = 40;

/** node-2 stands before node-10. */
export const byName = new Intl.Collator('en', { numeric: true });

/** How many nodes are in each state. */
export function showLegend(list, nodes, { states, stateOf }) {
  const counts = new Map();
  for (const node of nodes) counts.set(stateOf(node).name, (counts.get(stateOf(node).name) ?? 0) + 1);
  const entries = Object.keys(states).filter((name) => counts.has(name)).map((name) => [name, counts.get(name)]);
  render(list, entries, () => entries.map(([name, count]) => h('li', {}, dot({ name, ...states[name] }), `${number(count)} ${states[name].title}`)));
}

/** The sign of a state, beside which stands its name. */
export const dot = (state) => h('span', { class: `dot ${state.look ?? state.name}`, 'aria-hidden': 'true' }, state.sign);

/** Nodes as tiles, by zone: one stop for Tab in each zone, inside it the arrows move (ARIA practices, toolbar). */
export class NodeMap {
  #root;
  #stateOf;
  #open;
  #named = true;

  constructor(root, { stateOf, open }) {
    this.#root = root;
    this.#stateOf = stateOf;
    this.#open = open;
  }

  show(nodes, total) {
    this.#named = total <= mostNamed;
    const zones = Object.entries(Object.groupBy(nodes, (node) => node.zone)).map(([zone, list]) => ({ zone, nodes: list }));
    zones.sort((a, b) => byName.compare(a.zone, b.zone));
    renderList(this.#root, zones, ({ zone }) => zone, (zone) => this.#makeZone(zone), (section, zone) => this.#updateZone(section, zone));
  }

  #makeZone({ zone }) {
    const title = zone === '' ? 'no zone' : zone;
    const tiles = h('div', { class: 'tiles', role: 'toolbar', 'aria-label': `Nodes of zone ${title}. Arrow keys move, Enter opens.` });
    tiles.addEventListener('keydown', move);
    tiles.addEventListener('click', (event) => {
      const tile = event.target.closest('button');
      if (tile) this.#open(tile.node);
    });
    return h('section', { class: 'zone' }, h('h3', {}, title, h('span', { class: 'muted zone-count' })), tiles);
  }

  #updateZone(section, { nodes }) {
    const tiles = section.lastElementChild;
    setText(section.querySelector('.zone-count'), plural(nodes.length, 'node'));
    tiles.classList.toggle('named', this.#named);
    renderList(tiles, nodes, (node) => node.name, makeTile, (tile, node) => this.#updateTile(tile, node));
    if (!tiles.querySelector('[tabindex="0"]')) tiles.firstElementChild?.setAttribute('tabindex', '0');
  }

  #updateTile(tile, node) {
    const state = this.#stateOf(node);
    const said = node.self ? 'this node' : state.title;
    tile.node = node;
    tile.classList.toggle('self', node.self === true);
    tile.firstElementChild.replaceWith(dot(state));
    setText(tile.lastElementChild, node.self ? `${node.name} (this node)` : node.name);
    setAttribute(tile, 'aria-label', `${node.name}, ${said}`);
    setAttribute(tile, 'title', `${node.name}: ${said}`);
  }
}

const makeTile = () => h('button', { type: 'button', tabindex: '-1' }, h('span'), h('span', { class: 'tile-name' }));

function move(event) {
  const tiles = [...event.currentTarget.children];
  const at = tiles.indexOf(document.activeElement);
  const row = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length;
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row, Home: -at, End: tiles.length - 1 - at };
  if (at < 0 || !(event.key in steps)) return;
  event.preventDefault();
  const to = tiles[at + steps[event.key]];
  if (!to) return;
  tiles[at].setAttribute('tabindex', '-1');
  to.setAttribute('tabindex', '0');
  to.focus();
}
