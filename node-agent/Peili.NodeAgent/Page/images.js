import { byId, h, renderList, setText } from './dom.js';
import { copyable } from './copy.js';
import { bytes, number, plural, shortDigest } from './format.js';

const filter = byId('images-filter');
let after = '';
let next = null;
let changes = -1;
let asked = 0;
let waiting = 0;

filter.addEventListener('input', () => {
  after = '';
  later(250);
});
byId('images-next').addEventListener('click', () => turn(next ?? ''));
byId('images-first').addEventListener('click', () => turn(''));

/** Told with every summary; asks anew where containerd's images are others than before. */
export function imagesChanged(count) {
  if (count === changes) return;
  later(changes < 0 ? 0 : 1000);
  changes = count;
}

function later(delay) {
  clearTimeout(waiting);
  waiting = setTimeout(load, delay);
}

async function turn(to) {
  after = to;
  await load();
  byId('images-title').scrollIntoView({ block: 'start' });
}

async function load() {
  const number = ++asked;
  try {
    const answer = await fetch(`/images?filter=${encodeURIComponent(filter.value.trim())}&after=${encodeURIComponent(after)}`);
    if (!answer.ok) throw new Error((await answer.text()).trim());
    const report = await answer.json();
    if (number === asked) show(report);
  } catch (error) {
    if (number === asked) setText(byId('images-summary'), `The list cannot be had: ${error.message}`);
  }
}

function show({ total, matching, images, next: following }) {
  next = following;
  const filtered = filter.value.trim() !== '';
  setText(byId('images-summary'), total === 0 ? '' : filtered ? `${number(matching)} of ${plural(total, 'image')}` : plural(total, 'image'));
  renderList(byId('images-list'), images, (image) => image.name, make, update);
  const empty = byId('images-empty');
  empty.hidden = images.length > 0;
  setText(empty, total === 0 ? 'containerd holds no image here yet.' : 'No image of this node has that in a name or digest.');
  byId('images-pager').hidden = !after && !next;
  byId('images-first').disabled = !after;
  byId('images-next').disabled = !next;
}

const make = () => h('li', {}, h('details', {}, h('summary'), h('div', { class: 'image-body' })));

function update(item, image) {
  const [summary, body] = item.firstElementChild.children;
  summary.replaceChildren(
    h('span', { class: 'image-name' }, image.name),
    h('span', { class: 'muted image-size' }, `${bytes(image.size)}, ${plural(image.blobCount, 'blob')}`));
  body.replaceChildren(
    h('p', {}, copyable(image.name, image.name, 'the name')),
    h('p', {}, copyable(image.digest, image.digest, 'the digest')),
    image.otherNames.length ? h('p', { class: 'muted' }, `Also: ${image.otherNames.join(', ')}`) : '',
    blobs(image));
}

function blobs(image) {
  return h('table', {},
    h('caption', {}, image.blobs.length < image.blobCount ? `The ${image.blobs.length} largest of ${image.blobCount} blobs` : 'Blobs on this node'),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Digest'), h('th', { scope: 'col', class: 'count' }, 'Size'))),
    h('tbody', {}, ...image.blobs.map((blob) => h('tr', {},
      h('td', {}, copyable(blob.digest, shortDigest(blob.digest), 'the digest')),
      h('td', { class: 'count' }, bytes(blob.size))))));
}
