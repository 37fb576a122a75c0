import { h } from './dom.js';
import { copyable } from './copy.js';
import { openDialog, refreshDialog } from './dialog.js';
import { drawFacts } from './facts.js';
import { stateOf } from './member-states.js';
import { dot } from './node-map.js';

export const openMember = (member) => openDialog(member.name, member, draw);

export const refreshMember = (members) => refreshDialog((name) => members.find((member) => member.name === name));

function draw(member) {
  const state = stateOf(member);
  const level = state.trouble ? (state.name === 'dead' ? 'bad' : 'warn') : state.name === 'alive' ? 'good' : '';
  const believed = member.self ? [] : [['This agent believes', member.state], ['It says of itself', member.status]];
  const facts = [
    ['Name', copyable(member.name, member.name, 'the name')],
    ['Address', copyable(member.address, member.address, 'the address')],
    ['Zone', member.zone || 'none'],
    ['Version', copyable(member.version, member.version, 'the version')],
    ...believed,
    ...(member.condition ? [['Condition', member.condition]] : []),
  ];
  return [
    h('p', {}, h('span', { class: `badge ${level}` }, dot(state), member.self ? 'this node' : state.title), ' ', member.self ? 'The agent that this page comes from.' : state.meaning),
    drawFacts(facts),
  ];
}
