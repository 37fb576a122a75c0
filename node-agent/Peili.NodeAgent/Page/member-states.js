// What a node's state is called, looks like, and means. Shape and sign say it as well as colour does.

export const states = {
  alive: { title: 'alive', sign: '', meaning: 'It answers.' },
  warming: { title: 'joining', sign: '…', meaning: 'It answers, and is still copying its part of the directory.' },
  suspect: { title: 'suspect', sign: '?', meaning: 'Somebody got no answer from it. It is taken for dead within seconds unless it says that it lives.', trouble: true },
  dead: { title: 'dead', sign: '×', meaning: 'It does not answer any more. Look at the node: is it up, does its agent run, may UDP and TCP pass to its peer port?', trouble: true },
  left: { title: 'left', sign: '–', meaning: 'Its agent was stopped in order.' },
  blocked: { title: 'UDP blocked', sign: 'U', meaning: 'It answers over TCP, but UDP does not pass between it and this node. Open UDP on the peer port in the firewall or security group between the two.', trouble: true },
  avoided: { title: 'avoided', sign: '!', meaning: 'Requests to it failed; it is asked again once it has answered a TCP probe.', trouble: true },
};

export function stateOf(member) {
  if (member.state === 'alive' && member.condition === 'UdpBlocked') return { name: 'blocked', ...states.blocked };
  if (member.state === 'alive' && member.condition === 'Avoided') return { name: 'avoided', ...states.avoided };
  if (member.state === 'alive' && member.status !== 'ready') return { name: 'warming', ...states.warming };
  return { name: member.state, ...(states[member.state] ?? { title: member.state, sign: '', meaning: '' }) };
}
