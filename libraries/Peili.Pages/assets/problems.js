import { byId, h, renderList, setText } from './dom.js';
import { clock, moment, number, plural } from './format.js';

const levels = { warning: 'warn', error: 'bad', critical: 'bad' };

/** The warnings and errors that the program logged last. */
export function showProblems(problems, now) {
  setText(byId('problems-summary'), problems.length ? `${plural(problems.length, 'message')}; each once, with how often it came` : '');
  byId('problems-table').hidden = problems.length === 0;
  byId('problems-empty').hidden = problems.length > 0;
  renderList(byId('problems-rows'), problems, (problem) => `${problem.level} ${problem.component} ${problem.message}`, make, (row, problem) => update(row, problem, now));
}

function make({ level, component, message }) {
  return h('tr', {},
    h('td', { 'data-label': 'Last' }, h('time')),
    h('td', { 'data-label': 'Level' }, h('span', {}, h('span', { class: `badge ${levels[level] ?? ''}` }, level))),
    h('td', { 'data-label': 'From' }, component),
    h('td', { 'data-label': 'Message', class: 'message' }, message),
    h('td', { 'data-label': 'Times', class: 'count' }));
}

function update(row, { first, last, count }, now) {
  const time = row.querySelector('time');
  const today = new Date(last).toDateString() === new Date(now).toDateString();
  setText(time, today ? clock(last) : moment(last));
  time.setAttribute('datetime', last);
  time.title = `first ${moment(first)}, last ${moment(last)}`;
  setText(row.lastElementChild, number(count));
}
