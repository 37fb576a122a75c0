// The node that this page is about.
export const node = { name: '', zone: '' };

export function ownName(name, zone) {
  Object.assign(node, { name, zone });
}
