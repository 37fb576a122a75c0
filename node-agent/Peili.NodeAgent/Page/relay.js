import { byId, h, render } from './dom.js';
import { copyable } from './copy.js';
import { bytes, plural, shortDigest } from './format.js';
import { node } from './node.js';

/** This node's part in cold starts: what it fetches for others, and whom it gets it from. */
export function showRelay(relay) {
  render(byId('relay'), { ...relay, name: node.name }, draw);
}

function draw({ origins, children, roles }) {
  if (!roles?.length && !children) return null;
  return h('div', { class: 'relay' },
    h('h3', {}, 'Fetched together with other nodes'),
    h('p', { class: 'muted' }, `Origin of ${plural(origins, 'blob')}; ${plural(children, 'stream')} to other nodes while it comes in`),
    h('ul', {}, ...(roles ?? []).map(drawRole)));
}

function drawRole(role) {
  const path = [...role.path, `${node.name} (this node)`];
  return h('li', {},
    h('p', { class: 'role-head' },
      h('span', { class: role.isOrigin ? 'badge good' : 'badge' }, role.isOrigin ? 'origin' : role.path.length ? 'relay' : 'asking'),
      copyable(role.digest, shortDigest(role.digest), 'the digest'),
      h('span', { class: 'muted' }, role.total ? `${bytes(role.bytes)} of ${bytes(role.total)}` : bytes(role.bytes))),
    h('ol', { class: 'path', 'aria-label': 'The way of the bytes' },
      h('li', {}, role.registry || 'upstream'),
      ...path.map((name) => h('li', {}, name)),
      ...(role.children.length ? [h('li', {}, role.children.slice(0, 6).join(', ') + (role.children.length > 6 ? ` and ${role.children.length - 6} more` : ''))] : [])));
}
