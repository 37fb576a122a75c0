import { byId, setText } from './dom.js';
import { plural } from './format.js';
import { openMember, refreshMember } from './member-dialog.js';
import { stateOf, states } from './member-states.js';
import { byName, NodeMap, showLegend } from './node-map.js';
import { node } from './node.js';

const map = new NodeMap(byId('members-map'), { stateOf, open: openMember });
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
  const filtered = members.filter(takes);
  const zoned = new Set(members.map((member) => member.zone).filter(Boolean)).size;
  setText(byId('members-summary'), plural(members.length, 'node') + (zoned ? ` in ${plural(zoned, 'zone')}` : ''));
  byId('members-controls').hidden = members.length < 8;
  showLegend(byId('members-legend'), members, { states, stateOf });
  map.show(filtered, members.length);
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
