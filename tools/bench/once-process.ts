import { answerAll } from './answer-all';
import { generateMesh, MeshSize } from './mesh';
import { Mesh } from '../../src/mesh/mesh';
import { resolveSettings } from '../../src/mesh/settings';

/* Answers for one mesh, once, and writes how many milliseconds it took. */
const objects = generateMesh(JSON.parse(process.argv[2]) as MeshSize, 'friendly');
const start = process.hrtime.bigint();
answerAll(new Mesh(objects, resolveSettings()).model);
process.stdout.write(String(Number(process.hrtime.bigint() - start) / 1e6));
