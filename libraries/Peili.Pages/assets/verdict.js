import { h, icon } from './dom.js';

const marks = { good: 'check', warn: 'warn', bad: 'cross' };

/** The answer to "does it work?", in one sentence. */
export function drawVerdict({ level, title, text, link, linkText }) {
  return h('div', { class: `verdict-box ${level}` }, icon(marks[level]),
    h('div', {}, h('p', { class: 'verdict-title' }, title), h('p', {}, text, ...(link ? [' ', h('a', { href: link }, linkText)] : []))));
}
