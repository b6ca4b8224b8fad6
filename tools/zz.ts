import { writeFileSync, mkdirSync } from 'fs';
import { generateMesh } from '/tmp/w7x/tools/bench/mesh';
const objects = generateMesh({ workloads: 7000, policies: 1000, rules: 1000 }, 'friendly');
mkdirSync('/tmp/d7/10k', { recursive: true });
const yaml = require('/tmp/w7x/node_modules/yaml');
const doc = (o: any) => yaml.stringify(o.body);
writeFileSync('/tmp/d7/10k/a.yaml', objects.map(doc).join('---\n'));
writeFileSync('/tmp/d7/10k/b.yaml', objects.filter((o: any, i: number) => o.kind !== 'PeerAuthentication' || i % 3 > 0).map(doc).join('---\n'));
