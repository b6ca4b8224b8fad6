import { measureModel } from './model';

/*
 * Measures the model in a process that has done nothing else: a synth leaves a
 * large heap behind, in which the collector falls into another rhythm.
 */
process.stdout.write(JSON.stringify(measureModel()));
