import { byId, render } from './dom.js';
import { drawFacts } from './facts.js';
import { bytes, number, plural } from './format.js';
import { stateOf } from './node-states.js';
import { drawVerdict } from './verdict.js';

export function showOverview({ summary, nodes, savings }) {
  render(byId('verdict'), verdictOf(summary, nodes), drawVerdict);
  const ready = nodes.filter((node) => node.ready === 'True').length;
  const trouble = nodes.filter((node) => stateOf(node).trouble).length;
  const facts = [
    ['Nodes that mirror', `${number(ready)} of ${number(nodes.length)}`, trouble ? `${number(trouble)} with trouble` : 'none with trouble'],
    ['RegistryMirrors', number(summary.mirrors.length), ''],
    ['Not asked of upstream', savings ? bytes(savings.fromPeers) : '…', 'came from other nodes since the agents started'],
    ['Operator', summary.version.split('+')[0], summary.replica.split('_')[0]],
  ];
  render(byId('facts'), facts, () => drawFacts(facts, 'four'));
}

function verdictOf({ isSynced, mirrors }, nodes) {
  if (!isSynced) return { level: 'bad', title: 'The API server does not answer', text: 'The operator has not seen all of the cluster’s objects yet; agents go on without it. The errors below say why.', link: '#problems', linkText: 'Go to the errors' };
  if (mirrors.length === 0) return { level: 'warn', title: 'Nothing to do', text: 'There is no RegistryMirror, so no node has an agent.' };
  const wrong = conditions(mirrors, 'Degraded', 'True');
  if (wrong.length) return { level: 'warn', title: `Degraded: ${wrong[0].reason}`, text: wrong[0].message, link: '#mirrors', linkText: 'Go to the RegistryMirrors' };
  const waiting = conditions(mirrors, 'Ready', 'False');
  if (waiting.length) return { level: 'warn', title: 'Not all nodes mirror yet', text: waiting[0].message };
  return { level: 'good', title: 'Working', text: `${plural(nodes.length, 'node')} pull${nodes.length === 1 ? 's' : ''} from each other before they ask upstream.` };
}

const conditions = (mirrors, type, status) => mirrors.flatMap((mirror) => mirror.conditions).filter((condition) => condition.type === type && condition.status === status);
