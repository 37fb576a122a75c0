import { showConnection } from './connection.js';
import { listen } from './live.js';
import { showChecks } from './checks.js';
import { imagesChanged } from './images.js';
import { showMembers } from './members.js';
import { ownNode } from './node.js';
import { showCheckVerdict, showOverview, showOverviewMembers, tick } from './overview.js';
import { showProblems } from './problems.js';
import { showTransfers } from './transfers.js';
import './locate.js';

let summary = null;
let others = null;

const server = listen('/events', {
  summary: (shown) => {
    summary = shown;
    ownNode(shown.agent);
    if (others) showMembers(others);
    showOverview(summary, server.now());
    imagesChanged(shown.imageChanges);
  },
  members: (members) => {
    others = members;
    showOverviewMembers(members);
    showMembers(members);
  },
  transfers: showTransfers,
  check: (report) => {
    showCheckVerdict(report);
    showChecks(report);
  },
  problems: (problems) => showProblems(problems, server.now()),
}, showConnection);

// Times that are told as "3 min ago" go on by themselves.
setInterval(() => summary && tick(summary, server.now()), 5000);
