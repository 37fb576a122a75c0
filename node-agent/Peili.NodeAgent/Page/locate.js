import { byId, h } from './dom.js';
import { copyable } from './copy.js';
import { plural } from './format.js';

const answerBox = byId('locate-answer');
let asked = 0;

byId('locate-form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const number = ++asked;
  const reference = byId('locate-ref').value.trim();
  show(h('p', { class: 'muted' }, `Asking the cluster for ${reference}…`));
  try {
    const answer = await fetch(`/locate?ref=${encodeURIComponent(reference)}`);
    if (number !== asked) return;
    show(...(answer.ok ? draw(await answer.json()) : [failure((await answer.text()).trim())]));
  } catch (error) {
    if (number === asked) show(failure(`The agent does not answer: ${error.message}`));
  }
});

const show = (...content) => answerBox.replaceChildren(...content);

const failure = (text) => h('p', { class: 'note bad' }, text);

function draw({ reference, complete, holders }) {
  const holding = holders.filter((holder) => holder.holds).length;
  const remark = complete ? 'Every live node was asked.' : 'In a cluster this large the candidates that the directory names were asked; there may be more.';
  const head = h('p', {}, h('strong', {}, holding ? `${plural(holding, 'node')} ${holding === 1 ? 'holds' : 'hold'} it` : 'No node holds it'), ' ', h('span', { class: 'muted' }, `${remark}`));
  const name = h('p', { class: 'muted' }, copyable(reference, reference, 'the reference'));
  return holders.length === 0 ? [head, name] : [head, name, table(holders)];
}

function table(holders) {
  return h('table', { class: 'rows' },
    h('caption', { class: 'visually-hidden' }, 'Nodes that hold it'),
    h('thead', {}, h('tr', {}, ...['Node', 'Address', 'Zone', 'Holds it'].map((title) => h('th', { scope: 'col' }, title)))),
    h('tbody', {}, ...holders.map((holder) => h('tr', {},
      h('th', { scope: 'row', 'data-label': 'Node' }, h('span', {}, holder.node)),
      h('td', { 'data-label': 'Address' }, copyable(holder.address, holder.address, 'the address')),
      h('td', { 'data-label': 'Zone' }, holder.zone || 'none'),
      h('td', { 'data-label': 'Holds it' }, h('span', {}, word(holder)))))));
}

function word({ holds, announced }) {
  if (holds) return h('span', { class: 'badge good' }, announced ? 'yes' : 'yes, not announced yet');
  return h('span', { class: 'badge warn' }, holds === false ? 'no more' : 'does not answer');
}
