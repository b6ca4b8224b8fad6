import { MODEL_PARTS } from './model';

/*
 * Measures one part of the model in a process that has done nothing else: what
 * was measured before leaves a heap behind in which the collector falls into
 * another rhythm, and code that V8 has made for other sizes.
 */
process.stdout.write(JSON.stringify(MODEL_PARTS[process.argv[2]].measure()));
