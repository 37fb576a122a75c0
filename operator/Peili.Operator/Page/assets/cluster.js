import { showConnection } from './connection.js';
import { listen } from './live.js';
import { showColdStarts } from './cold-starts.js';
import { showKinds } from './kinds.js';
import { showMirrors } from './mirrors.js';
import { showNodes } from './nodes.js';
import { showOverview } from './cluster-overview.js';
import { showProblems } from './problems.js';
import { showSavings } from './savings.js';

const shown = { summary: null, nodes: [], savings: null };

const overview = () => shown.summary && showOverview(shown);

const server = listen('/events', {
  summary: (summary) => {
    shown.summary = summary;
    showMirrors(summary.mirrors);
    showKinds(summary.mirrors);
    overview();
  },
  nodes: (nodes) => {
    shown.nodes = nodes;
    showNodes(nodes);
    overview();
  },
  coldStarts: showColdStarts,
  savings: (savings) => {
    shown.savings = savings;
    showSavings(savings);
    overview();
  },
  problems: (problems) => showProblems(problems, server.now()),
}, showConnection);
