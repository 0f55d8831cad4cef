// Runs Vercel's detection over a tree as its own command line does: the folders of projects, then the frameworks of each.
// usage: node fs-detectors.mjs FOLDER_WITH_NODE_MODULES TREE
import { createRequire } from 'node:module';
import { resolve, join } from 'node:path';

const [, , peers, tree] = process.argv;
const require = createRequire(join(resolve(peers), 'index.js'));
const { LocalFileSystemDetector, detectFrameworks, getProjectPaths } = require('@vercel/fs-detectors');
const { frameworkList } = require('@vercel/frameworks');

const root = new LocalFileSystemDetector(resolve(tree));
const projects = await getProjectPaths({ fs: root });
const found = {};
for (const project of new Set(['', ...projects])) {
  const fs = project ? root.chdir(project) : root;
  const frameworks = await detectFrameworks({ fs, frameworkList });
  if (frameworks.length > 0) found[project || '.'] = frameworks.map((one) => one.slug);
}
console.log(JSON.stringify(found));
