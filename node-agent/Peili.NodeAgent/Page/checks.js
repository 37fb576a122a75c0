import { byId, h, icon, render, setText } from './dom.js';
import { copyButton, copyable } from './copy.js';

const verdicts = {
  Compatible: ['good', 'Compatible'],
  NeedsConfiguration: ['warn', 'Needs configuration'],
  Unsupported: ['bad', 'Unsupported'],
  Unknown: ['', 'Could not tell'],
};
const severities = { Error: ['bad', 'cross'], Warning: ['warn', 'warn'], Information: ['', 'info'] };

/** What peili-agent check says, with remedies. */
export function showChecks(report) {
  if (!report) return;
  setText(byId('checks-summary'), 'As peili-agent check does them, every few seconds');
  render(byId('checks-body'), report, draw);
}

function draw(report) {
  const [level, word] = verdicts[report.verdict] ?? ['', report.verdict];
  const facts = [
    ['Verdict', h('span', { class: `badge ${level}` }, word)],
    ['Kind of node', report.flavorTitle],
    ['containerd', report.containerdVersion ?? 'not known'],
    ['Socket', h('code', {}, report.socket)],
    ['Configuration', report.configFiles.length ? h('code', {}, report.configFiles.join(', ')) : 'not read'],
    ['config_path', report.configPath ? h('code', {}, report.configPath) : 'not set'],
  ];
  return [
    h('dl', { class: 'facts six' }, ...facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
    report.findings.length
      ? h('ul', { class: 'findings' }, ...report.findings.map(drawFinding))
      : h('p', { class: 'empty' }, 'Nothing stands between containerd and the agent.'),
  ];
}

function drawFinding(finding) {
  const [level, mark] = severities[finding.severity] ?? ['', 'info'];
  return h('li', { class: `finding ${level}` }, icon(mark),
    h('div', {},
      h('h3', {}, finding.reason, ' ', h('span', { class: `badge ${level}` }, finding.severity.toLowerCase())),
      h('p', {}, finding.message),
      finding.evidence ? h('p', { class: 'muted' }, 'Seen at ', copyable(finding.evidence, finding.evidence, 'the place', true)) : null,
      finding.remedy ? h('p', {}, h('strong', {}, 'What to do: '), finding.remedy) : null,
      finding.snippet ? h('div', { class: 'snippet' }, h('pre', { tabindex: '0', 'aria-label': 'To be pasted' }, finding.snippet), copyButton(finding.snippet, 'the snippet')) : null));
}
