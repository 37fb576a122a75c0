import { h, icon } from './dom.js';
import { copyButton, copyable } from './copy.js';

const severities = { Error: ['bad', 'cross'], Warning: ['warn', 'warn'], Information: ['', 'info'] };

/** What stands between a node's containerd and the agent, where it was seen, and what to do. */
export function drawFinding(finding) {
  const [level, mark] = severities[finding.severity] ?? ['', 'info'];
  return h('li', { class: `finding ${level}` }, icon(mark),
    h('div', {},
      h('h3', {}, finding.reason, ' ', h('span', { class: `badge ${level}` }, finding.severity.toLowerCase())),
      h('p', {}, finding.message),
      finding.evidence ? h('p', { class: 'muted' }, 'Seen at ', copyable(finding.evidence, finding.evidence, 'the place', true)) : null,
      finding.remedy ? h('p', {}, h('strong', {}, 'What to do: '), finding.remedy) : null,
      finding.snippet ? h('div', { class: 'snippet' }, h('pre', { tabindex: '0', 'aria-label': 'To be pasted' }, finding.snippet), copyButton(finding.snippet, 'the snippet')) : null));
}
