import { h, renderList, setAttribute, setText } from './dom.js';
import { bytes, number, percent } from './format.js';

/** A tree of up to so many nodes is open to its leaves; of a larger one only so many generations are. */
const mostOpen = 15;
const openGenerations = 3;

/** Draws who gets a blob from whom into a list. Lists within lists, each of which opens and closes: every keyboard and screen reader knows them. */
export function drawTree(list, { tree, treeNodes, total, registry }) {
  const nodes = tree.map((node) => ({ ...node, total, registry, children: [] }));
  const roots = nodes.filter((node) => node.parent < 0);
  for (const node of nodes) if (node.parent >= 0) nodes[node.parent].children.push(node);
  drawList(list, roots, treeNodes <= mostOpen ? Infinity : openGenerations);
}

function drawList(list, nodes, generations) {
  renderList(list, nodes, (node) => node.name, () => h('li'), (item, node) => drawNode(item, node, generations));
}

function drawNode(item, node, generations) {
  const isParent = node.children.length > 0;
  if (item.isParent !== isParent) {
    item.isParent = isParent;
    item.replaceChildren(isParent ? h('details', { open: generations > 1 }, h('summary', {}, makeRow(node)), h('ul')) : makeRow(node));
  }
  updateRow(isParent ? item.firstElementChild.firstElementChild.firstElementChild : item.firstElementChild, node);
  if (isParent) drawList(item.firstElementChild.lastElementChild, node.children, generations - 1);
}

const makeRow = ({ name }) => h('span', { class: 'tree-row' },
  h('span', { class: 'tree-name', title: name }, h('span', { class: 'badge', hidden: true }), h('span', {}, name)),
  h('progress', { 'aria-label': `Bytes on ${name}` }),
  h('span', { class: 'tree-part' }),
  h('span', { class: 'tree-below muted' }));

function updateRow(row, node) {
  const [name, bar, part, below] = row.children;
  const badge = name.firstElementChild;
  const role = roles[node.role]?.(node) ?? '';
  badge.hidden = role === '';
  badge.className = node.role === 'Origin' ? 'badge good' : 'badge';
  setText(badge, role);
  setAttribute(bar, 'max', Math.max(node.total, 1));
  setAttribute(bar, 'value', node.bytes);
  setText(part, node.total ? percent(node.bytes, node.total) : bytes(node.bytes));
  setText(below, node.below ? `${number(node.below)} below, ${percent(node.belowBytes, node.below * node.total)}` : '');
}

const roles = {
  Origin: ({ registry }) => `origin, from ${registry || 'upstream'}`,
  Source: () => 'has it',
};
