import { byId, h, renderList, setAttribute, setText } from './dom.js';
import { copyable } from './copy.js';
import { bytes, number, percent, plural } from './format.js';
import { drawTree } from './relay-tree.js';

/** What several nodes fetch together, and who gets it from whom. */
export function showColdStarts(blobs) {
  const list = byId('cold-starts-list');
  setText(byId('cold-starts-summary'), blobs.length ? `${plural(blobs.length, 'blob')} that several nodes fetch together` : '');
  byId('cold-starts-empty').hidden = blobs.length > 0;
  renderList(list, blobs, (blob) => blob.digest, make, update);
}

/** The first one that comes is shown with its tree; what people open and close stays so. */
function make(blob) {
  const isFirst = byId('cold-starts-list').childElementCount === 0;
  return h('article', { class: 'blob' },
    h('h3', {}, h('span', { class: 'blob-name' }), copyable(blob.digest, blob.digest, 'the digest')),
    h('p', { class: 'muted' }),
    h('progress', {}),
    h('details', { open: isFirst }, h('summary'), h('ul', { class: 'tree' }), h('p', { class: 'muted tree-rest' })));
}

function update(article, blob) {
  const [title, text, bar, details] = article.children;
  const [summary, tree, rest] = details.children;
  const whole = blob.nodes * blob.total;
  setText(title.firstElementChild, nameOf(blob));
  setText(text, textOf(blob, whole));
  setAttribute(bar, 'aria-label', `${nameOf(blob)} ${blob.digest}, on all nodes`);
  setAttribute(bar, 'max', Math.max(whole, 1));
  setAttribute(bar, 'value', blob.bytes);
  setText(summary, `Who gets it from whom: ${plural(blob.treeNodes, 'node')}`);
  drawTree(tree, blob);
  const hidden = blob.treeNodes - blob.tree.length;
  setText(rest, hidden > 0 ? `The ${number(blob.tree.length)} nodes nearest to the origin are shown; the other ${number(hidden)} are counted as "below" those that they get it through.` : '');
  rest.hidden = hidden === 0;
}

const nameOf = ({ registry, repository }) => [registry, repository].filter(Boolean).join('/') || 'a blob';

function textOf(blob, whole) {
  const size = blob.total ? bytes(blob.total) : 'size not known';
  const done = `${number(blob.done)} of ${plural(blob.nodes, 'node')} ${blob.nodes === 1 ? 'has' : 'have'} it`;
  const slowest = blob.slowest && blob.total ? `; fewest bytes: ${blob.slowest}, ${percent(blob.slowestBytes, blob.total)}` : '';
  return `${size}; ${done}, ${whole ? percent(blob.bytes, whole) : bytes(blob.bytes)} of all bytes${slowest}`;
}
