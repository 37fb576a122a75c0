import { byId, h, render, setAttribute, setText } from './dom.js';
import { ago, bytes, number, plural } from './format.js';
import { drawVerdict } from './verdict.js';

let members = null;
let check = null;
let last = null;

const verdicts = {
  Compatible: 'compatible',
  NeedsConfiguration: 'needs configuration',
  Unsupported: 'unsupported',
  Unknown: 'could not tell',
};

export function showOverview(summary, now) {
  last = { summary, now };
  const { agent } = summary;
  document.title = `${agent.nodeName} – Peili agent`;
  setText(byId('node-name'), agent.nodeName);
  setAttribute(byId('node-name'), 'title', agent.nodeName);
  render(byId('verdict'), verdictOf(summary), drawVerdict);
  render(byId('facts'), factsOf(summary, now), (facts) => facts.map(drawFact));
  render(byId('sources'), agent.transfers, drawSources);
}

export const tick = showOverview;

export function showOverviewMembers(shown) {
  members = shown;
  if (last) showOverview(last.summary, last.now);
}

export function showCheckVerdict(report) {
  check = report;
  if (last) showOverview(last.summary, last.now);
}

/** One sentence for the question whether it works. */
function verdictOf({ agent, hosts, hostsFailure }) {
  if (agent.notReady) return { level: 'bad', title: 'Not ready', text: agent.notReady };
  if (agent.overlay.nameTakenBy) {
    return { level: 'bad', title: 'The node’s name is taken', text: `The agent at ${agent.overlay.nameTakenBy} has this node’s name too; give one of them another --node-name.` };
  }
  if (hosts === 'Failed') return { level: 'bad', title: 'containerd’s hosts cannot be written', text: hostsFailure ?? 'the reason is not known' };
  if (hosts === 'Released') return { level: 'warn', title: 'Left by the operator', text: 'containerd’s hosts are as they were found; this node pulls from upstream.' };
  const findings = check?.findings.filter((finding) => finding.severity !== 'Information') ?? [];
  if (findings.length) {
    return {
      level: 'warn',
      title: findings.some((finding) => finding.severity === 'Error') ? 'Serves the others, but this node does not pull from them' : 'Works, with something missing',
      text: `${plural(findings.length, 'finding')} below ${findings.length === 1 ? 'says' : 'say'} what stands in the way, and what to do.`,
      link: '#checks',
      linkText: 'Go to the checks',
    };
  }
  return { level: 'good', title: 'Working', text: 'containerd is connected, its images are listed, and this node serves them.' };
}

function factsOf({ agent }, now) {
  const { containerd, overlay } = agent;
  const other = members === null ? '…' : members.length === 0 ? 'no other node' : plural(members.length, 'other node');
  const trouble = members?.filter((member) => member.state !== 'alive' || member.condition).length ?? 0;
  return [
    ['Agent', agent.version.split('+')[0], agent.started ? `started ${ago(agent.started, now)}` : ''],
    ['containerd', containerd.connected ? containerd.version ?? 'connected' : 'not connected',
      containerd.connected ? `${plural(containerd.images, 'image name')}, ${plural(containerd.digests, 'blob')}` : containerd.lastError ?? ''],
    ['Kind of node', check ? check.flavorTitle : '…', check ? verdicts[check.verdict] ?? check.verdict : 'not checked yet'],
    ['Last mirrored byte', agent.lastMirrored ? ago(agent.lastMirrored, now) : 'none yet', agent.lastMirrored ? '' : 'since the agent started'],
    ['Cluster', other, trouble ? `${number(trouble)} of them with trouble` : members?.length ? 'all well' : 'it goes on looking'],
    ['Address', overlay.address ?? 'not yet', [overlay.zone ? `zone ${overlay.zone}` : '', overlay.sealed ? 'sealed' : 'INSECURE'].filter(Boolean).join(', ')],
    ['Announced', plural(overlay.announced, 'blob and tag', 'blobs and tags'), 'that the others are told of'],
    ['Refused or dropped', number(sum(overlay.refused) + sum(overlay.dropped)), reasons({ ...overlay.refused, ...overlay.dropped }) || 'no peer, no datagram'],
  ];
}

const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);

const reasons = (counts) => Object.entries(counts).map(([reason, count]) => `${number(count)} ${reason}`).join(', ');

const drawFact = ([name, value, remark]) => h('div', {}, h('dt', {}, name), h('dd', {}, value, remark ? h('small', {}, remark) : null));

/** Where this node's containerd got its bytes from: the share that peers saved is the answer to "what is it good for". */
function drawSources(totals) {
  const given = totals.localBytes + totals.peerBytes;
  const share = given ? Math.round((100 * totals.peerBytes) / given) : 0;
  const meter = h('div', { class: 'meter', role: 'img', 'aria-label': `${share} % from other nodes, ${100 - share} % from this node` },
    part('from-peers', totals.peerBytes), part('from-local', totals.localBytes));
  return h('div', { class: 'sources' },
    h('h3', {}, 'Bytes since the agent started'),
    given ? meter : null,
    h('dl', { class: 'facts six' },
      keyed('from-peers', 'From other nodes', bytes(totals.peerBytes), given ? `${share} % of what containerd got here` : 'nothing asked for yet'),
      keyed('from-local', 'From this node', bytes(totals.localBytes), ''),
      keyed('to-peers', 'To other nodes', bytes(totals.uploadedBytes), ''),
      keyed('', 'Left to upstream', plural(totals.misses, 'request'), 'nobody had it'),
      keyed('', 'Went on elsewhere', plural(totals.resumptions, 'transfer'), 'a node failed in the middle'),
      keyed(totals.wrongDigests ? 'bad-key' : '', 'Wrong bytes', plural(totals.wrongDigests, 'content'), 'refused, never committed')));
}

function part(name, size) {
  const bar = h('span', { class: name });
  bar.style.flexGrow = String(size);
  return bar;
}

const keyed = (key, name, value, remark) =>
  h('div', { class: key ? `keyed ${key}` : null }, h('dt', {}, name), h('dd', {}, value, remark ? h('small', {}, remark) : null));
