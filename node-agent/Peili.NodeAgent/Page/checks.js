import { byId, h, render, setText } from './dom.js';
import { drawFacts } from './facts.js';
import { drawFinding } from './findings.js';

const verdicts = {
  Compatible: ['good', 'Compatible'],
  NeedsConfiguration: ['warn', 'Needs configuration'],
  Unsupported: ['bad', 'Unsupported'],
  Unknown: ['', 'Could not tell'],
};

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
    drawFacts(facts, 'six'),
    report.findings.length
      ? h('ul', { class: 'findings' }, ...report.findings.map(drawFinding))
      : h('p', { class: 'empty' }, 'Nothing stands between containerd and the agent.'),
  ];
}
