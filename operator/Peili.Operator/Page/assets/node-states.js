// What a node's state is called, looks like, and means. Shape and sign say it as well as colour does.

export const states = {
  mirrors: { title: 'mirrors', sign: '', look: 'alive', meaning: 'It pulls from the other nodes, and gives to them.' },
  unknown: { title: 'not known yet', sign: '…', look: 'warming', meaning: 'Its agent was not asked, or has not checked containerd yet.' },
  needs: { title: 'needs configuration', sign: '!', look: 'suspect', meaning: 'It gives to the others; its own containerd needs the remedies below.', trouble: true },
  broken: { title: 'not ready', sign: '×', look: 'dead', meaning: 'It does not mirror. The conditions below say why.', trouble: true },
  unsupported: { title: 'unsupported', sign: '–', look: 'left', meaning: 'It cannot be a client of an agent.' },
};

export function stateOf({ verdict, ready }) {
  const name = verdict === 'Unsupported' ? 'unsupported'
    : verdict === 'NeedsConfiguration' ? 'needs'
      : ready === 'True' ? 'mirrors'
        : ready === 'False' ? 'broken' : 'unknown';
  return { name, ...states[name] };
}
