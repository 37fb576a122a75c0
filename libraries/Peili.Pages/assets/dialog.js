import { byId, render, setText } from './dom.js';

const dialog = byId('details');
let shown = null;

byId('details-close').addEventListener('click', () => dialog.close());
dialog.addEventListener('click', (event) => {
  if (event.target === dialog) dialog.close();
});
dialog.addEventListener('close', () => {
  shown = null;
});

/** Opens the page's dialog: Escape closes it, and the focus comes back to where it was. */
export function openDialog(title, item, draw) {
  setText(byId('details-title'), title);
  render(byId('details-body'), item, draw);
  shown = { title, draw };
  if (!dialog.open) dialog.showModal();
}

/** What is open under this title goes on being true. */
export function refreshDialog(find) {
  const item = shown && find(shown.title);
  if (item) render(byId('details-body'), item, shown.draw);
}
