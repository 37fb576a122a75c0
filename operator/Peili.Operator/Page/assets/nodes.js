import { byId, setText } from './dom.js';
import { plural } from './format.js';
import { openNode } from './node-details.js';
import { byName, NodeMap, showLegend } from './node-map.js';
import { stateOf, states } from './node-states.js';

const map = new NodeMap(byId('nodes-map'), { stateOf, open: openNode });
let nodes = [];

export function showNodes(shown) {
  nodes = shown.toSorted((a, b) => byName.compare(a.name, b.name));
  show();
}

byId('nodes-filter').addEventListener('input', show);
byId('nodes-state').addEventListener('change', show);

function show() {
  const filtered = nodes.filter(takes);
  const zoned = new Set(nodes.map((node) => node.zone).filter(Boolean)).size;
  setText(byId('nodes-summary'), plural(nodes.length, 'node') + (zoned ? ` in ${plural(zoned, 'zone')}` : ''));
  byId('nodes-controls').hidden = nodes.length < 8;
  showLegend(byId('nodes-legend'), nodes, { states, stateOf });
  map.show(filtered, nodes.length);
  const empty = byId('nodes-empty');
  empty.hidden = filtered.length > 0;
  setText(empty, nodes.length === 0 ? 'No node is selected by a RegistryMirror, or none was looked at yet.' : 'No node is like that.');
}

function takes(node) {
  const text = byId('nodes-filter').value.trim().toLowerCase();
  const all = byId('nodes-state').value === 'all';
  return (all || stateOf(node).trouble) && (!text || [node.name, node.flavor, node.reason].some((value) => value.toLowerCase().includes(text)));
}
