import { h, icon } from './dom.js';

/** A button that copies a text, whole, however short it is shown. */
export function copyButton(text, what) {
  const label = `Copy ${what}`;
  const button = h('button', { type: 'button', class: 'copy', 'aria-label': label, title: label }, icon('copy'));
  let back;
  button.addEventListener('click', async () => {
    const done = await copy(text);
    button.replaceChildren(icon(done ? 'check' : 'cross'));
    button.classList.toggle('copied', done);
    button.setAttribute('aria-label', done ? `Copied ${what}` : `Could not copy ${what}: select it and press Ctrl+C`);
    clearTimeout(back);
    back = setTimeout(() => {
      button.replaceChildren(icon('copy'));
      button.classList.remove('copied');
      button.setAttribute('aria-label', label);
    }, 2000);
  });
  return button;
}

/** A digest or name that may be cut off, with its button; of a place in a file the end matters, and so it wraps instead. */
export function copyable(text, shown, what, wraps = false) {
  return h('span', { class: wraps ? 'copyable wraps' : 'copyable' }, h('code', { title: text }, shown), copyButton(text, what));
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // no clipboard outside localhost and https
  }
}

function copyBySelection(text) {
  const field = h('textarea', { readonly: true, class: 'visually-hidden', 'aria-hidden': 'true' });
  field.value = text;
  const focused = document.activeElement;
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  focused?.focus();
  return done;
}
