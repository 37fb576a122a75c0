// Small helpers over the DOM. Text is only ever set as text: names come from the network.

/** Makes an element: h('a', { href: '#x', class: 'y', onclick: f }, 'text', child). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** An icon of the page's own sprite. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** Sets text where it is another: a reader's selection and screen readers are left in peace otherwise. */
export function setText(element, text) {
  const wanted = String(text ?? '');
  if (element.textContent !== wanted) element.textContent = wanted;
}

export function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

/** Replaces the children where what they show has changed. */
export function render(element, shown, make) {
  const key = JSON.stringify(shown);
  if (element.shownKey === key) return;
  element.shownKey = key;
  element.replaceChildren(...[make(shown)].flat().filter(Boolean));
}

/** Has one child for each item, in order. Children of items that stay are kept, and with them the focus. */
export function renderList(parent, items, keyOf, make, update) {
  const wanted = new Set(items.map(keyOf));
  for (const child of [...parent.children]) if (!wanted.has(child.itemKey)) child.remove();
  const before = new Map([...parent.children].map((child) => [child.itemKey, child]));
  let place = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    let child = before.get(key);
    if (!child) {
      child = make(item);
      child.itemKey = key;
    }
    const shown = JSON.stringify(item);
    if (child.shown !== shown) {
      child.shown = shown;
      update(child, item);
    }
    if (child === place) place = place.nextElementSibling;
    else parent.insertBefore(child, place);
  }
}
