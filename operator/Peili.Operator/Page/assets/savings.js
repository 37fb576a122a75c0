import { byId, h, render } from './dom.js';
import { drawFacts } from './facts.js';
import { bytes, clock } from './format.js';

/** Six hours of five minutes each. */
const most = 72;
const [width, height] = [720, 120];

export function showSavings(savings) {
  render(byId('savings-body'), savings, draw);
}

function draw({ fromPeers, fromLocal, buckets }) {
  const given = fromPeers + fromLocal;
  const facts = drawFacts([
    [key('from-peers', 'From other nodes'), bytes(fromPeers), given ? `${Math.round((100 * fromPeers) / given)} % of what the agents gave` : 'nothing asked for yet'],
    [key('from-local', 'From the node’s own store'), bytes(fromLocal), ''],
  ]);
  const highest = Math.max(...buckets.map(sum), 1);
  const total = buckets.reduce((all, bucket) => all + sum(bucket), 0);
  if (total === 0) return [facts, h('p', { class: 'empty map-empty' }, `Nothing moved ${buckets.length ? `since ${clock(buckets[0].start)}` : 'yet'}. A chart of the last six hours begins with the first byte.`)];
  const highestText = `highest: ${bytes(highest)} in five minutes`;
  return [
    facts,
    h('figure', { class: 'chart' },
      chart(buckets, highest, `${bytes(total)} since ${clock(buckets[0].start)}, ${highestText}`),
      h('figcaption', {}, h('span', {}, `since ${clock(buckets[0].start)}, kept for six hours`), h('span', {}, highestText))),
    h('details', {}, h('summary', {}, 'The same as a table'), table(buckets)),
    h('p', { class: 'muted' }, 'Counters are read about once a minute. The six hours outlive a restart of the operator, but for its last minute; what an agent gave between the last reading and its own restart is missing.'),
  ];
}

const sum = (bucket) => bucket.fromPeers + bucket.fromLocal;

const key = (name, text) => h('span', { class: `key ${name}` }, text);

function chart(buckets, highest, label) {
  const svg = element('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': label });
  svg.append(element('line', { x1: 0, x2: width, y1: height - 0.5, y2: height - 0.5, class: 'axis' }));
  const step = width / most;
  buckets.forEach((bucket, place) => {
    const x = (most - buckets.length + place) * step + 1;
    const peers = (height * bucket.fromPeers) / highest;
    const local = (height * bucket.fromLocal) / highest;
    svg.append(bar(x, height - peers, step - 2, peers, 'from-peers'), bar(x, height - peers - local, step - 2, local, 'from-local'));
  });
  return svg;
}

const bar = (x, y, w, h2, name) => element('rect', { x, y, width: w, height: h2, class: name });

function element(tag, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

function table(buckets) {
  return h('table', {},
    h('caption', {}, 'Bytes in five minutes, the newest first'),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'From'), h('th', { scope: 'col', class: 'count' }, 'Other nodes'), h('th', { scope: 'col', class: 'count' }, 'Own store'))),
    h('tbody', {}, ...buckets.toReversed().map((bucket) => h('tr', {},
      h('th', { scope: 'row' }, clock(bucket.start)), h('td', { class: 'count' }, bytes(bucket.fromPeers)), h('td', { class: 'count' }, bytes(bucket.fromLocal))))));
}
