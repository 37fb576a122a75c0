import { byId, h, render, setText } from './dom.js';
import { copyable } from './copy.js';
import { stateOf } from './member-states.js';

const dialog = byId('member');
let open = null;

byId('member-close').addEventListener('click', () => dialog.close());
dialog.addEventListener('click', (event) => {
  if (event.target === dialog) dialog.close();
});
dialog.addEventListener('close', () => {
  open = null;
});

export function openMember(member) {
  open = member.name;
  show(member);
  dialog.showModal();
}

/** What is open goes on being true. */
export function refreshMember(members) {
  const member = open && members.find((candidate) => candidate.name === open);
  if (member) show(member);
}

function show(member) {
  setText(byId('member-name'), member.name);
  render(byId('member-body'), member, draw);
}

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
    h('p', {}, h('span', { class: `badge ${level}` }, h('span', { class: `dot ${state.name}`, 'aria-hidden': 'true' }, state.sign), member.self ? 'this node' : state.title), ' ', member.self ? 'The agent that this page comes from.' : state.meaning),
    h('dl', { class: 'facts' }, ...facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
  ];
}
