// The node that this page is about.
export const node = { name: '', zone: '', address: '', version: '' };

export function ownNode({ nodeName, version, overlay }) {
  Object.assign(node, { name: nodeName, zone: overlay.zone, address: overlay.address ?? 'not yet', version });
}
