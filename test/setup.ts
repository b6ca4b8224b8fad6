import * as fc from 'fast-check';

// The same runs on every machine; FC_SEED=… explores others.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20261124) });
