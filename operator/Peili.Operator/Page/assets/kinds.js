import { byId, h, render } from './dom.js';
import { number } from './format.js';

const verdicts = { Compatible: ['good', 'compatible'], NeedsConfiguration: ['warn', 'needs configuration'], Unsupported: ['bad', 'unsupported'], Unknown: ['', 'not known yet'] };

/** The nodes by flavor and verdict, and what to do about them. */
export function showKinds(mirrors) {
  const kinds = mirrors.flatMap((mirror) => mirror.flavors.map((flavor) => ({ mirror: mirror.name, ...flavor })));
  render(byId('kinds-list'), kinds, () => (kinds.length ? table(kinds) : h('p', { class: 'empty' }, 'No node was looked at yet.')));
}

function table(kinds) {
  return h('table', { class: 'rows' },
    h('caption', { class: 'visually-hidden' }, 'Nodes by kind and verdict'),
    h('thead', {}, h('tr', {}, ...['Kind', 'RegistryMirror', 'Verdict', 'Why, and what to do'].map((title) => h('th', { scope: 'col' }, title)), h('th', { scope: 'col', class: 'count' }, 'Nodes'))),
    h('tbody', {}, ...kinds.map(row)));
}

function row(kind) {
  const [level, word] = verdicts[kind.verdict] ?? ['', kind.verdict];
  return h('tr', {},
    h('th', { scope: 'row', 'data-label': 'Kind' }, kind.name),
    h('td', { 'data-label': 'Mirror' }, kind.mirror),
    h('td', { 'data-label': 'Verdict' }, h('span', {}, h('span', { class: `badge ${level}` }, word))),
    h('td', { 'data-label': 'What to do', class: 'what' }, kind.reason ? h('div', {}, h('p', {}, h('strong', {}, kind.reason), ' ', kind.message), kind.remedy ? h('p', {}, kind.remedy) : null) : 'nothing'),
    h('td', { 'data-label': 'Nodes', class: 'count' }, number(kind.nodes)));
}
