import { byId, h, renderList, setText } from './dom.js';
import { drawFacts } from './facts.js';
import { number, plural } from './format.js';

/** Conditions of which True is bad. */
const negative = ['Degraded', 'Conflicted'];

export function showMirrors(mirrors) {
  setText(byId('mirrors-summary'), mirrors.length ? plural(mirrors.length, 'RegistryMirror') : '');
  byId('mirrors-empty').hidden = mirrors.length > 0;
  renderList(byId('mirrors-list'), mirrors, (mirror) => mirror.name, () => h('article', { class: 'mirror' }), (article, mirror) => article.replaceChildren(...draw(mirror)));
}

function draw({ name, conditions, nodes, rollouts }) {
  return [
    h('h3', {}, name),
    drawFacts([
      ['Selected', number(nodes.selected)], ['Mirror', number(nodes.ready)], ['Compatible', number(nodes.compatible)],
      ['Need configuration', number(nodes.needsConfiguration)], ['Unsupported', number(nodes.unsupported)], ['Not known yet', number(nodes.unknown)],
    ], 'six'),
    rollouts.some((rollout) => !rollout.isDone) ? h('div', { class: 'rollouts' }, h('h4', {}, 'Agents being rolled out'), ...rollouts.map(drawRollout)) : null,
    conditions.length ? h('ul', { class: 'conditions' }, ...conditions.map(drawCondition)) : h('p', { class: 'muted' }, 'The operator has not looked at it yet.'),
  ].filter(Boolean);
}

function drawRollout({ flavor, desired, updated, available, isDone }) {
  const done = Math.min(updated, available);
  return h('div', { class: 'rollout' },
    h('p', {}, h('strong', {}, flavor), ' ', h('span', { class: 'muted' }, isDone ? 'done' : `${number(updated)} of ${number(desired)} are of the newest revision, ${number(available)} serve`)),
    h('progress', { max: Math.max(desired, 1), value: done, 'aria-label': `Rollout of ${flavor}: ${done} of ${desired}` }));
}

function drawCondition({ type, status, reason, message }) {
  const bad = negative.includes(type) ? status === 'True' : type !== 'Progressing' && status === 'False';
  const good = negative.includes(type) ? status === 'False' : status === 'True' && type !== 'Progressing';
  return h('li', {},
    h('span', { class: `badge ${bad ? 'warn' : good ? 'good' : ''}` }, `${type}: ${status}`),
    h('span', {}, h('strong', {}, reason), ' ', message));
}
