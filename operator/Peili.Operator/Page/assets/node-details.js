import { h } from './dom.js';
import { copyable } from './copy.js';
import { openDialog } from './dialog.js';
import { drawFacts } from './facts.js';
import { drawFinding } from './findings.js';
import { bytes, number } from './format.js';
import { dot } from './node-map.js';
import { stateOf } from './node-states.js';

/** Opens what the operator knows of a node: its NodeMirrorStatus, asked for now. */
export async function openNode(node) {
  try {
    const answer = await fetch(`/node?name=${encodeURIComponent(node.name)}`);
    if (!answer.ok) throw new Error((await answer.text()).trim());
    openDialog(node.name, { node, status: (await answer.json()).status ?? {} }, draw);
  } catch (error) {
    openDialog(node.name, { error: error.message }, ({ error: text }) => h('p', { class: 'note bad' }, text));
  }
}

function draw({ node, status }) {
  const state = stateOf(node);
  return [
    h('p', {}, h('span', { class: 'badge' }, dot(state), state.title), ' ', state.meaning),
    drawFacts([
      ['Node', copyable(node.name, node.name, 'the name')],
      ['Zone', node.zone || 'none'],
      ['Kind', status.flavor || 'not known'],
      ['containerd', status.containerdVersion || 'not known'],
      ['Agent', status.agent?.address ? copyable(status.agent.address, status.agent.address, 'the address') : 'none', status.agent?.version?.split('+')[0]],
      ['Other agents alive', status.overlay ? number(Math.max(0, status.overlay.alive - 1)) : 'not known'],
      ['From other nodes', bytes(Number(status.bytes?.fromPeers ?? 0))],
      ['To other nodes', bytes(Number(status.bytes?.toPeers ?? 0))],
    ]),
    status.conditions?.length ? h('ul', { class: 'conditions' }, ...status.conditions.map(drawCondition)) : null,
    status.findings?.length ? h('ul', { class: 'findings' }, ...status.findings.map(drawFinding)) : null,
  ];
}

const drawCondition = ({ type, status, message }) =>
  h('li', {}, h('span', { class: `badge ${status === 'True' ? 'good' : status === 'False' ? 'warn' : ''}` }, `${type}: ${status}`), h('span', {}, message));
