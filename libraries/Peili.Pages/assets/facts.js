import { h } from './dom.js';

/** A list of terms, each with its value and perhaps a remark. */
export const drawFacts = (facts, shape = '') => h('dl', { class: `facts ${shape}`.trim() }, ...facts.map(([name, value, remark]) =>
  h('div', {}, h('dt', {}, name), h('dd', {}, value, remark ? h('small', {}, remark) : null))));
